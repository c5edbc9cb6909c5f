/** Walks the chain alone: canonical form, seq, prev. Constant memory, one hash an entry; says nothing of root or acts. */
import type { Sha256 } from './bytes.ts'
import { hexOf, utf8Of } from './bytes.ts'
import { NO_PREV } from './chain.ts'
import { isCanonical } from './canonical.ts'
import { MAX_HEADER_BYTES } from './entry.ts'

export type ChainFault = {
  readonly code: 'header-not-canonical' | 'header-invalid' | 'seq-mismatch' | 'chain-broken'
  readonly seq: number
}

export type ChainWalker = {
  /** @returns what is wrong with this header, null when nothing is */
  next(header: Uint8Array): ChainFault | null
  /** Headers so far. */
  size(): number
  /** Plain SHA-256 of the last header: what the next `prev` must be. */
  head(): string
}

const SEQ = 's'.charCodeAt(0)
const PREV = 'p'.charCodeAt(0)

export function chainWalker(hash: Sha256): ChainWalker {
  let size = 0
  let head: Uint8Array | null = null
  let bytes: Uint8Array = new Uint8Array()
  let seqFrom = 0
  let seqTo = 0
  let prevFrom = 0
  let prevTo = 0
  // "prev" and "seq" are the only keys of a header with these first letters and lengths.
  const onMember = (keyFrom: number, keyTo: number, valueFrom: number, valueTo: number) => {
    if (keyTo - keyFrom === 4 && bytes[keyFrom] === PREV && bytes[keyTo - 1] === 0x76) {
      prevFrom = valueFrom
      prevTo = valueTo
    } else if (keyTo - keyFrom === 3 && bytes[keyFrom] === SEQ && bytes[keyTo - 1] === 0x71) {
      seqFrom = valueFrom
      seqTo = valueTo
    }
  }
  const check = (): ChainFault['code'] | null => {
    seqFrom = seqTo = prevFrom = prevTo = 0
    if (bytes.length > MAX_HEADER_BYTES || bytes[0] !== 0x7b || !isCanonical(bytes, onMember)) {
      return 'header-not-canonical'
    }
    if (prevTo - prevFrom !== 66) return 'header-invalid'
    if (!isNumber(bytes, seqFrom, seqTo, size)) return 'seq-mismatch'
    return isHexOf(bytes, prevFrom + 1, head) ? null : 'chain-broken'
  }
  return {
    next(header) {
      bytes = header
      const code = check()
      head = hash(header)
      size++
      return code && { code, seq: size - 1 }
    },
    size: () => size,
    head: () => (head === null ? NO_PREV : hexOf(head)),
  }
}

function isNumber(bytes: Uint8Array, from: number, to: number, expected: number): boolean {
  let value = 0
  for (let at = from; at < to; at++) value = value * 10 + (bytes[at] ?? 0) - 0x30
  return from < to && value === expected
}

/** Whether 64 bytes are the hex digits of a hash; null is 32 zero bytes. */
function isHexOf(bytes: Uint8Array, from: number, hash: Uint8Array | null): boolean {
  for (let at = 0; at < 32; at++) {
    const byte = hash === null ? 0 : (hash[at] ?? 0)
    if (bytes[from + at * 2] !== HEX[byte >> 4] || bytes[from + at * 2 + 1] !== HEX[byte & 15]) return false
  }
  return true
}

const HEX = utf8Of('0123456789abcdef')
