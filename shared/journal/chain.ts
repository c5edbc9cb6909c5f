/** The chain: each header holds the plain SHA-256 of the one before, so that `sha256sum` alone can walk it. */
import { hexOf } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import type { Header } from './entry.ts'
import { encodeHeader } from './entry.ts'

/** `prev` of entry 0. */
export const NO_PREV = '0'.repeat(64)

/** What the next header's `prev` must be. @param previous the bytes of the previous header, null before entry 0 */
export function prevOf(hash: Sha256, previous: Uint8Array | null): string {
  return previous === null ? NO_PREV : hexOf(hash(previous))
}

/** The end of a chain: what the next header is built on. */
export type ChainEnd = { readonly seq: number; readonly prev: string }

export const CHAIN_START: ChainEnd = { seq: 0, prev: NO_PREV }

/** Puts the next header on the chain. @throws as encodeHeader */
export function chainNext(
  hash: Sha256,
  end: ChainEnd,
  header: Omit<Header, 'v' | 'seq' | 'prev'>,
): { readonly header: Header; readonly bytes: Uint8Array; readonly end: ChainEnd } {
  const whole: Header = { ...header, v: 1, seq: end.seq, prev: end.prev }
  const bytes = encodeHeader(whole)
  return { header: whole, bytes, end: { seq: end.seq + 1, prev: prevOf(hash, bytes) } }
}
