/** Clock and randomness of this machine, where nothing else was given. */
import { randomFillSync } from 'node:crypto'
import type { Clock } from './journal-writer.ts'

export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), mono: () => performance.now() }

/** Asking the system costs the same for many bytes as for a few, and each entry has a salt. */
const pool = new Uint8Array(4096)
let used = pool.length

/** Bytes that nobody else is given. */
export function systemRandom(bytes: number): Uint8Array {
  if (bytes > pool.length) return randomFillSync(new Uint8Array(bytes))
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const taken = pool.slice(used, used + bytes)
  // What was handed out is not kept here.
  pool.fill(0, used, used + bytes)
  used += bytes
  return taken
}
