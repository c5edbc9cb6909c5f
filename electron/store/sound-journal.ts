/**
 * Reads a whole journal before anything is added to it: every header and payload, the tree they give, the seal over it,
 * and the high-water mark outside. A journal that was cut, edited or put back from a copy is never appended to.
 */
import { hexOf, sameBytes } from '../../shared/journal/bytes.ts'
import { parseCheckpoint } from '../../shared/journal/checkpoint.ts'
import { NO_PREV, prevOf } from '../../shared/journal/chain.ts'
import { fullTree, leafHash, rootAt } from '../../shared/journal/merkle.ts'
import type { FullTree } from '../../shared/journal/merkle.ts'
import { isSignedBy, parseVkey } from '../../shared/journal/note.ts'
import type { Mark } from '../../shared/journal/trust.ts'
import type { JournalCrypto } from '../../shared/journal/source.ts'
import { entryIndex } from './entry-index.ts'
import type { EntryIndex } from './entry-index.ts'
import type { FullRow, Rows } from './rows.ts'
import { damaged, headerOf, textOf } from './stored-entry.ts'

export type SoundJournal = { readonly origin: string; readonly tree: FullTree; readonly index: EntryIndex }

const STEP = 1000

/** @throws JournalError `damaged`, with seq and code of FORMAT.md */
export async function readSound(rows: Rows, crypto: JournalCrypto): Promise<SoundJournal> {
  const origin = rows.meta('origin') ?? ''
  const tree = fullTree(crypto.sha256)
  const index = entryIndex()
  const size = rows.size()
  let prev = NO_PREV
  for (let from = 0; from < size; from += STEP) {
    for (const row of rows.between(from, Math.min(size, from + STEP)))
      prev = take(row, prev, origin, tree, index, crypto)
    // A long journal must not hold up a window that is waiting to be shown.
    await new Promise((done) => setImmediate(done))
  }
  if (tree.size() < size) throw damaged(tree.size(), 'seq-gap', 'it is missing')
  await checkSeal(rows, origin, tree, crypto)
  return { origin, tree, index }
}

function take(
  row: FullRow,
  prev: string,
  origin: string,
  tree: FullTree,
  index: EntryIndex,
  crypto: JournalCrypto,
): string {
  const seq = tree.size()
  if (row.seq !== seq) throw damaged(seq, 'seq-gap', 'it is missing')
  const leaf = leafHash(crypto.sha256, row.header)
  if (!sameBytes(leaf, row.leaf)) throw damaged(seq, 'leaf-mismatch', 'its header was changed')
  const header = headerOf(seq, row.header)
  if (header.prev !== prev) throw damaged(seq, 'chain-broken', 'it does not follow the entry before it')
  if (header.origin !== origin) throw damaged(seq, 'origin-mismatch', 'it belongs to another journal')
  index.absorb(header, textOf(header, row.payload))
  tree.append(leaf)
  return prevOf(crypto.sha256, row.header)
}

async function checkSeal(rows: Rows, origin: string, tree: FullTree, crypto: JournalCrypto): Promise<void> {
  const size = tree.size()
  const row = rows.lastCheckpoint()
  const vkey = parseVkey(crypto.sha256, rows.meta('vkey') ?? '')
  const parsed = row && parseCheckpoint(row.note)
  if (row === null) throw damaged(size - 1, 'checkpoint-missing', 'no seal covers it')
  if (parsed === null) throw damaged(size - 1, 'checkpoint-invalid', 'the seal over it is not readable')
  if (vkey === null) throw damaged(0, 'vkey-mismatch', 'the key of its seals is not readable')
  const { checkpoint, note } = parsed
  const isRight = checkpoint.origin === origin && checkpoint.size === row.size && sameBytes(checkpoint.root, row.root)
  if (!isRight) throw damaged(size - 1, 'checkpoint-invalid', 'the seal over it is not readable')
  if (!(await isSignedBy(note, vkey, crypto.verifyEd25519))) {
    throw damaged(size - 1, 'checkpoint-signature', 'the seal over it was not made by this console')
  }
  if (row.size !== size)
    throw damaged(
      Math.min(size, row.size),
      'checkpoint-size',
      `the seal is over ${row.size} entries, and ${size} are here`,
    )
  if (!sameBytes(rootAt(crypto.sha256, size, tree.node), row.root)) {
    throw damaged(size - 1, 'root-mismatch', 'what is here is not what was sealed')
  }
}

/** How the journal stands to the mark: `behind` and `inconsistent` must not be appended to. */
export function againstMark(tree: FullTree, mark: Mark, crypto: JournalCrypto): 'ahead' | 'behind' | 'inconsistent' {
  if (tree.size() < mark.size) return 'behind'
  return hexOf(rootAt(crypto.sha256, mark.size, tree.node)) === mark.root ? 'ahead' : 'inconsistent'
}
