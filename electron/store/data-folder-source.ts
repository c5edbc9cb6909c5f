/** A data folder's journals as a verifier reads them: a snapshot, beside a running writer or by itself. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalSource } from '../../shared/journal/source.ts'
import { JOURNAL_FILE, openForReading } from './database.ts'
import { keptIncarnations } from './incarnations.ts'
import { JournalError, journalErrorOf } from './journal-error.ts'
import { rowsOf } from './rows.ts'
import type { Rows } from './rows.ts'

export type BlobReader = (sha256: string) => AsyncIterable<Uint8Array> | null

export type OpenSource = {
  readonly source: JournalSource
  readonly rows: Rows
  readonly close: () => void
}

const ROWS_AT_ONCE = 200

/**
 * The current journal and the earlier ones.
 * @param mayLack the current one may be gone: who asks knows what is expected, and misses it
 * @throws JournalError where one cannot be opened
 */
export function openSources(
  dataDir: string,
  { blobs, mayLack = false }: { blobs?: BlobReader; mayLack?: boolean } = {},
): readonly OpenSource[] {
  const open: OpenSource[] = []
  const isThere = !mayLack || existsSync(join(dataDir, JOURNAL_FILE))
  try {
    for (const file of keptIncarnations(dataDir)) open.push(openSource(join(dataDir, file), blobs))
    if (isThere) open.push(openSource(join(dataDir, JOURNAL_FILE), blobs))
    return open
  } catch (cause) {
    for (const one of open) one.close()
    throw cause
  }
}

function openSource(path: string, blobs?: BlobReader): OpenSource {
  const { database, close } = openForReading(path)
  try {
    // What comes while this is read is not part of it.
    database.exec('BEGIN')
    const rows = rowsOf(database)
    const origin = rows.meta('origin')
    if (origin === null) throw new JournalError('not-found', `The journal ${path} has not begun: it has no origin.`)
    return { source: sourceOf(rows, origin, blobs), rows, close }
  } catch (cause) {
    close()
    throw journalErrorOf(cause, path)
  }
}

function sourceOf(rows: Rows, origin: string, blobs?: BlobReader): JournalSource {
  const size = rows.size()
  return {
    origin,
    vkey: rows.meta('vkey'),
    checkpoint: rows.lastCheckpoint()?.note ?? null,
    size,
    async *entries(from) {
      for (let at = from; at < size; at += ROWS_AT_ONCE) {
        yield* rows.between(at, Math.min(size, at + ROWS_AT_ONCE))
        await new Promise((done) => setImmediate(done))
      }
    },
    async *checkpoints() {
      for (const checkpoint of rows.checkpoints()) yield await Promise.resolve(checkpoint)
    },
    ...(blobs ? { blob: (sha256: string) => Promise.resolve(readable(blobs(sha256))) } : {}),
  }
}

/** A blob that cannot be read to its end (a packed one that was spoilt) reads as other bytes, and is named as such. */
function readable(pieces: AsyncIterable<Uint8Array> | null): AsyncIterable<Uint8Array> | null {
  return pieces && untilItBreaks(pieces)
}

async function* untilItBreaks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces
  } catch {
    yield Uint8Array.of(0)
  }
}
