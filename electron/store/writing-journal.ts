/** A journal that is open for writing: reads and appends over one connection, and keeps its high-water mark. */
import type Database from 'better-sqlite3'
import type { FullTree } from '../../shared/journal/merkle.ts'
import type { Journal } from '../engine/ports.ts'
import type { EntryIndex } from './entry-index.ts'
import { writeMark } from './high-water-mark.ts'
import { journalErrorOf } from './journal-error.ts'
import type { JournalOptions } from './journal-options.ts'
import { journalReading } from './journal-reading.ts'
import type { JournalReading } from './journal-reading.ts'
import { journalWriter } from './journal-writer.ts'
import type { OriginKey } from './journal-writer.ts'
import type { Rows } from './rows.ts'
import { SYSTEM_CLOCK, systemRandom } from './system.ts'

export type OpenJournal = Journal & JournalReading & { readonly boot: string }

export type WritingParts = {
  readonly options: JournalOptions
  readonly database: Database.Database
  readonly rows: Rows
  readonly origin: string
  readonly originKey: OriginKey
  readonly boot: string
  readonly tree: FullTree
  readonly index: EntryIndex
  /** Closes the database and lets go of the folder. */
  readonly release: () => void
}

const MARK_EVERY_MS = 1000

export function writingJournal(parts: WritingParts): OpenJournal {
  const { options, rows, origin, index } = parts
  let marked = -1
  let due: NodeJS.Timeout | null = null

  const mark = () => {
    if (due !== null) clearTimeout(due)
    due = null
    const head = reading.head()
    if (head.size === marked) return
    try {
      writeMark(options.stateDir, { origin, ...head })
      marked = head.size
    } catch (cause) {
      // What was recorded is recorded; only the proof against a later cut is late. It is tried again.
      options.warn?.(journalErrorOf(cause, options.stateDir))
    }
  }
  const onCommit = (isAct: boolean) => {
    if (isAct) return mark()
    due ??= setTimeout(mark, MARK_EVERY_MS).unref()
  }

  const reading = journalReading(rows, origin, index)
  const writer = journalWriter({
    ...parts,
    clock: options.clock ?? SYSTEM_CLOCK,
    random: options.random ?? systemRandom,
    crypto: options.crypto,
    onCommit,
  })

  let closing: Promise<void> | null = null
  const close = async () => {
    await writer.end()
    mark()
    parts.release()
  }
  return {
    ...reading,
    boot: parts.boot,
    append: writer.append,
    nonce: writer.nonce,
    subscribe: writer.subscribe,
    mark,
    close: () => (closing ??= close()),
  }
}
