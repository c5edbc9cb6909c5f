/** Reads a journal beside its writer or by itself; writes nothing. */
import { join } from 'node:path'
import type { JournalReading } from './journal-reading.ts'
import { journalReading } from './journal-reading.ts'
import { JOURNAL_FILE, openForReading } from './database.ts'
import { JournalError, journalErrorOf } from './journal-error.ts'
import { rowsOf } from './rows.ts'

export type OpenReader = JournalReading & Disposable & { close(): void }

/**
 * @param file another file than the current incarnation's: `journal.<incarnation>.db`
 * @throws JournalError `not-found`, `newer-version`, `damaged`
 */
export function openReader({ dataDir, file = JOURNAL_FILE }: { dataDir: string; file?: string }): OpenReader {
  const path = join(dataDir, file)
  const open = openForReading(path)
  try {
    const rows = rowsOf(open.database)
    const origin = rows.meta('origin')
    if (origin === null) throw new JournalError('not-found', `The journal ${path} has not begun: it has no origin.`)
    return { ...journalReading(rows, origin), close: open.close, [Symbol.dispose]: open.close }
  } catch (cause) {
    open.close()
    throw journalErrorOf(cause, path)
  }
}
