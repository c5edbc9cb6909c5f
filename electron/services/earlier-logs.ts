/** Logs that were kept aside when a new one was begun: what runs they tell of, and how those stood when they ended. */
import type { EarlierLog } from '../../shared/api/contract.ts'
import { asRunEvent, type Recorded } from '../../shared/model/events.ts'
import { fold } from '../../shared/run/fold.ts'
import type { Run } from '../../shared/run/state.ts'
import { foldWords, NO_WORDS } from '../../shared/run/wording.ts'
import type { JournalReader } from '../engine/ports.ts'

/** Opening one may throw: it is kept as it was found. */
export type KeptLog = {
  readonly file: string
  open(): JournalReader & Disposable & { runs(): readonly string[] }
}

export function earlierLogs(kept: readonly KeptLog[]): EarlierLog[] {
  return kept.map(({ file, open }) => {
    try {
      using log = open()
      const runs = log.runs().flatMap((id) => runAtTheEnd(log.read({ from: 0, run: id })))
      return { file, problem: null, runs }
    } catch (cause) {
      return { file, problem: cause instanceof Error ? cause.message : String(cause), runs: [] }
    }
  })
}

function runAtTheEnd(entries: readonly Recorded[]): EarlierLog['runs'] {
  let run: Run | null = null
  let words = NO_WORDS
  for (const entry of entries) {
    const event = asRunEvent(entry)
    if (event === null) continue
    run = fold(run, event)
    words = foldWords(words, event)
  }
  if (run === null) return []
  const { id, mode, isPractice, phase, result } = run
  return [{ run: id, title: words.title === '' ? run.runbook.id : words.title, mode, isPractice, phase, result }]
}
