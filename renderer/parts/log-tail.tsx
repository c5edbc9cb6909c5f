/** The newest entries, newest first: the log as it grows. */
import type { Recorded } from '../../shared/model/events.ts'
import { showNumberOf } from '../../shared/text/quantity.ts'
import { msOf, showClockSeconds } from '../../shared/text/time.ts'
import { entryWords } from './entry-words.ts'
import { Glyph } from './glyph.tsx'
import styles from './log-tail.module.css'
import { Panel } from './panel.tsx'

export function LogTail(props: {
  readonly entries: readonly Recorded[]
  readonly total: number
  readonly zone: string
  readonly rows: number
  readonly linkTo: (seq: number) => string
}) {
  return (
    <Panel title="Log" note={`${showNumberOf(props.total, 'entry', 'entries')} of this run`} className={styles.tail}>
      <ol style={{ height: props.rows * 24 + 10 }}>
        {props.entries
          .slice(-props.rows)
          .toReversed()
          .map((entry) => {
            const { about, state } = entryWords(entry)
            return (
              <li key={`${entry.ref.origin} ${entry.ref.seq}`}>
                <a href={props.linkTo(entry.ref.seq)}>
                  <span className={styles.seq}>{entry.ref.seq}</span>
                  <span className={styles.at}>{showClockSeconds(msOf(entry.at), props.zone)}</span>
                  <span>{state === null ? null : <Glyph state={state} size={10} />}</span>
                  <span className={styles.what}>
                    {entry.type} <span>{about}</span>
                  </span>
                </a>
              </li>
            )
          })}
      </ol>
    </Panel>
  )
}
