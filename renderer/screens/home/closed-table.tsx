/** Runs that are over, newest first; each leads to its replay. */
import type { RunSummary } from '../../../shared/api/runs.ts'
import { showDuration } from '../../../shared/text/duration.ts'
import { msOf, showClockInZone, showDay } from '../../../shared/text/time.ts'
import { classes } from '../../parts/classes.ts'
import { Cut } from '../../parts/cut.tsx'
import { State } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { runState, runStateWord } from '../../parts/run-words.ts'
import table from '../../parts/table.module.css'
import { localZone } from '../../parts/zone.ts'
import { writeRoute } from '../../store/route.ts'
import styles from './home.module.css'

export function ClosedTable(props: { readonly runs: readonly RunSummary[] }) {
  const closed = props.runs
    .filter((run) => run.phase === 'closed')
    .toSorted((a, b) => ((a.closedAt ?? '') < (b.closedAt ?? '') ? 1 : -1))
  if (closed.length === 0) return null
  return (
    <Panel title="Closed" note={String(closed.length)} className={styles.section}>
      <table className={classes(table.table, table.tall, table.fixed, styles.closed)}>
        <thead>
          <tr>
            <th>Title</th>
            <th>Closed</th>
            <th>Outcome</th>
            <th>Kind</th>
            <th>Took</th>
            <th>Replay</th>
          </tr>
        </thead>
        <tbody>
          {closed.map((run) => (
            <tr key={run.run}>
              <td>
                <a className={table.strong} href={writeRoute({ page: 'run', run: run.run })}>
                  <Cut text={run.title} />
                </a>
              </td>
              <td>{run.closedAt === null ? '' : closedWhen(run.closedAt)}</td>
              <td>
                <State state={runState(run)}>{runStateWord(run)}</State>
              </td>
              <td className={table.mid}>
                {run.mode}
                {run.isPractice ? ', practice' : ''}
              </td>
              <td className={table.mid}>{tookWord(run)}</td>
              <td>
                <a
                  href={writeRoute({ page: 'replay', run: run.run, seq: null })}
                  className={table.mid}
                  aria-label={`Replay ${run.title}, ${run.run}`}
                >
                  Replay
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function closedWhen(at: string): string {
  const ms = msOf(at)
  return `${showDay(ms, localZone()).replace(/ \d{4}$/, '')}, ${showClockInZone(ms, localZone())}`
}

function tookWord(run: RunSummary): string {
  return run.startedAt === null || run.closedAt === null
    ? 'not started'
    : showDuration(msOf(run.closedAt) - msOf(run.startedAt))
}
