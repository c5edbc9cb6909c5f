/** A data folder as a verifier reads it, by FORMAT.md section 9 alone. For tests: the product's reader is the store's. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import Database from 'better-sqlite3'
import type { JournalSource, SourceEntry } from '../../../shared/journal/source.ts'

type EntryRow = { seq: number; header: Buffer; payload: Buffer | null; leaf: Buffer }
type CheckpointRow = { size: number; root: Buffer; note: string }

export function dataFolderSource(folder: string): JournalSource & Disposable {
  const db = new Database(join(folder, 'journal.db'), { readonly: true })
  const meta = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?')
  const checkpoints = db.prepare<[], CheckpointRow>('SELECT * FROM checkpoints ORDER BY size').all()
  const last = db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM entries').get()?.seq
  return {
    origin: meta.get('origin')?.value ?? '',
    vkey: meta.get('vkey')?.value ?? null,
    checkpoint: checkpoints.at(-1)?.note ?? null,
    size: (last ?? -1) + 1,
    async *entries(from): AsyncGenerator<SourceEntry> {
      yield* db.prepare<[number], EntryRow>('SELECT * FROM entries WHERE seq >= ? ORDER BY seq').all(from)
    },
    async *checkpoints() {
      yield* checkpoints
    },
    async blob(sha256) {
      const path = join(folder, 'blobs', sha256.slice(0, 2), sha256)
      if (existsSync(path)) return pieces(readFileSync(path))
      return existsSync(`${path}.zst`) ? pieces(zstdDecompressSync(readFileSync(`${path}.zst`))) : null
    },
    [Symbol.dispose]: () => db.close(),
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
}
