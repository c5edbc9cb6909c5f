/** Runs that are open, and runbooks from which one can be planned. */
import type { RunbookSummary } from '../../../shared/api/runbooks.ts'
import type { RunSummary } from '../../../shared/api/runs.ts'
import type { PlanWindow } from '../../../shared/model/plan.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { msOf, showClock, showDay, zoneName } from '../../../shared/text/time.ts'
import { classes } from '../../parts/classes.ts'
import { Cut } from '../../parts/cut.tsx'
import { State } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { runState, runStateWord } from '../../parts/run-words.ts'
import table from '../../parts/table.module.css'
import { writeRoute } from '../../store/route.ts'
import styles from './home.module.css'

export function UpcomingTable(props: {
  readonly runs: readonly RunSummary[]
  readonly runbooks: readonly RunbookSummary[]
}) {
  const open = props.runs.filter((run) => run.phase !== 'closed')
  return (
    <Panel title="Running and upcoming" note={String(open.length + props.runbooks.length)} className={styles.section}>
      <table className={classes(table.table, table.tall, table.fixed, styles.upcoming)}>
        <thead>
          <tr>
            <th>Title</th>
            <th>Window</th>
            <th>State</th>
            <th>Kind</th>
            <th>Steps</th>
            <th>Lead</th>
          </tr>
        </thead>
        <tbody>
          {open.map((run) => (
            <tr key={run.run}>
              <td>
                <a className={table.strong} href={writeRoute({ page: 'run', run: run.run })}>
                  <Cut text={run.title} />
                </a>
              </td>
              <td>{run.window === null ? <span className={table.dim}>none</span> : <Window window={run.window} />}</td>
              <td>
                <State state={runState(run)}>{runStateWord(run)}</State>
              </td>
              <td className={table.mid}>
                {run.mode}
                {run.isPractice ? ', practice' : ''}
              </td>
              <td className={table.mid}>{progressWord(run)}</td>
              <td className={table.mid}>{run.lead}</td>
            </tr>
          ))}
          {props.runbooks.map((book) => (
            <tr key={book.id}>
              <td>
                <a className={table.strong} href={writeRoute({ page: 'runbook', id: book.id })}>
                  <Cut text={book.title} />
                </a>
              </td>
              <td>
                {book.window === null ? <span className={table.dim}>none</span> : <Window window={book.window} />}
              </td>
              <td>
                <BookState book={book} />
              </td>
              <td className={table.mid}>{book.isSample ? 'sample runbook' : 'runbook'}</td>
              <td className={table.mid}>{showNumberOf(book.steps, 'step')}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function BookState(props: { readonly book: RunbookSummary }) {
  const { faults, warnings } = props.book
  if (faults > 0) return <State state="failed">{showNumberOf(faults, 'fault')}</State>
  if (warnings > 0) return <State state="warned">{showNumberOf(warnings, 'warning')}</State>
  return <State state="ready">ready to run</State>
}

function Window(props: { readonly window: PlanWindow }) {
  const { start, end, zone } = props.window
  const day = showDay(msOf(start), zone).replace(/ \d{4}$/, '')
  return (
    <>
      {day} {showClock(msOf(start), zone)}–{showClock(msOf(end), zone)}{' '}
      <span className={table.dim}>{zoneName(msOf(start), zone)}</span>
    </>
  )
}

function progressWord(run: RunSummary): string {
  const count = (state: string): number => run.counts[state] ?? 0
  const total = Object.values(run.counts).reduce((sum, one) => sum + one, 0)
  const done = count('passed') + count('warned') + count('skipped')
  return run.phase === 'planned' ? 'not started' : `${done} of ${total} done`
}
