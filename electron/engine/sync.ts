/**
 * Brings a journal to an archive. Idempotent: a sync that was cut anywhere is run again. The archive's checkpoint only
 * advances; a journal that contradicts it goes beside it, and that is reported.
 */
import { hexOf } from '../../shared/journal/bytes.ts'
import { parseCheckpoint } from '../../shared/journal/checkpoint.ts'
import { parseHeader } from '../../shared/journal/entry.ts'
import { fullTree, leafHash, rootAt } from '../../shared/journal/merkle.ts'
import type { JournalCrypto, Problem } from '../../shared/journal/source.ts'
import type { Archive, BlobStore, Journal, JournalReader } from './ports.ts'
import { planSync } from './sync-plan.ts'
import type { Sealed } from './sync-plan.ts'
import { readBack } from './sync-read-back.ts'
import { blobsBetween, writeArchive } from './sync-write.ts'
import type { Written } from './sync-write.ts'

export type SyncRequest = {
  /** What is brought: the current incarnation, or an earlier one. */
  readonly journal: JournalReader
  readonly blobs: BlobStore
  readonly archive: Archive
  readonly crypto: JournalCrypto
  /** Where the receipt is recorded; null: none is (another console has the journal open). */
  readonly receipts: Pick<Journal, 'append' | 'mark'> | null
  readonly onProgress?: (progress: SyncProgress) => void
  readonly signal?: AbortSignal
}

/** @property what the file being written, or `reading back` */
export type SyncProgress = { readonly what: string; readonly files: number }

export type SyncAnswer =
  | (Written & {
      readonly synced: true
      readonly size: number
      /** hex */
      readonly root: string
      /** seq of the receipt in the journal that was given for it. */
      readonly receipt: number | null
    })
  | {
      readonly synced: false
      readonly code: SyncFailureCode
      readonly message: string
      readonly size: number
      readonly root: string
      readonly problems: readonly Problem[]
    }

export type SyncFailureCode =
  /** The archive holds another journal under this origin's name; this one was put into its `fork` folder. */
  | 'archive-forked'
  /** The archive holds more of this journal than is here: this is an older copy. Nothing was written. */
  | 'archive-ahead'
  /** The archive's checkpoint is none of this journal: empty, cut, another's. Nothing was written. */
  | 'archive-damaged'
  /** Something that an entry binds is neither here nor there. All else was written. */
  | 'blob-missing'
  /** What was read back is not what was written. */
  | 'read-back-failed'
  | 'journal-damaged'
  /** The archive cannot be reached or written. Sync again later. */
  | 'archive-failed'
  | 'cancelled'

/** Never rejects for what the archive does: that is the answer. */
export async function syncToArchive(request: SyncRequest): Promise<SyncAnswer> {
  const { journal, crypto } = request
  const sealed = await readSealed(journal, crypto)
  if (sealed === null) {
    const { size, root } = journal.head()
    const message = 'This journal is not what its seal says, or has none. Nothing was sent; verify it.'
    return { synced: false, code: 'journal-damaged', message, size, root, problems: [] }
  }
  try {
    return await bring(request, sealed)
  } catch (cause) {
    const isCancelled = request.signal?.aborted === true
    const words = cause instanceof Error ? cause.message : String(cause)
    return isCancelled
      ? failure('cancelled', 'The sync was stopped. It goes on where it stopped when it is run again.', sealed)
      : failure('archive-failed', `The archive ${request.archive.name} cannot be used: ${words}`, sealed)
  }
}

const HEADERS_AT_ONCE = 500

