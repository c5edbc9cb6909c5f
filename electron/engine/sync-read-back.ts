/**
 * Reads an archive back over a fresh connection, as a stranger would: "the archive has everything" is said of bytes that
 * were read, never of bytes that were sent.
 */
import { archiveSource } from '../../shared/journal/archive-source.ts'
import { hexOf } from '../../shared/journal/bytes.ts'
import { BLOB_CHUNK_BYTES } from '../../shared/journal/entry.ts'
import { blobTree } from '../../shared/journal/merkle.ts'
import type { JournalCrypto, Problem } from '../../shared/journal/source.ts'
import { blobPath, originFolder } from '../../shared/journal/tiles.ts'
import { verifyJournals } from '../../shared/journal/verify.ts'
import type { Archive } from './ports.ts'
import type { Sealed } from './sync-plan.ts'
import type { BlobOf } from './sync-write.ts'

/**
 * @param folder where the journal was written: the origin's, or a fork's below it
 * @param blobs those of this sync are re-read; earlier ones were read back by their own, and must still be of their size
 * @returns what is wrong; nothing where every byte proved to be there
 */
export async function readBack(
  archive: Archive,
  folder: string,
  sealed: Sealed,
  blobs: { readonly fresh: Iterable<BlobOf>; readonly earlier: Iterable<BlobOf> },
  crypto: JournalCrypto,
): Promise<readonly Problem[]> {
  const again = await archive.reopen()
  try {
    const source = await archiveSource(seenAsOrigin(again, folder, sealed.origin), sealed.origin)
    const { origins } = await verifyJournals([source], crypto)
    const verdict = origins[0]
    const problems = (verdict?.problems ?? []).filter(({ code }) => !OF_OTHERS.has(code))
    if (verdict?.size !== sealed.tree.size() || verdict.root !== sealed.root) {
      problems.push({ code: 'root-mismatch', seq: null, message: 'what was read back is not what was sealed here' })
    }
    for (const blob of blobs.earlier) {
      if ((await again.size(folder + blobPath(blob.sha256))) !== blob.size) problems.push(notThere(blob))
    }
    for (const blob of blobs.fresh) {
      if (!(await isWhole(again, folder, blob, crypto))) problems.push(notThere(blob))
    }
    return problems
  } finally {
    await again.close()
  }
}

/** Blobs are read below, those of this sync only; a fork that lies beside this journal is not its fault. */
const OF_OTHERS: ReadonlySet<string> = new Set(['blob-missing', 'fork-present'])

function notThere(blob: BlobOf): Problem {
  return { code: 'blob-mismatch', seq: blob.seq, message: `blob ${blob.sha256} did not read back as it was written` }
}

async function isWhole(archive: Archive, folder: string, blob: BlobOf, crypto: JournalCrypto): Promise<boolean> {
  const bytes = await archive.stream(folder + blobPath(blob.sha256))
  if (bytes === null) return false
  const tree = blobTree(crypto.sha256, BLOB_CHUNK_BYTES)
  let size = 0
  for await (const piece of bytes) {
    tree.write(piece)
    size += piece.length
  }
  // The tree binds every byte; the digest in the name was taken from the same bytes here.
  return size === blob.size && hexOf(tree.root()) === blob.tree
}

/** A fork lies below its origin's folder in the same layout. */
function seenAsOrigin(archive: Archive, folder: string, origin: string): Pick<Archive, 'read' | 'stream' | 'list'> {
  const usual = `${originFolder(origin)}/`
  const at = (path: string) => (path.startsWith(usual) ? folder + path.slice(usual.length) : path)
  return {
    read: (path) => archive.read(at(path)),
    stream: (path) => (path.startsWith(`${usual}blob/`) ? Promise.resolve(null) : archive.stream(at(path))),
    list: (path) => archive.list(at(path)),
  }
}
