/** Earlier incarnations of a journal: kept beside the one being written, whole, under their own names. */
import Database from 'better-sqlite3'
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../disk/durable-file.ts'
import { Origin } from '../../shared/model/words.ts'
import type { Head } from '../engine/ports.ts'
import { JOURNAL_FILE, openForReading } from './database.ts'
import type { Operator } from './entry-index.ts'
import { headOf, journalReading } from './journal-reading.ts'
import { rowsOf } from './rows.ts'

const KEPT = /^journal\.([0-9a-f]{8})(-\d+)?\.db$/

/** Names of the files of earlier incarnations, oldest first. */
export function keptIncarnations(dataDir: string): readonly string[] {
  if (!existsSync(dataDir)) return []
  return readdirSync(dataDir)
    .filter((name) => KEPT.test(name))
    .map((name) => ({ name, at: statSync(join(dataDir, name)).mtimeMs }))
    .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name)
}

export type Previous = {
  readonly origin: string | null
  readonly head: Head | null
  readonly operators: readonly Operator[]
}

/** What can still be read of a journal that is not gone on with. Nothing of it is trusted to be there. */
export function readPrevious(path: string): Previous {
  const previous: { -readonly [K in keyof Previous]: Previous[K] } = { origin: null, head: null, operators: [] }
  try {
    const open = openForReading(path)
    try {
      const rows = rowsOf(open.database)
      const origin = Origin.safeParse(rows.meta('origin'))
      previous.origin = origin.success ? origin.data : null
      previous.head = headOf(rows)
      previous.operators = journalReading(rows, previous.origin ?? '').operators()
    } finally {
      open.close()
    }
  } catch {
    // Whatever could be read before it broke.
  }
  return previous
}

/** Renames the journal out of the way. Afterwards the folder has no `journal.db`. */
export async function putAside(dataDir: string, origin: string | null): Promise<void> {
  const path = join(dataDir, JOURNAL_FILE)
  if (!existsSync(path)) return
  foldLog(path)
  const kept = join(dataDir, freeName(dataDir, origin?.split('/')[2] ?? '00000000'))
  // The log first: a crash in between leaves a journal that is behind its mark, which is noticed, never one that is not.
  for (const suffix of ['-wal', '-shm', '']) if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix)
  await syncFolder(dataDir)
}

/** Moves the write-ahead log into the file, so that one file is the whole. A damaged one keeps its log beside it. */
function foldLog(path: string): void {
  try {
    const database = new Database(path, { fileMustExist: true })
    try {
      database.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      database.close()
    }
  } catch {
    // Kept as it is.
  }
}

function freeName(dataDir: string, incarnation: string): string {
  for (let at = 1; ; at++) {
    const name = at === 1 ? `journal.${incarnation}.db` : `journal.${incarnation}-${at}.db`
    if (!existsSync(join(dataDir, name))) return name
  }
}
