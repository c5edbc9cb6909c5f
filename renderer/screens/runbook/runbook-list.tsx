/** All runbooks that this console knows. */
import type { RunbookSummary } from '../../../shared/api/runbooks.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { msOf, showRange } from '../../../shared/text/time.ts'
import { classes } from '../../parts/classes.ts'
import { Empty, LoadingRows } from '../../parts/empty.tsx'
import { State } from '../../parts/glyph.tsx'
import { TopBar } from '../../parts/page.tsx'
import table from '../../parts/table.module.css'
import { writeRoute } from '../../store/route.ts'
import styles from './runbook.module.css'

export function RunbookList(props: { readonly runbooks: readonly RunbookSummary[] | null }) {
  const { runbooks } = props
  return (
    <>
      <TopBar title="Runbooks" note={runbooks === null ? undefined : String(runbooks.length)} />
      <div className={styles.list}>
        {runbooks === null ? <LoadingRows what="Reading the runbooks" height={32} /> : null}
        {runbooks?.length === 0 ? (
          <Empty title="No runbook yet">
            Open one from Changes: a runbook.yaml with hosts.yaml and scripts beside it.
          </Empty>
        ) : null}
        {runbooks === null || runbooks.length === 0 ? null : (
          <table className={classes(table.table, table.tall)}>
            <thead>
              <tr>
                <th>Title</th>
                <th>State</th>
                <th className={table.num}>Steps</th>
                <th>Window</th>
                <th>File</th>
              </tr>
            </thead>
            <tbody>
              {runbooks.map((book) => (
                <tr key={book.id}>
                  <td>
                    <a className={table.strong} href={writeRoute({ page: 'runbook', id: book.id })}>
                      {book.title}
                    </a>
                  </td>
                  <td>
                    {book.faults > 0 ? (
                      <State state="failed">{showNumberOf(book.faults, 'fault')}</State>
                    ) : (
                      <State state="ready">ready to run</State>
                    )}
                  </td>
                  <td className={table.num}>{book.steps}</td>
                  <td className={table.mid}>
                    {book.window === null
                      ? 'none'
                      : showRange(msOf(book.window.start), msOf(book.window.end), book.window.zone)}
                  </td>
                  <td className={classes(table.mid, table.mono)}>{book.path}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  )
}
