/** What is where: this disk, the archive, and how far the two are apart. */
import type { Status } from '../../../shared/api/console.ts'
import { showCount } from '../../../shared/text/quantity.ts'
import { foundWords } from '../../parts/archive-words.ts'
import { classes } from '../../parts/classes.ts'
import { State } from '../../parts/glyph.tsx'
import { shortHash } from '../../parts/origin-words.ts'
import { Panel } from '../../parts/panel.tsx'
import table from '../../parts/table.module.css'
import { answerOf, type Job } from '../../store/jobs.ts'
import styles from './archive.module.css'
import { showMoment } from './times.ts'

export function WhatIsWhere(props: { readonly status: Status; readonly checked: Job['ended']; readonly zone: string }) {
  const { zone } = props
  const { log, archive } = props.status
  const { receipt } = archive
  const { state, word } = foundWords(archive, answerOf(props.checked))
  return (
    <Panel title="What is where" className={styles.section}>
      <table className={classes(table.table, table.tall)}>
        <thead>
          <tr>
            <th>Place</th>
            <th className={table.num}>Entries</th>
            <th>State</th>
            <th>Root</th>
            <th>Sealed, read back</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td className={table.strong}>This disk</td>
            <td className={table.num}>{showCount(log.size)}</td>
            <td>
              {log.sealedAt === null ? (
                <State state="waiting">no seal yet</State>
              ) : (
                <State state="passed">sealed</State>
              )}
            </td>
            <td className={classes(table.mono, table.mid)} title={log.root}>
              {shortHash(log.root)}
            </td>
            <td className={table.mid}>{log.sealedAt === null ? '–' : showMoment(log.sealedAt, zone)}</td>
          </tr>
          <tr>
            <td className={table.strong}>Archive</td>
            <td className={table.num}>{receipt === null ? '–' : showCount(receipt.size)}</td>
            <td>
              <State state={state}>{word}</State>
            </td>
            <td className={classes(table.mono, table.mid)} title={receipt?.root}>
              {receipt === null ? '–' : shortHash(receipt.root)}
            </td>
            <td className={table.mid}>{receipt === null ? 'never' : showMoment(receipt.at, zone)}</td>
          </tr>
        </tbody>
      </table>
      <p className={styles.below}>
        The archive’s row says what was read back over a fresh connection, byte for byte; what was sent and not read
        back does not count. The receipt of that is itself an entry, so this disk is at least one ahead, and the roots
        differ.
      </p>
    </Panel>
  )
}
