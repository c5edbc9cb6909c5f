/** A data folder's journals as a verifier reads them: a snapshot, beside a running writer or by itself. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalSource, Problem } from '../../shared/journal/source.ts'
import { JOURNAL_FILE, openForReading } from './database.ts'
import { keptIncarnations } from './incarnations.ts'
import { JournalError, journalErrorOf } from './journal-error.ts'
import { rowsOf } from './rows.ts'
import type { Rows } from './rows.ts'

export type BlobReader = (sha256: string) => AsyncIterable<Uint8Array> | null

export type OpenSource = {
  /** Its name in the data folder. */
  readonly file: string
  readonly source: JournalSource
  readonly rows: Rows
  readonly close: () => void
}

/** An earlier journal that cannot be opened: it is named, and hides nothing of the others. */
export type Unreadable = { readonly file: string; readonly error: JournalError }

export type OpenSources = Disposable & {
  /** Earlier ones first. */
  readonly open: readonly OpenSource[]
  readonly unreadable: readonly Unreadable[]
}

export const KEPT_UNREADABLE = 'kept-unreadable'

const ROWS_AT_ONCE = 200

/**
 * The current journal and the earlier ones.
 * @param mayLack the current one may be gone: who asks knows what is expected, and misses it
 * @throws JournalError where the current one cannot be opened
 */
export function openSources(
  dataDir: string,
  { blobs, mayLack = false }: { blobs?: BlobReader; mayLack?: boolean } = {},
): OpenSources {
  const open: OpenSource[] = []
  const unreadable: Unreadable[] = []
  const isThere = !mayLack || existsSync(join(dataDir, JOURNAL_FILE))
  // The current one first: where it cannot be read, nothing is open yet.
  const current = isThere ? [openSource(dataDir, JOURNAL_FILE, blobs)] : []
  for (const file of keptIncarnations(dataDir)) {
    try {
      const kept = openSource(dataDir, file, blobs)
      open.push({ ...kept, source: asFarAsItReads(kept.source, join(dataDir, file)) })
    } catch (cause) {
      unreadable.push({ file, error: journalErrorOf(cause, join(dataDir, file)) })
    }
  }
  open.push(...current)
  return {
    open,
    unreadable,
    [Symbol.dispose]() {
      for (const one of open) one.close()
    },
  }
}

function openSource(dataDir: string, file: string, blobs?: BlobReader): OpenSource {
  const path = join(dataDir, file)
  const { database, close } = openForReading(path)
  try {
    // What comes while this is read is not part of it.
    database.exec('BEGIN')
    const rows = rowsOf(database)
    const origin = rows.meta('origin')
    if (origin === null) throw new JournalError('not-found', `The journal ${path} has not begun: it has no origin.`)
    return { file, source: sourceOf(rows, origin, blobs), rows, close }
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

/** An earlier journal whose pages are spoilt somewhere: what can be read of it is, and that there is more is a problem. */
function asFarAsItReads(source: JournalSource, path: string): JournalSource {
  const faults = new Map<string, Problem>()
  async function* untilItBreaks<T>(what: string, read: () => AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* read()
    } catch (cause) {
      const { message } = journalErrorOf(cause, path)
      faults.set(what, { code: KEPT_UNREADABLE, seq: null, message: `${what} cannot be read to their end: ${message}` })
    }
  }
  return {
    ...source,
    entries: (from) => untilItBreaks('entries', () => source.entries(from)),
    checkpoints: () => untilItBreaks('seals', () => source.checkpoints?.() ?? nothing()),
    faults: () => [...faults.values()],
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** A blob that cannot be read to its end (a packed one that was spoilt) reads as other bytes, and is named as such. */
function readable(pieces: AsyncIterable<Uint8Array> | null): AsyncIterable<Uint8Array> | null {
  return pieces && wholeOrOther(pieces)
}

async function* wholeOrOther(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces
  } catch {
    yield Uint8Array.of(0)
  }
}
