/** Whether the clock was set between two entries: `at` is a claim, and `mono` of the same start of the console goes on whatever is claimed. */
import type { Header } from './entry.ts'

/** What is less is rounding, and a clock that is kept in time. */
const LEAST_MS = 1000

/** @returns ms by which the clock went ahead of the time that passed, negative: back; null: not told, or within a second */
export function clockStep(
  before: Pick<Header, 'at' | 'mono' | 'boot'>,
  after: Pick<Header, 'at' | 'mono' | 'boot'>,
): number | null {
  if (before.boot !== after.boot) return null
  const claimed = Date.parse(after.at) - Date.parse(before.at)
  const step = claimed - (after.mono - before.mono)
  return Math.abs(step) < LEAST_MS ? null : step
}