/** The journal as of its newest seal; entries that come meanwhile wait for the next sync. */
async function readSealed(journal: JournalReader, { sha256 }: JournalCrypto): Promise<Sealed | null> {
  const note = journal.checkpoint()
  const checkpoint = note === null ? undefined : parseCheckpoint(note)?.checkpoint
  if (note === null || checkpoint === undefined || checkpoint.size === 0) return null
  const tree = fullTree(sha256)
  for (let seq = 0; seq < checkpoint.size; seq++) {
    const row = journal.raw(seq)
    if (row === null) return null
    tree.append(leafHash(sha256, row.header))
    if (seq % HEADERS_AT_ONCE === 0) await new Promise((done) => setImmediate(done))
  }
  const root = hexOf(rootAt(sha256, checkpoint.size, tree.node))
  return root === hexOf(checkpoint.root) ? { origin: journal.origin, note, root, tree } : null
}

async function bring(request: SyncRequest, sealed: Sealed): Promise<SyncAnswer> {
  const { journal, blobs, archive, crypto } = request
  const size = sealed.tree.size()
  const plan = await planSync(archive, sealed, crypto.sha256)
  if (plan.kind === 'ahead') {
    const message = `The archive has ${plan.size} entries of this journal, and only ${size} are here: this is an older copy of it. Nothing was written.`
    return failure('archive-ahead', message, sealed)
  }
  if (plan.kind === 'damaged') {
    const message = `The archive’s file ${plan.path} is no checkpoint of this journal: it is empty, cut, or another’s. Nothing was written. Put it back from a copy of the archive; or, where no other copy of this journal was ever brought there, remove that file and sync again: all is brought anew.`
    return failure('archive-damaged', message, sealed)
  }
  const { folder, from } = plan
  let files = 0
  const step = (what: string) => {
    request.signal?.throwIfAborted()
    request.onProgress?.({ what, files })
    files += 1
  }
  // Before anything goes out: what others have seen of this journal, it must never fall behind unnoticed.
  request.receipts?.mark()
  const vkey = vkeyOf(journal)
  const { sha256 } = crypto
  const { missing, ...written } = await writeArchive({
    journal,
    blobs,
    archive,
    sealed,
    folder,
    from,
    vkey,
    sha256,
    step,
  })
  step('reading back')
  const absent = new Set(missing.map((blob) => blob.sha256))
  const fresh = [...blobsBetween(journal, from, size)].filter((blob) => !absent.has(blob.sha256))
  const earlier = blobsBetween(journal, 0, from)
  const problems = await readBack(archive, folder, sealed, { fresh, earlier }, crypto)
  if (problems.length > 0) {
    const message = 'What was read back from the archive is not what this journal holds. Verify the archive.'
    return failure('read-back-failed', message, sealed, problems)
  }
  if (plan.kind === 'fork') {
    const message = `The archive holds another journal under the name ${sealed.origin}. Nothing of it was changed; this one is beside it, in ${folder}.`
    return failure('archive-forked', message, sealed)
  }
  if (missing.length > 0) {
    const message = `${missing.length} files that the log binds are missing or spoilt here. All else is in the archive.`
    const gone = missing.map((blob) => {
      return { code: 'blob-missing', seq: blob.seq, message: `blob ${blob.sha256} is not here` }
    })
    return failure('blob-missing', message, sealed, gone)
  }
  return { synced: true, size, root: sealed.root, ...written, receipt: await recordReceipt(request, sealed) }
}

async function recordReceipt(
  { receipts, archive }: SyncRequest,
  { origin, root, tree }: Sealed,
): Promise<number | null> {
  if (receipts === null) return null
  const data = { origin, size: tree.size(), root }
  const [entry] = await receipts.append([{ type: 'archive.received', data, text: { archive: archive.name } }])
  receipts.mark()
  return entry?.ref.seq ?? null
}

/** As genesis binds it. */
function vkeyOf(journal: JournalReader): string {
  const parsed = parseHeader(journal.raw(0)?.header ?? new Uint8Array())
  return 'header' in parsed && typeof parsed.header.data['vkey'] === 'string' ? parsed.header.data['vkey'] : ''
}

function failure(
  code: SyncFailureCode,
  message: string,
  { root, tree }: Sealed,
  problems: readonly Problem[] = [],
): SyncAnswer {
  return { synced: false, code, message, size: tree.size(), root, problems }
}
