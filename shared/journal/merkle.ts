/** The RFC 6962 tree: growing it, its roots, and proofs (RFC 9162 §2.1). Hashes are 32 bytes. */
import { concat, hexOf, sameBytes } from './bytes.ts'
import type { Sha256 } from './bytes.ts'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

export function leafHash(hash: Sha256, entry: Uint8Array): Uint8Array {
  return hash(concat(LEAF, entry))
}

export function nodeHash(hash: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash(concat(NODE, left, right))
}

/**
 * The hash of a complete subtree: leaves index · 2^level to (index + 1) · 2^level − 1. Level 0 are the leaves.
 * Asked only for subtrees that are complete at the size in question.
 */
export type NodeReader = (level: number, index: number) => Uint8Array

/** A tree that keeps only its right edge: log2(size) hashes. */
export type EdgeTree = {
  size(): number
  /** @param leaf its leaf hash */
  append(leaf: Uint8Array): void
  root(): Uint8Array
  /** The complete subtrees of the edge, largest first; hand it to `edgeTree` to go on later. */
  edge(): readonly Uint8Array[]
}

/** @param from size and edge of a tree to go on from */
export function edgeTree(
  hash: Sha256,
  from?: { readonly size: number; readonly edge: readonly Uint8Array[] },
): EdgeTree {
  const edge = [...(from?.edge ?? [])]
  let size = from?.size ?? 0
  return {
    size: () => size,
    append(leaf) {
      let node = leaf
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = edge.pop()
        if (left === undefined) throw new RangeError('the edge is shorter than the size says')
        node = nodeHash(hash, left, node)
      }
      edge.push(node)
      size++
    },
    root: () => rootOfEdge(hash, edge),
    edge: () => [...edge],
  }
}

function rootOfEdge(hash: Sha256, edge: readonly Uint8Array[]): Uint8Array {
  const last = edge.at(-1)
  if (last === undefined) return hash(new Uint8Array())
  return edge.slice(0, -1).reduceRight((right, left) => nodeHash(hash, left, right), last)
}

/** A tree that keeps every complete subtree, 64 bytes an entry: roots at any earlier size, proofs, tiles. */
export type FullTree = {
  size(): number
  append(leaf: Uint8Array): void
  readonly node: NodeReader
}

export function fullTree(hash: Sha256): FullTree {
  const levels: { bytes: Uint8Array; length: number }[] = []
  const push = (level: number, node: Uint8Array) => {
    const row = (levels[level] ??= { bytes: new Uint8Array(1024), length: 0 })
    if (row.length === row.bytes.length) {
      const wider = new Uint8Array(row.bytes.length * 2)
      wider.set(row.bytes)
      row.bytes = wider
    }
    row.bytes.set(node, row.length)
    row.length += 32
    const count = row.length / 32
    if (count % 2 === 0) {
      push(level + 1, hash(concat(NODE, row.bytes.subarray(row.length - 64, row.length))))
    }
  }
  return {
    size: () => (levels[0]?.length ?? 0) / 32,
    append: (leaf) => push(0, leaf),
    node(level, index) {
      const row = levels[level]
      if (row === undefined || (index + 1) * 32 > row.length) {
        throw new RangeError(`the tree has no complete node ${level}/${index}`)
      }
      return row.bytes.slice(index * 32, (index + 1) * 32)
    },
  }
}

/** Nodes that complete when a leaf is put at `index`, as (level, index); the leaf itself first. For a store of nodes. */
export function nodesCompletedBy(index: number): readonly { readonly level: number; readonly index: number }[] {
  const nodes = [{ level: 0, index }]
  for (let level = 0, at = index; at % 2 === 1; level++) {
    at = (at - 1) / 2
    nodes.push({ level: level + 1, index: at })
  }
  return nodes
}

/** The root at a size. */
export function rootAt(hash: Sha256, size: number, node: NodeReader): Uint8Array {
  return size === 0 ? hash(new Uint8Array()) : rangeHash(hash, 0, size, node)
}

/** The right edge at a size, to go on growing from. */
export function edgeAt(size: number, node: NodeReader): readonly Uint8Array[] {
  const edge: Uint8Array[] = []
  let from = 0
  for (let width = 2 ** 52, level = 52; width >= 1; width /= 2, level--) {
    if (size - from < width) continue
    edge.push(node(level, from / width))
    from += width
  }
  return edge
}

/** MTH of the leaves from (inclusive) to (exclusive); from is a multiple of the power of two that spans them. */
function rangeHash(hash: Sha256, from: number, to: number, node: NodeReader): Uint8Array {
  const width = to - from
  const level = Math.log2(width)
  if (Number.isInteger(level) && from % width === 0) return node(level, from / width)
  const split = from + splitOf(width)
  return nodeHash(hash, rangeHash(hash, from, split, node), rangeHash(hash, split, to, node))
}

