/** The chain alone, on the golden journal and on copies that are damaged one byte at a time. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hexOf } from '../../../shared/journal/bytes.ts'
import { chainWalker } from '../../../shared/journal/verify-chain.ts'
import { sha256 } from './node-crypto.ts'

const FILE = '../../fixtures/journal/golden/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee/journal.jsonl'
const headers = readFileSync(join(import.meta.dirname, FILE), 'utf8')
  .split('\n')
  .slice(0, -1)
  .map((line) => Buffer.from(line))

function walk(lines: readonly Uint8Array[]) {
  const walker = chainWalker(sha256)
  const faults = lines.map((line) => walker.next(line)).filter((fault) => fault !== null)
  return { faults, size: walker.size(), head: walker.head() }
}

test('the golden chain holds', () => {
  expect(walk(headers)).toEqual({ faults: [], size: 283, head: hexOf(sha256(headers[282] ?? new Uint8Array())) })
})

test('each byte of a header counts', () => {
  const [first, second, third] = [headers[0], headers[1], headers[2]]
  if (!first || !second || !third) throw new Error('the golden journal is short')
  for (let at = 0; at < second.length; at++) {
    const damaged = Buffer.from(second)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    expect(walk([first, damaged, third]).faults.at(-1)).toEqual({ code: 'chain-broken', seq: 2 })
  }
})

test('dropped, swapped and repeated entries are found where they are', () => {
  const at = (...seqs: number[]) => walk(seqs.map((seq) => headers[seq] ?? new Uint8Array())).faults[0]
  expect(at(0, 1, 2, 3)).toBeUndefined()
  expect(at(0, 1, 3)).toEqual({ code: 'seq-mismatch', seq: 2 })
  expect(at(0, 2, 1, 3)).toEqual({ code: 'seq-mismatch', seq: 1 })
  expect(at(0, 1, 1)).toEqual({ code: 'seq-mismatch', seq: 2 })
  expect(at(1)).toEqual({ code: 'seq-mismatch', seq: 0 })
})
