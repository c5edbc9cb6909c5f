/** A run told entry by entry: what each one changed, as people would see it. Small enough to be read by eye. */
import { parseHeader } from '../../../shared/journal/entry.ts'
import { asRunEvent, type Recorded } from '../../../shared/model/events.ts'
import { fold } from '../../../shared/run/fold.ts'
import { questions } from '../../../shared/run/questions.ts'
import { cellsOf } from '../../../shared/run/rules.ts'
import { runPhase, shownState } from '../../../shared/run/shown.ts'
import type { Run } from '../../../shared/run/state.ts'

/** @param headers one header a line, as in journal.jsonl; entries of one run, without payloads: as if all were redacted */
export function tell(headers: string): string[] {
  const encoder = new TextEncoder()
  let run: Run | null = null
  let before = new Map<string, string>()
  const told: string[] = []
  for (const line of headers.split('\n').filter((text) => text !== '')) {
    const read = parseHeader(encoder.encode(line))
    if (!('header' in read)) throw new Error(`not a header: ${line.slice(0, 80)}`)
    const { origin, seq, at, type, data, act, cause } = read.header
    const seen = act as { act: string; subject: string | null; role: string | null } | undefined
    const recorded: Recorded = {
      ref: { origin, seq },
      at,
      type,
      data: { ...data },
      text: null,
      act:
        seen === undefined
          ? null
          : {
              act: seen.act,
              subject: seen.subject ?? '',
              role: seen.role ?? '',
              name: '',
              key: `SHA256:${'A'.repeat(43)}`,
            },
      cause: cause ?? null,
    }
    const event = asRunEvent(recorded)
    if (event === null) continue
    run = fold(run, event)
    if (run === null) continue
    const now = statesOf(run)
    const changed = [...now]
      .filter(([cell, state]) => before.get(cell) !== state)
      .map(([cell, state]) => `${cell}=${state}`)
    const asked = questions(run, Date.parse(at)).map(
      ({ kind, step, target }) => `${kind}${step === null ? '' : `:${step}@${target}`}`,
    )
    before = now
    told.push(
      [seq, type, runPhase(run), changed.join(' ') || '-', asked.length === 0 ? '' : `asks ${asked.join(' ')}`]
        .join(' | ')
        .trimEnd(),
    )
  }
  return told
}

function statesOf(run: Run): Map<string, string> {
  return new Map(
    run.order.flatMap((step) =>
      cellsOf(run, step).map((cell) => [`${step}@${cell.target}`, shownState(run, step, cell.target)] as const),
    ),
  )
}
