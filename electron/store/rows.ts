/** The journal's tables as statements. The only place that knows their columns. */
import type Database from 'better-sqlite3'
import type { EntryRow } from './stored-entry.ts'

export type NewRow = {
  readonly seq: number
  readonly header: Uint8Array
  readonly payload: Uint8Array
  readonly leaf: Uint8Array
}
export type FullRow = EntryRow & { readonly leaf: Buffer }
export type CheckpointRow = { readonly size: number; readonly root: Buffer; readonly note: string }

export type Rows = {
  meta(key: 'origin' | 'vkey'): string | null
  /** Names the journal, once. */
  begin(origin: string, vkey: string): void
  /** One more than the highest seq. */
  size(): number
  /** @param to exclusive */
  between(from: number, to: number): readonly FullRow[]
  entry(seq: number): FullRow | null
  headersBetween(from: number, to: number): readonly { readonly seq: number; readonly header: Buffer }[]
  lastCheckpoint(): CheckpointRow | null
  /** Rising by size. */
  checkpoints(): IterableIterator<CheckpointRow>
  /** All or nothing: entries and the checkpoint that covers them. */
  commit(entries: readonly NewRow[], checkpoint: { size: number; root: Uint8Array; note: string }): void
}

// A column of SQLite holds any type. What another hand put there is read as bytes, and judged as such.
const ROW =
  'SELECT seq, CAST(header AS BLOB) AS header, CAST(payload AS BLOB) AS payload, CAST(leaf AS BLOB) AS leaf FROM entries'
const CHECKPOINT = 'SELECT size, CAST(root AS BLOB) AS root, CAST(note AS TEXT) AS note FROM checkpoints'

export function rowsOf(database: Database.Database): Rows {
  const meta = database.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck()
  const size = database.prepare<[], number | null>('SELECT max(seq) + 1 FROM entries').pluck()
  const between = database.prepare<[number, number], FullRow>(`${ROW} WHERE seq >= ? AND seq < ? ORDER BY seq`)
  const entry = database.prepare<[number], FullRow>(`${ROW} WHERE seq = ?`)
  const headers = database.prepare<[number, number], { seq: number; header: Buffer }>(
    'SELECT seq, CAST(header AS BLOB) AS header FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq',
  )
  const last = database.prepare<[], CheckpointRow>(`${CHECKPOINT} ORDER BY size DESC LIMIT 1`)
  const checkpoints = database.prepare<[], CheckpointRow>(`${CHECKPOINT} ORDER BY size`)
  const writes = database.readonly ? null : writesTo(database)

  return {
    meta: (key) => meta.get(key) ?? null,
    begin(origin, vkey) {
      database.prepare("INSERT INTO meta (key, value) VALUES ('origin', ?), ('vkey', ?)").run(origin, vkey)
    },
    size: () => size.get() ?? 0,
    between: (from, to) => between.all(from, to),
    entry: (seq) => entry.get(seq) ?? null,
    headersBetween: (from, to) => headers.all(from, to),
    lastCheckpoint: () => last.get() ?? null,
    checkpoints: () => checkpoints.iterate(),
    commit(entries, checkpoint) {
      if (writes === null) throw new TypeError('this journal was opened for reading')
      writes(entries, checkpoint)
    },
  }
}

function writesTo(database: Database.Database): Rows['commit'] {
  const addEntry = database.prepare<[number, Uint8Array, Uint8Array, Uint8Array]>(
    'INSERT INTO entries (seq, header, payload, leaf) VALUES (?, ?, ?, ?)',
  )
  const addCheckpoint = database.prepare<[number, Uint8Array, string]>(
    'INSERT INTO checkpoints (size, root, note) VALUES (?, ?, ?)',
  )
  const transaction = database.transaction<Rows['commit']>((entries, checkpoint) => {
    for (const row of entries) addEntry.run(row.seq, row.header, row.payload, row.leaf)
    addCheckpoint.run(checkpoint.size, checkpoint.root, checkpoint.note)
  })
  return (entries, checkpoint) => transaction.immediate(entries, checkpoint)
}
