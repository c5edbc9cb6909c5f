/** SHA-256 of bytes and the RFC 6962 root over their chunks, as they stream by. FORMAT.md section 2.3. */
import { createHash, hash } from 'node:crypto'
import { BLOB_CHUNK_BYTES } from '../../shared/journal/entry.ts'
import { edgeTree } from '../../shared/journal/merkle.ts'

export type BlobDigest = { readonly sha256: string; readonly size: number; readonly tree: string }

const LEAF = Uint8Array.of(0)

export function blobDigest(): { update(bytes: Uint8Array): void; end(): BlobDigest } {
  const whole = createHash('sha256')
  const tree = edgeTree((bytes) => hash('sha256', bytes, 'buffer'))
  let chunk = createHash('sha256').update(LEAF)
  let inChunk = 0
  let size = 0
  const closeChunk = () => {
    tree.append(chunk.digest())
    chunk = createHash('sha256').update(LEAF)
    inChunk = 0
  }
  return {
    update(bytes) {
      whole.update(bytes)
      size += bytes.length
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.subarray(at, at + BLOB_CHUNK_BYTES - inChunk)
        chunk.update(piece)
        inChunk += piece.length
        at += piece.length
        if (inChunk === BLOB_CHUNK_BYTES) closeChunk()
      }
    },
    end() {
      if (inChunk > 0) closeChunk()
      return { sha256: whole.digest('hex'), size, tree: Buffer.from(tree.root()).toString('hex') }
    },
  }
}

export function digestOfBlob(bytes: Uint8Array): BlobDigest {
  const digest = blobDigest()
  digest.update(bytes)
  return digest.end()
}
