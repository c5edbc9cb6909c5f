/** One entry in the table. */
import { IconKey } from '@tabler/icons-react'
import { memo } from 'react'
import type { Recorded } from '../../../shared/model/events.ts'
import { cutMiddle } from '../../../shared/text/cut.ts'
import { showCount } from '../../../shared/text/quantity.ts'
import { msOf, showClockSeconds, zoneName } from '../../../shared/text/time.ts'
import { classes } from '../../parts/classes.ts'
import { Glyph, State } from '../../parts/glyph.tsx'
import { problemWord } from '../../parts/problem-words.ts'
import { writeRoute } from '../../store/route.ts'
import { aboutEntry } from './about.ts'
import type { Checked } from './checked.ts'
import styles from './log-table.module.css'
import { Redacted } from './redacted.tsx'
import { showShortDay } from './times.ts'

export function rowId(table: string, seq: number): string {
  return `${table}-${seq}`
}

type Props = {
  readonly id: string
  readonly seq: number
  readonly entry: Recorded | null
  readonly index: number
  readonly top: number
  readonly isChosen: boolean
  readonly checked: Checked | null
  readonly zone: string
  readonly headZone: string
  /** Characters that fit the column; the whole name stands in the entry. */
  readonly nameLength: number
  readonly onChoose: (seq: number) => void
}

export const LogRow = memo(function LogRow(props: Props) {
  const { seq, entry } = props
  const problem = props.checked?.codes.get(seq) ?? null
  return (
    // The table takes the keys; a click is the same for a pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.isChosen}
      className={classes(styles.row, styles.entry, problem !== null && styles.bad, props.isChosen && styles.chosen)}
      style={{ top: props.top }}
      onClick={() => props.onChoose(seq)}
    >
      <span role="gridcell" className={styles.num}>
        {showCount(seq)}
      </span>
      {entry === null ? (
        <span role="gridcell" className={styles.unread} aria-colspan={7} aria-label="not read yet">
          <i />
        </span>
      ) : (
        <Cells {...props} entry={entry} problem={problem} />
      )}
    </div>
  )
})

function Cells(props: Props & { readonly entry: Recorded; readonly problem: string | null }) {
  const { entry } = props
  const { about, state } = aboutEntry(entry)
  const ms = msOf(entry.at)
  const zone = zoneName(ms, props.zone)
  return (
    <>
      <span role="gridcell" className={styles.at}>
        <span className={styles.dim}>{showShortDay(ms, props.zone)}</span> {showClockSeconds(ms, props.zone)}
        <span className={styles.ms}>.{String(ms % 1000).padStart(3, '0')}</span>
        {zone === props.headZone ? '' : <span className={styles.dim}> {zone}</span>}
      </span>
      <span role="gridcell" className={styles.mark}>
        {entry.act !== null ? (
          <IconKey size={13} stroke={1.5} role="img" aria-label="act of a person" />
        ) : state === null ? null : (
          <Glyph state={state} isLabelled />
        )}
      </span>
      <span role="gridcell">{entry.type}</span>
      <span role="gridcell" className={styles.about} title={about}>
        {about}
        {entry.text === null ? <Redacted isShort /> : null}
      </span>
      <span role="gridcell" className={entry.act === null ? styles.dim : undefined} title={entry.act?.name}>
        {cutMiddle(entry.act?.name ?? 'console', props.nameLength)}
      </span>
      <span role="gridcell" className={styles.cause}>
        <Cause cause={entry.cause} />
      </span>
      <span role="gridcell">
        <Proof {...props} />
      </span>
    </>
  )
}

function Cause(props: { readonly cause: Recorded['cause'] }) {
  const { cause } = props
  if (cause === null) return null
  if (typeof cause === 'string') return <span title={cause}>other log</span>
  return (
    <a
      href={writeRoute({ page: 'log', seq: cause })}
      tabIndex={-1}
      onClick={(event) => event.stopPropagation()}
      aria-label={`Entry ${cause}, the act that authorised it`}
    >
      {showCount(cause)}
    </a>
  )
}

/** Never more than is known: before a verification, that a signature and a seal are there. */
function Proof(props: { readonly entry: Recorded; readonly problem: string | null; readonly checked: Checked | null }) {
  const { entry, problem, checked } = props
  if (problem !== null) return <State state="failed">{problemWord(problem)}</State>
  const isRead = checked !== null && entry.ref.seq < checked.size
  if (entry.act !== null) return isRead ? <State state="passed">signature good</State> : <>signed</>
  return <span className={styles.dim}>{isRead ? 'bound by seal' : 'sealed'}</span>
}
