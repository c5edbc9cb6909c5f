/**
 * Content-addressed bytes in the data folder: `blobs/<aa>/<sha256>` raw, or `.zst` where that is smaller. A file is whole
 * or not there. FORMAT.md section 9.
 */
import { createReadStream, existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, createZstdDecompress, zstdCompress } from 'node:zlib'
import { BLOB_CHUNK_BYTES } from '../../shared/journal/entry.ts'
import { makeFolder, writeFileDurably } from '../disk/durable-file.ts'
import { fileBytes } from '../disk/file-bytes.ts'
import type { BlobStore } from '../engine/ports.ts'
import { digestOfBlob } from './blob-digest.ts'

const compress = promisify(zstdCompress)
const FAST = {
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
  // Each piece of what comes out is a turn through the thread pool and back; the default is 16 KiB.
  chunkSize: 262_144,
}
const SAMPLE_BYTES = 65_536
/** Below this a file takes a disk block either way. */
const WORTH_COMPRESSING_BYTES = 4096

/** @param dataDir its `blobs` folder is made when the first blob comes */
export function blobStore(dataDir: string): BlobStore {
  const folder = join(dataDir, 'blobs')
  const made = new Set<string>()
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256)
  const found = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return null
    const path = pathOf(sha256)
    if (existsSync(path)) return { path, isCompressed: false }
    return existsSync(`${path}.zst`) ? { path: `${path}.zst`, isCompressed: true } : null
  }
  const stream = (sha256: string): AsyncIterable<Uint8Array> | null => {
    const blob = found(sha256)
    if (blob === null) return null
    return blob.isCompressed ? decompressed(blob.path) : fileBytes(blob.path)
  }

  return {
    async put(name, bytes) {
      const { sha256, size, tree } = digestOfBlob(bytes)
      const ref = { name, sha256, size, chunk: BLOB_CHUNK_BYTES, tree } as const
      if (found(sha256) !== null) return ref
      const path = pathOf(sha256)
      const parent = join(folder, sha256.slice(0, 2))
      if (!made.has(parent)) await makeFolder(parent)
      made.add(parent)
      const small = await smaller(bytes)
      await writeFileDurably(small === null ? path : `${path}.zst`, small ?? bytes)
      return ref
    },
    has: (sha256) => found(sha256) !== null,
    async read(sha256, range) {
      const blob = found(sha256)
      if (blob === null) return null
      if (range === undefined && !blob.isCompressed) return readFile(blob.path)
      const { from, to } = range ?? { from: 0, to: Number.MAX_SAFE_INTEGER }
      return blob.isCompressed ? rangeOf(decompressed(blob.path), from, to) : readRange(blob.path, from, to)
    },
    stream,
  }
}

/** @returns null where compressing does not help; found out on a sample, since most big things are packed already */
async function smaller(bytes: Uint8Array): Promise<Uint8Array | null> {
  if (bytes.length < WORTH_COMPRESSING_BYTES) return null
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  if ((await compress(sample, FAST)).length > sample.length * 0.9) return null
  const small = bytes.length === sample.length ? await compress(sample, FAST) : await compress(bytes, FAST)
  return small.length < bytes.length ? small : null
}

async function* decompressed(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path)
  const plain = createZstdDecompress()
  file.on('error', (cause) => plain.destroy(cause))
  try {
    for await (const piece of file.pipe(plain)) yield piece as Uint8Array
  } finally {
    file.destroy()
  }
}

async function rangeOf(pieces: AsyncIterable<Uint8Array>, from: number, to: number): Promise<Uint8Array> {
  const wanted: Uint8Array[] = []
  let at = 0
  for await (const piece of pieces) {
    if (at + piece.length > from) wanted.push(piece.subarray(Math.max(0, from - at), Math.max(0, to - at)))
    at += piece.length
    if (at >= to) break
  }
  return Buffer.concat(wanted)
}

async function readRange(path: string, from: number, to: number): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.max(0, Math.min(to, size) - from))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
