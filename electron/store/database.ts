/** Opens the journal's SQLite file: for writing (durable, migrated) or for reading (leaves it as it is). */
import Database from 'better-sqlite3'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseVersion } from './database-version.ts'
import { JournalError, journalErrorOf } from './journal-error.ts'
import { MIGRATIONS } from './migrations/list.ts'

export const JOURNAL_FILE = 'journal.db'

/** @throws JournalError `newer-version` (the file is untouched), `damaged`, `locked`, `read-only`, `disk-full` */
export function openForWriting(path: string): Database.Database {
  refuseNewer(path)
  let database: Database.Database | null = null
  try {
    // Only a reader's snapshot or a checkpoint can be in the way, and briefly: there is one writer.
    database = new Database(path, { timeout: 5000 })
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    // macOS: fsync alone leaves bytes in the drive's cache.
    database.pragma('fullfsync = ON')
    database.pragma('checkpoint_fullfsync = ON')
    migrate(database)
    return database
  } catch (cause) {
    database?.close()
    throw journalErrorOf(cause, path)
  }
}

function migrate(database: Database.Database): void {
  const version = Number(database.pragma('user_version', { simple: true }))
  if (version >= MIGRATIONS.length) return
  database.transaction(() => {
    for (const sql of MIGRATIONS.slice(version)) database.exec(sql)
    database.pragma(`user_version = ${MIGRATIONS.length}`)
  })()
}

/**
 * Opens beside a writer or by itself. Where the folder cannot be written (SQLite needs to, for its shared memory), a
 * private copy is read instead.
 * @throws JournalError `not-found`, `newer-version`, `damaged`
 */
export function openForReading(path: string): { readonly database: Database.Database; readonly close: () => void } {
  if (!existsSync(path)) throw new JournalError('not-found', `There is no journal in this folder: ${path} is missing.`)
  refuseNewer(path)
  try {
    const database = openReadOnly(path)
    return { database, close: () => database.close() }
  } catch (cause) {
    const error = journalErrorOf(cause, path)
    if (error.code !== 'read-only' && error.code !== 'not-found') throw error
    return openCopy(path)
  }
}

function openReadOnly(path: string): Database.Database {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

function openCopy(path: string): { readonly database: Database.Database; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-read-'))
  const close = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, JOURNAL_FILE)
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) cpSync(path + suffix, copy + suffix)
    const database = openReadOnly(copy)
    return {
      database,
      close() {
        database.close()
        close()
      },
    }
  } catch (cause) {
    close()
    throw journalErrorOf(cause, path)
  }
}

function refuseNewer(path: string): void {
  const version = databaseVersion(path)
  if (version === null) throw new JournalError('damaged', `${path} is not a journal: it is no SQLite database.`)
  if (version > MIGRATIONS.length) {
    const message = `${path} was written by a newer Holdpoint (format ${version}; this one knows ${MIGRATIONS.length}). It was not touched. Use the newer version.`
    throw new JournalError('newer-version', message)
  }
}
