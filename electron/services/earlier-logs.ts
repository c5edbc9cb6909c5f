/** Logs that were kept aside when a new one was begun: what runs they tell of, and how those stood when they ended. */
import type { EarlierLog } from '../../shared/api/console.ts'
import { asRunEvent, type Recorded } from '../../shared/model/events.ts'
import { stateAt } from '../../shared/replay/replay.ts'
import type { JournalReader } from '../engine/ports.ts'

/** Opening one may throw: it is kept as it was found. */
export type KeptLog = {
  readonly file: string
  open(): JournalReader & Disposable & { runs(): readonly string[] }
}

/** Reads each file once: what was kept aside does not change. */
export function earlierLogs(kept: () => readonly KeptLog[]): () => readonly EarlierLog[] {
  const known = new Map<string, EarlierLog>()
  return () =>
    kept().map((log) => {
      const told = known.get(log.file) ?? earlierLog(log)
      known.set(log.file, told)
      return told
    })
}

function earlierLog({ file, open }: KeptLog): EarlierLog {
  try {
    using log = open()
    return { file, problem: null, runs: log.runs().flatMap((id) => runAtTheEnd(log.read({ from: 0, run: id }))) }
  } catch (cause) {
    return { file, problem: cause instanceof Error ? cause.message : String(cause), runs: [] }
  }
}

function runAtTheEnd(entries: readonly Recorded[]): EarlierLog['runs'] {
  const events = entries.map(asRunEvent).filter((event) => event !== null)
  const end = stateAt(events, { seq: Number.POSITIVE_INFINITY })
  if (end === null) return []
  const { id, mode, isPractice, phase, result, runbook } = end.run
  return [{ run: id, title: end.words.title === '' ? runbook.id : end.words.title, mode, isPractice, phase, result }]
}
