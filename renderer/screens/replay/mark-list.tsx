/** What stands out, in order of time. */
import { IconKey } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { showClockSeconds } from '../../../shared/text/time.ts'
import { classes } from '../../parts/classes.ts'
import { Glyph } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Seg } from '../../parts/seg.tsx'
import type { Mark } from './marks.ts'
import styles from './replay.module.css'

export function MarkList(props: {
  readonly marks: readonly Mark[]
  readonly index: number
  readonly zone: string
  readonly onGo: (index: number) => void
}) {
  const [shown, setShown] = useState<'all' | 'decisions'>('all')
  const current = useRef<HTMLButtonElement>(null)
  const marks = props.marks.filter((mark) => shown === 'all' || mark.decision !== null)
  const reached = marks.findLast((mark) => mark.index <= props.index)
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [reached?.index])
  return (
    <Panel
      title="Marks"
      note={String(marks.length)}
      className={styles.marks}
      aside={
        <Seg
          label="Marks shown"
          value={shown}
          options={[
            { value: 'all', text: 'All' },
            { value: 'decisions', text: 'Decisions' },
          ]}
          onChange={setShown}
        />
      }
    >
      <ol className={styles.markList}>
        {marks.map((mark) => (
          <li key={mark.index}>
            <button
              type="button"
              ref={mark === reached ? current : undefined}
              className={classes(mark === reached && styles.reached, mark.index > props.index && styles.later)}
              aria-current={mark.index === props.index ? 'step' : undefined}
              onClick={() => props.onGo(mark.index)}
            >
              <span className={styles.time}>{showClockSeconds(mark.ms, props.zone)}</span>
              {mark.decision === null ? (
                <Glyph state={mark.state ?? 'warned'} isLabelled />
              ) : (
                <IconKey size={12} stroke={1.5} role="img" aria-label="decision" />
              )}
              <span>
                <span>
                  {mark.decision === null ? null : <b>D{mark.decision} </b>}
                  {mark.title}
                </span>
                <small>
                  entry {mark.seq}
                  {mark.by === null ? '' : `, ${mark.by}`}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
