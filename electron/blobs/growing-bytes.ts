/** Bytes that are added to, up to about a limit, in one buffer that grows with them: many quiet streams stay small. */

export type GrowingBytes = {
  length(): number
  /** Copies: what was given may be used again by its owner. */
  add(bytes: Uint8Array): void
  /** What there is, not copied: it stays right as long as nobody writes into it. */
  view(): Uint8Array
}

const FIRST_BYTES = 16_384
const GROWTH = 8

export function growingBytes(usualLimit: number): GrowingBytes {
  let buffer = Buffer.alloc(0)
  let length = 0
  return {
    length: () => length,
    add(bytes) {
      const needed = length + bytes.length
      if (needed > buffer.length) {
        const grown = Math.max(FIRST_BYTES, buffer.length * GROWTH)
        const wider = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(grown, usualLimit)))
        wider.set(buffer.subarray(0, length))
        buffer = wider
      }
      buffer.set(bytes, length)
      length = needed
    },
    view: () => buffer.subarray(0, length),
  }
}
