/** Under the board: what is known of the chosen cell, and its output or the backout plan. Always the same choice. */
import { useState } from 'react'
import { backoutsOf } from '../../../shared/run/lookup.ts'
import { shownState, stepState } from '../../../shared/run/shown.ts'
import { BackoutPreview, BackoutProgress } from '../../parts/backout-list.tsx'
import { CellFacts } from '../../parts/cell-facts.tsx'
import { stepTitle } from '../../parts/cell-words.ts'
import { Cut } from '../../parts/cut.tsx'
import { Glyph } from '../../parts/glyph.tsx'
import { tailOf } from '../../parts/host-names.ts'
import { Panel } from '../../parts/panel.tsx'
import { Seg } from '../../parts/seg.tsx'
import { OutputPanel } from './output/output-panel.tsx'
import styles from './run.module.css'
import type { RunScene } from './scene.ts'

type Shown = 'output' | 'backout'

export function BottomPane(props: { readonly scene: RunScene }) {
  const { scene } = props
  const { run, words, chosen } = scene
  const [asked, setShown] = useState<Shown | null>(null)
  const isUndoing = backoutsOf(run).length > 0
  const shown = asked ?? 'output'
  const choice = (
    <Seg
      label="Shown here"
      isSmall
      value={shown}
      options={[
        { value: 'output', text: 'Output' },
        { value: 'backout', text: 'Backout plan' },
      ]}
      onChange={setShown}
    />
  )
  return (
    <div className={styles.pane} data-pane>
      {chosen === null ? (
        <Panel title="No step chosen">
          <p className={styles.hint}>Choose a step with the arrow keys, or click it.</p>
        </Panel>
      ) : (
        <Panel
          glyph={
            <Glyph
              state={chosen.target === null ? stepState(run, chosen.step) : shownState(run, chosen.step, chosen.target)}
            />
          }
          title={
            <Cut
              text={`${run.order.indexOf(chosen.step) + 1} ${chosen.target ?? ''}`.trim()}
              tail={tailOf(chosen.target ?? '')}
            />
          }
          note={stepTitle(words, chosen.step)}
        >
          <CellFacts run={run} words={words} step={chosen.step} target={chosen.target} zone={scene.zone} />
        </Panel>
      )}
      {shown === 'output' ? (
        <OutputPanel scene={scene} choice={choice} />
      ) : (
        <Panel
          title="Backout plan"
          note={isUndoing ? 'newest first' : 'what would be undone now, newest first'}
          aside={choice}
        >
          {isUndoing ? (
            <BackoutProgress run={run} words={words} />
          ) : (
            <BackoutPreview run={run} words={words} scope={{ kind: 'run' }} />
          )}
        </Panel>
      )}
    </div>
  )
}
