/**
 * Writes what an archive lacks of a journal, in the order in which a cut does no harm: whatever a file refers to is there
 * before it, and the checkpoint, which vouches for all, comes last. FORMAT.md section 8.
 */
import { concat, hexOf, utf8Of } from '../../shared/journal/bytes.ts'
import type { Sha256 } from '../../shared/journal/bytes.ts'
import { BLOB_CHUNK_BYTES, parsePayload } from '../../shared/journal/entry.ts'
import type { BoundBlob } from '../../shared/journal/entry.ts'
import { blobTree } from '../../shared/journal/merkle.ts'
import {
  bundlesBetween,
  CHECKPOINT_PATH,
  blobPath,
  encodeEntries,
  encodePayloads,
  encodeTile,
  entriesPath,
  LINES_PATH,
  payloadPath,
  TILE_WIDTH,
  tilePath,
  tilesBetween,
  VKEY_PATH,
} from '../../shared/journal/tiles.ts'
import type { TileRef } from '../../shared/journal/tiles.ts'
import type { Archive, BlobStore, JournalReader } from './ports.ts'
import type { Sealed } from './sync-plan.ts'

export type Written = { readonly files: number; readonly bytes: number }
/** A blob that an entry binds. */
export type BlobOf = BoundBlob & { readonly seq: number }

export type SyncWriter = {
  readonly journal: JournalReader
  readonly blobs: BlobStore
  readonly archive: Archive
  readonly sealed: Sealed
  readonly folder: string
  readonly from: number
  readonly vkey: string
  readonly sha256: Sha256
  /** Called before each file; may throw to stop. */
  step(what: string): void
}

/** @returns blobs that are neither here (or spoilt here) nor there: the first entry that binds each */
export async function writeArchive(writer: SyncWriter): Promise<Written & { readonly missing: readonly BlobOf[] }> {
  const counting = countingArchive(writer.archive)
  const to = { ...writer, archive: counting.archive }
  const size = writer.sealed.tree.size()
  const missing = await writeBlobs(to, blobsBetween(writer.journal, writer.from, size))
  for (const bundle of bundlesBetween(writer.from, size)) {
    const payloads = rowsOf(to, bundle).map(({ payload }) => payload)
    await put(to, payloadPath(bundle.index, bundle.width), encodePayloads(payloads))
  }
  for (const bundle of bundlesBetween(writer.from, size)) {
    const headers = rowsOf(to, bundle).map(({ header }) => header)
    await put(to, entriesPath(bundle.index, bundle.width), encodeEntries(headers))
  }
  for (const tile of tilesBetween(writer.from, size)) {
    await put(to, tilePath(tile.level, tile.index, tile.width), encodeTile(tile, writer.sealed.tree.node))
  }
  if (writer.from < size || (await to.archive.size(to.folder + LINES_PATH)) === null)
    await put(to, LINES_PATH, lines(to, size))
  if ((await to.archive.size(to.folder + VKEY_PATH)) === null) await put(to, VKEY_PATH, utf8Of(`${writer.vkey}\n`))
  if (writer.from < size) await put(to, CHECKPOINT_PATH, utf8Of(writer.sealed.note))
  return { ...counting.written(), missing }
}

async function put(to: SyncWriter, path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  to.step(path)
  await to.archive.write(to.folder + path, content)
}

/** Each blob once, by the first entry that binds it. */
export function* blobsBetween(journal: JournalReader, from: number, to: number): Generator<BlobOf> {
  const seen = new Set<string>()
  for (let seq = from; seq < to; seq++) {
    const payload = journal.raw(seq)?.payload
    for (const blob of (payload && parsePayload(payload)?.blobs) ?? []) {
      if (seen.has(blob.sha256)) continue
      seen.add(blob.sha256)
      yield { ...blob, seq }
    }
  }
}

async function writeBlobs(to: SyncWriter, blobs: Iterable<BlobOf>): Promise<readonly BlobOf[]> {
  const missing: BlobOf[] = []
  for (const blob of blobs) {
    const path = blobPath(blob.sha256)
    // A file under its final name is whole: a cut leaves none.
    if ((await to.archive.size(to.folder + path)) === blob.size) continue
    const bytes = to.blobs.stream(blob.sha256)
    if (bytes === null || !(await putBlob(to, path, blob, bytes))) missing.push(blob)
  }
  return missing
}

/** @returns false where the bytes here are not the blob's: such bytes get no final name in an archive */
async function putBlob(to: SyncWriter, path: string, blob: BlobOf, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  const seen = { isWrong: false }
  try {
    await put(to, path, asBound(blob, bytes, to.sha256, seen))
    return true
  } catch (cause) {
    if (seen.isWrong) return false
    throw cause
  }
}

async function* asBound(blob: BlobOf, bytes: AsyncIterable<Uint8Array>, sha256: Sha256, seen: { isWrong: boolean }) {
  const tree = blobTree(sha256, BLOB_CHUNK_BYTES)
  seen.isWrong = true
  for await (const piece of bytes) {
    tree.write(piece)
    seen.isWrong = false
    yield piece
    seen.isWrong = true
  }
  if (hexOf(tree.root()) !== blob.tree) throw new Error(`blob ${blob.sha256} is not what the log binds`)
  seen.isWrong = false
}

function rowsOf({ journal }: SyncWriter, { index, width }: TileRef) {
  return Array.from({ length: width }, (_, at) => rowOf(journal, index * TILE_WIDTH + at))
}

function rowOf(journal: JournalReader, seq: number): { header: Uint8Array; payload: Uint8Array | null } {
  const row = journal.raw(seq)
  if (row === null) throw new RangeError(`the journal has no entry ${seq}`)
  return row
}

const NEWLINE = Uint8Array.of(10)
const LINES_AT_ONCE = 256

async function* lines({ journal }: SyncWriter, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < size; from += LINES_AT_ONCE) {
    const rows = Array.from({ length: Math.min(LINES_AT_ONCE, size - from) }, (_, at) => rowOf(journal, from + at))
    yield concat(...rows.flatMap(({ header }) => [header, NEWLINE]))
  }
}

function countingArchive(archive: Archive): { readonly archive: Archive; written(): Written } {
  let files = 0
  let bytes = 0
  const count = (piece: Uint8Array) => {
    bytes += piece.length
    return piece
  }
  return {
    archive: {
      ...archive,
      async write(path, content) {
        await archive.write(path, content instanceof Uint8Array ? count(content) : counted(content, count))
        files += 1
      },
    },
    written: () => ({ files, bytes }),
  }
}

async function* counted(content: AsyncIterable<Uint8Array>, count: (piece: Uint8Array) => Uint8Array) {
  for await (const piece of content) yield count(piece)
}
