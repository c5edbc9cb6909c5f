/** A run's entries with the state at each of them: the same fold, stopped earlier. Snapshots are a cache, never a source. */
import { asRunEvent, type Recorded } from '../../../shared/model/events.ts'
import { fold } from '../../../shared/run/fold.ts'
import type { Run } from '../../../shared/run/state.ts'
import { foldWords, NO_WORDS, type RunWords } from '../../../shared/run/wording.ts'

export type Moment = { readonly run: Run | null; readonly words: RunWords }

export type History = {
  readonly entries: readonly Recorded[]
  /** The state after entry `index`, 0-based. */
  at(index: number): Moment
}

const SNAPSHOT_EVERY = 100
const START: Moment = { run: null, words: NO_WORDS }

export function historyOf(entries: readonly Recorded[]): History {
  const snapshots: Moment[] = []
  return {
    entries,
    at(index) {
      const end = Math.min(index, entries.length - 1) + 1
      for (let number = snapshots.length; number < Math.floor(end / SNAPSHOT_EVERY); number += 1) {
        snapshots.push(
          advance(snapshots[number - 1] ?? START, entries, number * SNAPSHOT_EVERY, (number + 1) * SNAPSHOT_EVERY),
        )
      }
      const whole = Math.floor(end / SNAPSHOT_EVERY)
      return advance(snapshots[whole - 1] ?? START, entries, whole * SNAPSHOT_EVERY, end)
    },
  }
}

function advance(from: Moment, entries: readonly Recorded[], start: number, end: number): Moment {
  let { run, words } = from
  for (const entry of entries.slice(start, end)) {
    const event = asRunEvent(entry)
    if (event === null) continue
    run = fold(run, event)
    words = foldWords(words, event)
  }
  return { run, words }
}

/** The last entry at or before a time; the first where none is. */
export function indexAtTime(entries: readonly Recorded[], ms: number): number {
  let low = 0
  let high = entries.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (Date.parse(entries[middle]?.at ?? '') <= ms) low = middle
    else high = middle - 1
  }
  return low
}
