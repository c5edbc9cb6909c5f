/** The tree: the reference vectors of RFC 6962 implementations, proofs of every size, and proofs that must fail. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOfHex, concat, hexOf } from '../../../shared/journal/bytes.ts'
import {
  blobTree,
  consistencyProof,
  edgeAt,
  edgeTree,
  fullTree,
  inclusionProof,
  leafHash,
  nodesCompletedBy,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from '../../../shared/journal/merkle.ts'
import { sha256 } from './node-crypto.ts'

const hex = (text: string): Uint8Array => bytesOfHex(text) ?? new Uint8Array()

// The leaves and hashes of Certificate Transparency's reference tests (github.com/transparency-dev/merkle, testonly).
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  hex,
)
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const A = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e'
const B = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'
const D = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0'
const F = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a'
const INCLUSION: readonly (readonly [index: number, size: number, proof: readonly string[]])[] = [
  [0, 1, []],
  [0, 8, [D, A, C]],
  [5, 8, [B, E, ROOTS[4] ?? '']],
  [2, 3, [ROOTS[2] ?? '']],
  [1, 5, [ROOTS[1] ?? '', A, B]],
]
const CONSISTENCY: readonly (readonly [first: number, second: number, proof: readonly string[]])[] = [
  [1, 1, []],
  [1, 8, [D, A, C]],
  [6, 8, [F, E, ROOTS[4] ?? '']],
  [2, 5, [A, B]],
]

function treeOf(leaves: readonly Uint8Array[]) {
  const tree = fullTree(sha256)
  for (const leaf of leaves) tree.append(leafHash(sha256, leaf))
  return tree
}

/** RFC 6962 §2.1, word for word. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return sha256(new Uint8Array())
  if (leaves.length === 1) return sha256(concat(Uint8Array.of(0), only))
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(concat(Uint8Array.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k))))
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => Uint8Array.of(n & 255, n >> 8))

describe('published vectors', () => {
  test('roots', () => {
    const tree = treeOf(LEAVES)
    const edge = edgeTree(sha256)
    for (const [size, root] of ROOTS.entries()) {
      expect(hexOf(rootAt(sha256, size, tree.node))).toBe(root)
      expect(hexOf(edge.root())).toBe(root)
      const leaf = LEAVES[size]
      if (leaf) edge.append(leafHash(sha256, leaf))
    }
  })
  test.each(INCLUSION)('inclusion of leaf %i in %i', (index, size, proof) => {
    expect(inclusionProof(sha256, index, size, treeOf(LEAVES).node).map(hexOf)).toEqual(proof)
    const leaf = leafHash(sha256, LEAVES[index] ?? new Uint8Array())
    expect(verifyInclusion(sha256, { index, size, leaf, root: hex(ROOTS[size] ?? '') }, proof.map(hex))).toBe(true)
  })
  test.each(CONSISTENCY)('consistency from %i to %i', (first, second, proof) => {
    expect(consistencyProof(sha256, first, second, treeOf(LEAVES).node).map(hexOf)).toEqual(proof)
    expect(
      verifyConsistency(
        sha256,
        { size: first, root: hex(ROOTS[first] ?? '') },
        { size: second, root: hex(ROOTS[second] ?? '') },
        proof.map(hex),
      ),
    ).toBe(true)
  })
})

describe('every size up to 40', () => {
  const leaves = numbered(40)
  const tree = treeOf(leaves)
  const roots = Array.from({ length: 41 }, (_, size) => mth(leaves.slice(0, size)))
  test('roots are those of the definition, and an edge goes on where it stopped', () => {
    for (const [size, root] of roots.entries()) {
      expect(hexOf(rootAt(sha256, size, tree.node))).toBe(hexOf(root))
      const resumed = edgeTree(sha256, { size, edge: edgeAt(size, tree.node) })
      expect(hexOf(resumed.root())).toBe(hexOf(root))
      for (const leaf of leaves.slice(size)) resumed.append(leafHash(sha256, leaf))
      expect(hexOf(resumed.root())).toBe(hexOf(roots[40] ?? root))
    }
  })
  test('inclusion proofs verify for their leaf and for no other claim', () => {
    for (let size = 1; size <= 40; size++) {
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(sha256, index, size, tree.node)
        const claim = { index, size, leaf: tree.node(0, index), root: roots[size] ?? new Uint8Array() }
        expect(verifyInclusion(sha256, claim, proof)).toBe(true)
        const other = tree.node(0, (index + 1) % 40)
        const [first] = proof
        const wrong: (readonly [typeof claim, readonly Uint8Array[]])[] = [
          [{ ...claim, index: index === 0 ? size : index - 1 }, proof],
          [{ ...claim, index: index + size }, proof],
          [{ ...claim, size: size * 2 }, proof],
          [{ ...claim, leaf: other }, proof],
          [{ ...claim, root: other }, proof],
          [claim, [...proof, other]],
          [claim, [other, ...proof]],
          ...(first ? [[claim, proof.slice(1)] as const, [claim, proof.slice(0, -1)] as const] : []),
          ...(first ? [[claim, [first.subarray(1), ...proof.slice(1)]] as const] : []),
        ]
        for (const [changed, path] of wrong) expect(verifyInclusion(sha256, changed, path)).toBe(false)
      }
    }
  })
  test('consistency proofs verify for their pair and for no other', () => {
    for (let second = 1; second <= 40; second++) {
      for (let first = 0; first <= second; first++) {
        const proof = consistencyProof(sha256, first, second, tree.node)
        const from = { size: first, root: roots[first] ?? new Uint8Array() }
        const to = { size: second, root: roots[second] ?? new Uint8Array() }
        expect(verifyConsistency(sha256, from, to, proof)).toBe(true)
        const other = tree.node(0, 0)
        expect(verifyConsistency(sha256, from, to, [...proof, other])).toBe(false)
        expect(verifyConsistency(sha256, from, to, [other, ...proof])).toBe(false)
        expect(verifyConsistency(sha256, { ...from, root: leafHash(sha256, other) }, to, proof)).toBe(false)
        if (first > 0)
          expect(verifyConsistency(sha256, from, { ...to, root: leafHash(sha256, other) }, proof)).toBe(false)
        if (first > 0 && first < second) {
          expect(verifyConsistency(sha256, from, to, proof.slice(1))).toBe(false)
          expect(verifyConsistency(sha256, to, from, proof)).toBe(false)
          expect(verifyConsistency(sha256, { ...from, size: first - 1 }, to, proof)).toBe(false)
        }
      }
    }
  })
  test('the nodes that a leaf completes are all nodes there are', () => {
    const nodes = leaves.flatMap((_, index) => nodesCompletedBy(index)).map(({ level, index }) => `${level}/${index}`)
    expect(new Set(nodes).size).toBe(nodes.length)
    expect(nodes.length).toBe(40 + 20 + 10 + 5 + 2 + 1)
    for (const node of nodes) {
      const [level, index] = node.split('/').map(Number)
      expect(tree.node(level ?? 0, index ?? 0).length).toBe(32)
    }
    expect(() => tree.node(3, 5)).toThrow(RangeError)
  })
})

test('a blob’s tree does not depend on how it streams by', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.integer({ min: 1, max: 30 })), (bytes, cuts) => {
      const tree = blobTree(sha256, 16)
      let at = 0
      for (const cut of cuts) {
        tree.write(bytes.subarray(at, at + cut))
        at = Math.min(bytes.length, at + cut)
      }
      tree.write(bytes.subarray(at))
      const chunks = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, n) => bytes.subarray(n * 16, n * 16 + 16))
      expect(hexOf(tree.root())).toBe(hexOf(mth(chunks)))
    }),
  )
})
