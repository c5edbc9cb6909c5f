/** Verifies a data folder: every entry, seal, act and blob, and that it has not fallen behind its high-water marks. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type {
  JournalCrypto,
  JournalSource,
  OriginVerdict,
  Verification,
  VerifyOptions,
} from '../../shared/journal/source.ts'
import type { Mark, Pin } from '../../shared/journal/trust.ts'
import { verifyJournals } from '../../shared/journal/verify.ts'
import { KEPT_UNREADABLE, openSources } from './data-folder-source.ts'
import type { BlobReader, OpenSource, Unreadable } from './data-folder-source.ts'
import { JOURNAL_FILE } from './database.ts'
import { readMarks } from './high-water-mark.ts'
import { journalErrorOf } from './journal-error.ts'
import type { JournalError } from './journal-error.ts'

export type VerifyDataFolder = {
  readonly dataDir: string
  readonly stateDir: string
  readonly crypto: JournalCrypto
  readonly blobs: BlobReader
  /** Pinned from outside; absent: the answer is self-asserted. */
  readonly trust?: readonly Pin[]
  readonly onProgress?: VerifyOptions['onProgress']
}

/**
 * An earlier journal that cannot be opened has no origin that is known: it is told of under the name of its file.
 * @throws JournalError where there is no journal (and none is pinned), or the current one cannot be read at all
 */
export async function verifyDataFolder(request: VerifyDataFolder): Promise<Verification> {
  // Marks first: a writer that goes on meanwhile only ever gets ahead of them.
  const marks = readMarks(request.stateDir)
  using sources = openSources(request.dataDir, { blobs: request.blobs, mayLack: request.trust !== undefined })
  const origins = new Set(sources.open.map(({ source }) => source.origin))
  const verified = await verifyJournals(
    sources.open.map(({ source }) => (marks.get(source.origin) === 'unreadable' ? withoutItsMark(source) : source)),
    request.crypto,
    {
      marks: [...origins].map((origin) => marks.get(origin)).filter((mark) => typeof mark === 'object'),
      expected: [...marks.keys()].filter((origin) => isOfOneConsole(origin, origins)),
      ...(request.trust ? { trust: request.trust } : {}),
      ...(request.onProgress ? { onProgress: request.onProgress } : {}),
    },
  )
  return {
    ...verified,
    ok: verified.ok && sources.unreadable.length === 0,
    origins: [
      ...verified.origins.map((verdict) =>
        origins.has(verdict.origin) ? withMark(verdict, marks.get(verdict.origin)) : verdict,
      ),
      ...sources.unreadable.map(unread),
    ],
  }
}

/** An incarnation of the same console as one of these. */
function isOfOneConsole(origin: string, origins: ReadonlySet<string>): boolean {
  const uuid = origin.split('/')[1]
  return [...origins].some((other) => other.split('/')[1] === uuid)
}

function withoutItsMark(source: JournalSource): JournalSource {
  const message = 'the high-water mark that this console kept of it cannot be read: whether it was cut cannot be told'
  return {
    ...source,
    faults: () => [...(source.faults?.() ?? []), { code: 'mark-unreadable', seq: null, message }],
  }
}

function withMark(
  { origin, size, root, problems }: OriginVerdict,
  mark: Mark | 'unreadable' | undefined,
): OriginVerdict {
  return { origin, size, root, mark: typeof mark === 'object' ? 'checked' : (mark ?? 'missing'), problems }
}

function unread({ file, error }: Unreadable): OriginVerdict {
  const problem = { code: KEPT_UNREADABLE, seq: null, message: `an earlier journal: ${error.message}` }
  return { origin: file, size: 0, root: null, problems: [problem] }
}

/**
 * What a reviewer pins: one for each journal of the folder.
 * @param warn told of each earlier journal that cannot be read, and is left out
 * @throws JournalError as above
 */
export function trustPins(dataDir: string, warn: (message: string) => void = () => undefined): readonly Pin[] {
  using sources = openSources(dataDir)
  for (const { file, error } of sources.unreadable) warn(leftOut(file, error))
  return sources.open.flatMap((one) => {
    try {
      return pinOf(one)
    } catch (cause) {
      const error = journalErrorOf(cause, join(dataDir, one.file))
      if (one.file === JOURNAL_FILE) throw error
      warn(leftOut(one.file, error))
      return []
    }
  })
}

function pinOf({ source, rows }: OpenSource): readonly Pin[] {
  const genesis = rows.entry(0)
  const last = rows.lastCheckpoint()
  if (genesis === null || last === null) return []
  const hash = createHash('sha256').update(genesis.header).digest('hex')
  return [{ origin: source.origin, genesis: hash, size: last.size, root: last.root.toString('hex') }]
}

function leftOut(file: string, error: JournalError): string {
  return `The earlier journal ${file} is left out: ${error.message}`
}
