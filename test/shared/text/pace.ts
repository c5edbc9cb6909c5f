/** How long pure work takes, told apart from what else the machine does. */
import { cpuUsage } from 'node:process'

/** What a text may take at most, however hostile. */
export const MOST_MS = 1000

/** Processor milliseconds: the shortest of up to three tries. */
export function msOf(work: () => void): number {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 3 && shortest >= MOST_MS; attempt++) {
    const before = cpuUsage()
    work()
    const { user, system } = cpuUsage(before)
    shortest = Math.min(shortest, (user + system) / 1000)
  }
  return shortest
}
