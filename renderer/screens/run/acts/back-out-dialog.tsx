/** Back out: from one step to the whole run. Shows the plan, says what ends when, asks for the scope in letters. */
import { useState } from 'react'
import type { BackoutScope } from '../../../../shared/model/events.ts'
import { effectsOf } from '../../../../shared/run/effects.ts'
import { cellsOf } from '../../../../shared/run/lookup.ts'
import { backoutOptions } from '../../../../shared/run/questions-backout.ts'
import { latestBackoutStart } from '../../../../shared/run/schedule.ts'
import { showDuration } from '../../../../shared/text/duration.ts'
import { showClockInZone } from '../../../../shared/text/time.ts'
import { scopeToType } from '../../../parts/answer-words.ts'
import { BackoutPreview } from '../../../parts/backout-list.tsx'
import { cellTitle, scopeWords } from '../../../parts/cell-words.ts'
import { Facts } from '../../../parts/dialog.tsx'
import { TextArea } from '../../../parts/field.tsx'
import { State } from '../../../parts/glyph.tsx'
import type { RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import styles from './acts.module.css'
import { Choices } from './choices.tsx'

export function BackOutDialog(props: { readonly scene: RunScene; readonly onClose: () => void }) {
  const { scene } = props
  const { run, words, chosen } = scene
  const options = backoutOptions(
    run,
    chosen === null ? null : { step: chosen.step, target: chosen.target ?? '-' },
  ).toReversed()
  const [key, setKey] = useState(options[0]?.key ?? '')
  const [reason, setReason] = useState('')
  const option = options.find((one) => one.key === key)
  if (option === undefined || option.command.do !== 'backOut') {
    return (
      <ActForm
        scene={scene}
        title="Back out"
        act={null}
        missing="Backing out is not offered any more."
        sign="Sign and back out"
        onClose={props.onClose}
      >
        <p className={styles.text}>
          {run.noReturn === null
            ? 'Nothing can be backed out now.'
            : 'The point of no return is passed: what remains is to fix forward.'}
        </p>
      </ActForm>
    )
  }
  const act = { ...option.command, reason: reason.trim() }
  const effect = effectsOf(run, act, scene.reckonedMs)
  return (
    <ActForm
      scene={scene}
      title="Back out"
      act={act}
      missing={reason.trim() === '' ? 'Write the reason first.' : null}
      sign={`Sign and back out ${scopeWords(act.scope, words)}`}
      isDanger
      scope={scopeToType(option, effect, words)}
      harmless="Keep going"
      onClose={props.onClose}
    >
      <Choices
        label="Scope"
        value={key}
        options={options.flatMap((one) =>
          one.command.do === 'backOut' ? [{ value: one.key, title: scopeTitle(one.command.scope, scene) }] : [],
        )}
        onChange={setKey}
      />
      <div className={styles.plan}>
        <BackoutPreview run={run} words={words} scope={act.scope} />
      </div>
      <Facts rows={facts(scene, act.scope)} />
      <TextArea label="Reason, required" value={reason} onChange={setReason} />
    </ActForm>
  )
}

function scopeTitle(scope: BackoutScope, scene: RunScene): string {
  const title = scopeWords(scope, scene.words)
  return scope.kind === 'host' ? `Everything on ${title}` : title.charAt(0).toUpperCase() + title.slice(1)
}

function facts(scene: RunScene, scope: BackoutScope) {
  const { run, words, nowMs, zone } = scene
  const latest = latestBackoutStart(run)
  const unknown = run.order
    .flatMap((id) => cellsOf(run, id))
    .filter((cell) => cell.state === 'unknown' && cell.open === null)
  const rows = []
  if (scope.kind === 'run' && latest !== null) {
    rows.push({
      term: 'Ends',
      value: `${showClockInZone(nowMs + latest.backoutMs, zone)}, ${
        latest.atMs >= nowMs
          ? `${showDuration(latest.atMs - nowMs)} in hand`
          : `${showDuration(nowMs - latest.atMs)} past the window`
      }`,
    })
  }
  const first = unknown[0]
  if (first !== undefined) {
    rows.push({
      term: 'First',
      value: <State state="unknown">{cellTitle(words, first.step, first.target)} must be settled</State>,
    })
  }
  return rows
}
