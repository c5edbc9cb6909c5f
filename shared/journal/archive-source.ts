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

/** After so many absent bundles in a row a reader gives up. */
const MAX_ABSENT_BUNDLES = 1000
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
  const text = async (relative: string) => {
    const bytes = await files.read(path(relative))
    return bytes && textOf(bytes)
  }
  const checkpoint = await text(CHECKPOINT_PATH)
  const parsed = checkpoint === null ? null : parseCheckpoint(checkpoint)
  const sealed = parsed?.checkpoint.origin === origin ? parsed.checkpoint.size : null
  const faults: Problem[] = []

  /** The file of this width, else the full one; null when neither is there. */
  const readWide = async (pathOf: (width: number) => string, width: number) => {
    const exact = await files.read(path(pathOf(width)))
    if (exact !== null || width === TILE_WIDTH) return exact && { bytes: exact, isExact: true }
    const full = await files.read(path(pathOf(TILE_WIDTH)))
    return full && { bytes: full, isExact: false }
  }

  async function* bundle(index: number, width: number): AsyncGenerator<SourceEntry> {
    const first = index * TILE_WIDTH
    const entries = await readWide((wide) => entriesPath(index, wide), width)
    if (entries === null) return
    const headers = decodeEntries(entries.bytes, width)
    const texts = await readWide((wide) => payloadPath(index, wide), width)
    const payloads = decodePayloads(texts?.bytes ?? new Uint8Array(), width)
    const hasRest =
      (entries.isExact && headers.rest > 0 && headers.items.length === width) ||
      (texts?.isExact === true && payloads.rest > 0 && payloads.items.length === width)
    if (hasRest) faults.push({ code: 'bundle-mismatch', seq: first, message: 'bytes after the last entry of a bundle' })
    for (const [at, header] of headers.items.entries()) {
      yield { seq: first + at, header, payload: payloads.items[at] ?? null }
    }
  }

  /** The widest bundle at an index; 0 when there is none. For an archive without a readable checkpoint. */
  const widest = async (index: number): Promise<number> => {
    if ((await files.read(path(entriesPath(index, TILE_WIDTH)))) !== null) return TILE_WIDTH
    const partial = entriesPath(index, 1).replace(/\/1$/, '')
    const widths = (await files.list(path(partial))).map(Number).filter((width) => width > 0 && width < TILE_WIDTH)
    return Math.max(0, ...widths)
  }

  return {
    origin,
    vkey: (await text(VKEY_PATH))?.replace(/\n$/, '') ?? null,
    checkpoint,
    size: null,
    async *entries(from) {
      for (let index = Math.floor(from / TILE_WIDTH), absent = 0; absent < MAX_ABSENT_BUNDLES; index++) {
        const left = sealed === null ? await widest(index) : Math.min(TILE_WIDTH, sealed - index * TILE_WIDTH)
        if (left <= 0) return
        let isAbsent = true
        for await (const entry of bundle(index, left)) {
          isAbsent = false
          if (entry.seq >= from) yield entry
        }
        absent = isAbsent ? absent + 1 : 0
      }
    },
    faults: () => faults,
    async tile(level, index, width) {
      const stored = await readWide((wide) => tilePath(level, index, wide), width)
      return stored && (stored.isExact ? stored.bytes : stored.bytes.subarray(0, width * 32))
    },
    blob: async (sha256) => files.stream(path(blobPath(sha256))),
    lines: () => linesOf(files.stream(path(LINES_PATH))),
    hasFork: async () => (await files.list(path(FORK_FOLDER))).length > 0,
  }
}

/** Lines without their newlines; a last one that has none is not a line. */
async function* linesOf(
  stream: AsyncIterable<Uint8Array> | null | Promise<AsyncIterable<Uint8Array> | null>,
): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array()
  for await (const piece of (await stream) ?? []) {
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