/** The largest power of two below n, for n > 1. */
function splitOf(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}

/**
 * Inclusion proof of one leaf (RFC 9162 §2.1.3.1).
 * @param index 0-based, below size
 * @returns sibling hashes, leaf to root
 * @throws RangeError when index ≥ size
 */
export function inclusionProof(hash: Sha256, index: number, size: number, node: NodeReader): readonly Uint8Array[] {
  if (index < 0 || index >= size) throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const path = (at: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return []
    const split = from + splitOf(to - from)
    return at < split
      ? [...path(at, from, split), rangeHash(hash, split, to, node)]
      : [...path(at, split, to), rangeHash(hash, from, split, node)]
  }
  return path(index, 0, size)
}

/**
 * Consistency proof between two sizes (RFC 9162 §2.1.4.1). Empty when the sizes are equal or the first is 0.
 * @throws RangeError when first > second
 */
export function consistencyProof(hash: Sha256, first: number, second: number, node: NodeReader): readonly Uint8Array[] {
  if (first < 0 || first > second) throw new RangeError(`no proof from ${first} to ${second}`)
  if (first === 0) return []
  const subproof = (size: number, from: number, to: number, isWhole: boolean): Uint8Array[] => {
    if (size === to) return isWhole ? [] : [rangeHash(hash, from, to, node)]
    const split = from + splitOf(to - from)
    return size <= split
      ? [...subproof(size, from, split, isWhole), rangeHash(hash, split, to, node)]
      : [...subproof(size, split, to, false), rangeHash(hash, from, split, node)]
  }
  return subproof(first, 0, second, true)
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(
  hash: Sha256,
  claim: { readonly index: number; readonly size: number; readonly leaf: Uint8Array; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(claim.index) || claim.index < 0 || claim.index >= claim.size) return false
  if (!areHashes([claim.leaf, claim.root, ...proof])) return false
  let at = claim.index
  let last = claim.size - 1
  let node = claim.leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      node = nodeHash(hash, sibling, node)
      while (at % 2 === 0 && at !== 0) {
        at /= 2
        last = Math.floor(last / 2)
      }
    } else {
      node = nodeHash(hash, node, sibling)
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameBytes(node, claim.root)
}

/** RFC 9162 §2.1.4.2; from size 0 anything follows, with an empty proof. */
export function verifyConsistency(
  hash: Sha256,
  first: { readonly size: number; readonly root: Uint8Array },
  second: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(first.size) || first.size < 0 || first.size > second.size) return false
  if (!areHashes([first.root, second.root, ...proof])) return false
  if (first.size === second.size) return proof.length === 0 && sameBytes(first.root, second.root)
  if (first.size === 0) return proof.length === 0 && hexOf(first.root) === hexOf(hash(new Uint8Array()))
  const isPower = Number.isInteger(Math.log2(first.size))
  const path = isPower ? [first.root, ...proof] : proof
  const start = path[0]
  if (start === undefined || proof.length === 0) return false
  let at = first.size - 1
  let last = second.size - 1
  while (at % 2 === 1) {
    at = (at - 1) / 2
    last = Math.floor(last / 2)
  }
  let oldRoot = start
  let newRoot = start
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      oldRoot = nodeHash(hash, sibling, oldRoot)
      newRoot = nodeHash(hash, sibling, newRoot)
      while (at % 2 === 0 && at !== 0) {
        at /= 2
        last = Math.floor(last / 2)
      }
    } else {
      newRoot = nodeHash(hash, newRoot, sibling)
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameBytes(oldRoot, first.root) && sameBytes(newRoot, second.root)
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === 32)
}

/** Root over chunks of a blob, as it streams by; `chunkBytes` each, the last may be shorter. */
export function blobTree(hash: Sha256, chunkBytes: number): { write(bytes: Uint8Array): void; root(): Uint8Array } {
  const tree = edgeTree(hash)
  let chunk = new Uint8Array(chunkBytes)
  let held = 0
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const take = Math.min(chunkBytes - held, bytes.length - at)
        chunk.set(bytes.subarray(at, at + take), held)
        held += take
        at += take
        if (held === chunkBytes) {
          tree.append(leafHash(hash, chunk))
          chunk = new Uint8Array(chunkBytes)
          held = 0
        }
      }
    },
    /** Ends the blob. */
    root() {
      if (held > 0) tree.append(leafHash(hash, chunk.subarray(0, held)))
      held = 0
      return tree.root()
    },
  }
}
