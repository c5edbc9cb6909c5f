/** What reader and writer answer alike: entries of a range or of a run, raw bytes, head, runs. */
import type { Recorded } from '../../shared/model/events.ts'
import type { Head, JournalReader } from '../engine/ports.ts'
import type { EntryIndex, Operator } from './entry-index.ts'
import { entryIndex } from './entry-index.ts'
import { journalErrorOf } from './journal-error.ts'
import type { Rows } from './rows.ts'
import { sha256Hex } from './sha256.ts'
import { headerOf, recordedOf, textOf } from './stored-entry.ts'
import type { FullRow } from './rows.ts'

const STEP = 2000
const HAS_NAMES = new Set(['genesis', 'operator.added'])

export type JournalReading = JournalReader & {
  /** Who may sign now, by the entries so far. */
  operators(): readonly Operator[]
}

/** @param index of the entries that are already known to be sound; later ones are absorbed as they are asked for */
export function journalReading(rows: Rows, origin: string, index: EntryIndex = entryIndex()): JournalReading {
  const catchUp = () => {
    for (const size = rows.size(); index.size() < size; ) {
      for (const row of rows.headersBetween(index.size(), Math.min(size, index.size() + STEP))) {
        const header = headerOf(row.seq, row.header)
        const text = HAS_NAMES.has(header.type) ? textOf(header, rows.entry(row.seq)?.payload ?? null) : null
        index.absorb(header, text)
      }
    }
  }
  const recorded = (row: FullRow): Recorded => {
    const header = headerOf(row.seq, row.header)
    return recordedOf(header, textOf(header, row.payload), index)
  }
  const named = <T>(what: string, read: () => T): T => {
    try {
      return read()
    } catch (cause) {
      throw journalErrorOf(cause, what)
    }
  }

  return {
    origin,
    head: () => named('reading the head', () => headOf(rows)),
    read: ({ from, to, run, limit }) =>
      named('reading entries', () => {
        catchUp()
        const end = to ?? index.size()
        if (run === undefined) return rows.between(from, Math.min(end, from + (limit ?? end))).map(recorded)
        const seqs = index.ofRun(run).filter((seq) => seq >= from && seq < end)
        return stretches(seqs.slice(0, limit)).flatMap((one) => rows.between(one.from, one.to).map(recorded))
      }),
    raw: (seq) =>
      named('reading an entry', () => {
        const row = rows.entry(seq)
        return row && { header: row.header, payload: row.payload }
      }),
    checkpoint: () => named('reading the checkpoint', () => rows.lastCheckpoint()?.note ?? null),
    runs: () =>
      named('reading runs', () => {
        catchUp()
        return index.runs()
      }),
    operators: () =>
      named('reading operators', () => {
        catchUp()
        return index.operators()
      }),
  }
}

/** Numbers that follow one another as ranges: a run's entries mostly do, and a query each took most of the time. */
function stretches(seqs: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = []
  for (const seq of seqs) {
    const last = found.at(-1)
    if (last?.to === seq) last.to = seq + 1
    else found.push({ from: seq, to: seq + 1 })
  }
  return found
}

export function headOf(rows: Rows): Head {
  const last = rows.lastCheckpoint()
  return last === null
    ? { size: 0, root: sha256Hex(new Uint8Array()) }
    : { size: last.size, root: last.root.toString('hex') }
}
