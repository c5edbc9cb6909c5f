/** Clock and randomness of this machine, where nothing else was given. */
import { randomBytes } from 'node:crypto'
import type { Clock } from './journal-writer.ts'

export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), mono: () => performance.now() }

export function systemRandom(bytes: number): Uint8Array {
  return randomBytes(bytes)
}
