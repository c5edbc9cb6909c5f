/** The state at a moment: the same fold, stopped earlier. What it gives is what the live run had when that entry was written. */
import type { RecordedRunEvent } from '../model/events.ts'
import type { EntryRef } from '../model/words.ts'
import { fold } from '../run/fold.ts'
import type { Run } from '../run/state.ts'
import { foldWords, NO_WORDS, type RunWords } from '../run/wording.ts'

export type Moment = { readonly run: Run; readonly words: RunWords; readonly ref: EntryRef; readonly atMs: number }

/**
 * @param events of one run, in the order of the journal
 * @param until inclusive: the number of an entry, or ms since 1970
 * @returns null when the run had not been planned by then
 */
export function stateAt(
  events: Iterable<RecordedRunEvent>,
  until: { readonly seq: number } | { readonly atMs: number },
): Moment | null {
  let run: Run | null = null
  let words = NO_WORDS
  for (const event of events) {
    if ('seq' in until ? event.ref.seq > until.seq : Date.parse(event.at) > until.atMs) break
    run = fold(run, event)
    words = foldWords(words, event)
  }
  return run === null ? null : { run, words, ref: run.lastRef, atMs: run.lastAtMs }
}
