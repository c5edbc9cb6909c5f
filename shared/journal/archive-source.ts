/** Reads journals out of an archive's files, wherever those are. FORMAT.md section 8. */
import { concat, textOf } from './bytes.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { JournalSource, Problem, SourceEntry } from './source.ts'
import {
  CHECKPOINT_PATH,
  FORK_FOLDER,
  LINES_PATH,
  TILE_WIDTH,
  VKEY_PATH,
  blobPath,
  decodeEntries,
  decodePayloads,
  entriesPath,
  originFolder,
  payloadPath,
  tilePath,
} from './tiles.ts'

/** An archive's files by paths with `/`, relative to its root. */
export type ArchiveFiles = {
  /** null when there is no such file */
  read(path: string): Promise<Uint8Array | null>
  /** In pieces of bounded size; null when there is no such file. */
  stream(path: string): AsyncIterable<Uint8Array> | null | Promise<AsyncIterable<Uint8Array> | null>
  /** Names in a folder, without the folder; empty when there is no such folder. `''` is the root. */
  list(folder: string): Promise<readonly string[]>
}

/** No header is longer, so no line is. */
const MAX_LINE_BYTES = 65_536

/** The origins that have a folder, sorted. */
export async function archiveOrigins(files: Pick<ArchiveFiles, 'list'>): Promise<readonly string[]> {
  const origins: string[] = []
  for (const uuid of await files.list('')) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) continue
    for (const incarnation of await files.list(uuid)) {
      if (/^[0-9a-f]{8}$/.test(incarnation)) origins.push(`holdpoint/${uuid}/${incarnation}`)
    }
  }
  return origins.sort()
}

/** One origin as a verifier reads it. Checkpoint and vkey are read now, the rest when asked. */
export async function archiveSource(files: ArchiveFiles, origin: string): Promise<JournalSource> {
  const folder = originFolder(origin)
  const path = (relative: string) => `${folder}/${relative}`
  // A file that is no text is there all the same: it reads as one that says nothing.
  const text = async (relative: string) => {
    const bytes = await files.read(path(relative))
    return bytes && (textOf(bytes) ?? '')
  }
  const checkpoint = await text(CHECKPOINT_PATH)
  const parsed = checkpoint === null ? null : parseCheckpoint(checkpoint)
  const sealed = parsed?.checkpoint.origin === origin ? parsed.checkpoint.size : 0
  const faults: Problem[] = []

  async function* bundle(index: number, width: number): AsyncGenerator<SourceEntry> {
    const first = index * TILE_WIDTH
    const headers = decodeEntries((await files.read(path(entriesPath(index, width)))) ?? new Uint8Array(), width)
    const payloads = decodePayloads((await files.read(path(payloadPath(index, width)))) ?? new Uint8Array(), width)
    if ([headers, payloads].some((part) => part.rest > 0 && part.items.length === width)) {
      faults.push({ code: 'bundle-mismatch', seq: first, message: 'bytes after the last entry of a bundle' })
    }
    for (const [at, header] of headers.items.entries()) {
      yield { seq: first + at, header, payload: payloads.items[at] ?? null }
    }
  }

  return {
    origin,
    vkey: (await text(VKEY_PATH))?.replace(/\n$/, '') ?? null,
    checkpoint,
    size: null,
    async *entries(from) {
      for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < sealed; index++) {
        const width = Math.min(TILE_WIDTH, sealed - index * TILE_WIDTH)
        let count = 0
        for await (const entry of bundle(index, width)) {
          count++
          if (entry.seq >= from) yield entry
        }
        // A bundle that ends early is where the journal ends; a forged size must not keep a reader going.
        if (count < width) return
      }
    },
    faults: () => faults,
    tile: (level, index, width) => files.read(path(tilePath(level, index, width))),
    blob: async (sha256) => files.stream(path(blobPath(sha256))),
    lines: () => linesOf(files, path(LINES_PATH)),
    hasFork: async () => (await files.list(path(FORK_FOLDER))).length > 0,
  }
}

/** Lines without their newlines; a last one that has none is not a line. */
async function* linesOf(files: ArchiveFiles, path: string): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array()
  for await (const piece of (await files.stream(path)) ?? []) {
    let from = 0
    for (let to = piece.indexOf(10); to >= 0; to = piece.indexOf(10, from)) {
      yield concat(held, piece.subarray(from, to))
      held = new Uint8Array()
      from = to + 1
    }
    held = concat(held, piece.subarray(from))
    // What is longer is no header: one wrong line says so, and reading on would only fill memory.
    if (held.length > MAX_LINE_BYTES) {
      yield held
      return
    }
  }
}
