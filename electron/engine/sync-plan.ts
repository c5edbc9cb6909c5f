/** How an archive stands to a journal, and into which folder what is missing is to be written. FORMAT.md section 8. */
import { archiveSource } from '../../shared/journal/archive-source.ts'
import { hexOf, textOf } from '../../shared/journal/bytes.ts'
import type { Sha256 } from '../../shared/journal/bytes.ts'
import { parseCheckpoint } from '../../shared/journal/checkpoint.ts'
import { edgeTree, leafHash, rootAt } from '../../shared/journal/merkle.ts'
import type { FullTree } from '../../shared/journal/merkle.ts'
import { CHECKPOINT_PATH, FORK_FOLDER, originFolder } from '../../shared/journal/tiles.ts'
import type { Archive } from './ports.ts'

/** A journal at the moment of its newest seal: what a sync brings. @property tree of exactly its entries */
export type Sealed = { readonly origin: string; readonly note: string; readonly root: string; readonly tree: FullTree }

export type SyncPlan =
  | {
      /** grows: the archive holds an earlier part of this journal. fork: it holds another one under the same name. */
      readonly kind: 'grows' | 'fork'
      /** Ended by a slash. */
      readonly folder: string
      /** So many entries are there already. */
      readonly from: number
    }
  | { readonly kind: 'ahead'; readonly size: number }
  /** What stands in the checkpoint's place is none of this journal: what the archive holds cannot be told. */
  | { readonly kind: 'damaged'; readonly path: string }

export async function planSync(archive: Archive, sealed: Sealed, sha256: Sha256): Promise<SyncPlan> {
  const folder = `${originFolder(sealed.origin)}/`
  const bytes = await archive.read(folder + CHECKPOINT_PATH)
  if (bytes === null) return { kind: 'grows', folder, from: 0 }
  const stored = parseCheckpoint(textOf(bytes) ?? '')?.checkpoint
  const size = sealed.tree.size()
  if (stored?.origin !== sealed.origin) return { kind: 'damaged', path: folder + CHECKPOINT_PATH }
  if (stored.size <= size && hexOf(rootAt(sha256, stored.size, sealed.tree.node)) === hexOf(stored.root)) {
    return { kind: 'grows', folder, from: stored.size }
  }
  // It has more: this is an older copy of the same journal, or another one altogether.
  if (stored.size > size && (await rootInArchive(archive, sealed.origin, size, sha256)) === sealed.root) {
    return { kind: 'ahead', size: stored.size }
  }
  return planFork(archive, sealed, `${folder}${FORK_FOLDER}/${sealed.root}/`)
}

/** Both stay readable. A fork is brought again as often as its journal is synced: what is there is not written twice. */
async function planFork(archive: Archive, sealed: Sealed, folder: string): Promise<SyncPlan> {
  const stored = await archive.read(folder + CHECKPOINT_PATH)
  return { kind: 'fork', folder, from: stored !== null && textOf(stored) === sealed.note ? sealed.tree.size() : 0 }
}

/** The root over the archive's first entries, hex; null where they are not all there. */
async function rootInArchive(archive: Archive, origin: string, size: number, sha256: Sha256): Promise<string | null> {
  const tree = edgeTree(sha256)
  const source = await archiveSource(archive, origin)
  for await (const entry of source.entries(0)) {
    if (tree.size() === size || entry.seq !== tree.size()) break
    tree.append(leafHash(sha256, entry.header))
  }
  return tree.size() === size ? hexOf(tree.root()) : null
}
