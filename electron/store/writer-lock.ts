/**
 * One writer per data folder. The lock is SQLite's on a file of its own, so the system lets go of it when the process
 * ends, however it ends: a stale lock cannot be.
 */
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { JournalError, journalErrorOf } from './journal-error.ts'

export type WriterLock = { readonly release: () => void }

/** @throws JournalError `locked` when another console has the folder, `read-only` or `disk-full` when it cannot be locked */
export function lockForWriting(dataDir: string): WriterLock {
  const path = join(dataDir, 'lock.db')
  let lock: Database.Database | null = null
  try {
    lock = new Database(path, { timeout: 0 })
    lock.pragma('journal_mode = DELETE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    const error = journalErrorOf(cause, path)
    if (error.code === 'not-found') {
      throw new JournalError('read-only', `The data folder ${dataDir} cannot be written. Check its permissions.`, {
        cause,
      })
    }
    if (error.code !== 'locked') throw error
    const message = `Another Holdpoint console has the data folder ${dataDir} open. Close it, or use another folder.`
    throw new JournalError('locked', message, { cause })
  }
  const held = lock
  return {
    release() {
      held.close()
    },
  }
}
