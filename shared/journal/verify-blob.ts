/** Re-reads every blob that an entry binds, once each. FORMAT.md section 2.3. */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { hexOf } from './bytes.ts'
import type { BoundBlob } from './entry.ts'
import { BLOB_CHUNK_BYTES } from './entry.ts'
import { blobTree } from './merkle.ts'
import type { JournalCrypto, JournalSource, Report } from './source.ts'

/** What a blob's bytes are; null: not there. */
type Measured = { readonly sha256: string; readonly size: number; readonly tree: string } | null

export type BlobChecker = {
  check(blobs: readonly BoundBlob[], at: number): Promise<void>
  missing(): readonly { readonly seq: number; readonly index: number; readonly sha256: string }[]
}

/** A source without blobs is checked without them. */
export function blobChecker(source: JournalSource, crypto: JournalCrypto, report: Report): BlobChecker {
  const digest = crypto.sha256Stream ?? (() => nobleSha256.create())
  const measured = new Map<string, Measured>()
  const missing: { seq: number; index: number; sha256: string }[] = []
  const measure = async (sha256: string): Promise<Measured> => {
    const bytes = await source.blob?.(sha256)
    if (!bytes) return null
    const whole = digest()
    const tree = blobTree(crypto.sha256, BLOB_CHUNK_BYTES)
    let size = 0
    for await (const piece of bytes) {
      whole.update(piece)
      tree.write(piece)
      size += piece.length
    }
    return { sha256: hexOf(whole.digest()), size, tree: hexOf(tree.root()) }
  }
  return {
    async check(blobs, at) {
      if (!source.blob) return
      for (const [index, blob] of blobs.entries()) {
        if (!measured.has(blob.sha256)) measured.set(blob.sha256, await measure(blob.sha256))
        const found = measured.get(blob.sha256)
        if (!found) missing.push({ seq: at, index, sha256: blob.sha256 })
        else if (found.sha256 !== blob.sha256 || found.size !== blob.size || found.tree !== blob.tree) {
          report('blob-mismatch', at, `blob ${blob.sha256} is not what the entry binds`)
        }
      }
    },
    missing: () => missing,
  }
}
