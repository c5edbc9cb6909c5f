/** What stands out in a run's history: what people decided, what failed, what was not known. */
import type { ShownState } from '../../../shared/model/cell.ts'
import type { Recorded } from '../../../shared/model/events.ts'
import { entryWords, type NameOf } from '../../parts/entry-words.ts'

export type Mark = {
  readonly index: number
  readonly seq: number
  readonly ms: number
  /** `D4`: the fourth decision; null: not a decision. */
  readonly decision: number | null
  readonly title: string
  readonly by: string | null
  readonly state: ShownState | null
}

/** Acts that are routine are not decisions: they begin or record what the runbook says. */
const ROUTINE = new Set(['run.planned', 'attempt.started', 'note.recorded', 'approval.given'])
const LOUD = new Set<ShownState | null>(['failed', 'unknown', 'backout-failed'])
const LOUD_TYPES = new Set(['cell.ended', 'backout.ended', 'noreturn.passed'])

export function marksOf(entries: readonly Recorded[], nameOf?: NameOf): readonly Mark[] {
  let decisions = 0
  return entries.flatMap((entry, index): Mark[] => {
    const { about, state } = entryWords(entry, nameOf)
    const isDecision = entry.act !== null && !ROUTINE.has(entry.type)
    const isLoud = LOUD_TYPES.has(entry.type) && (LOUD.has(state) || entry.type === 'noreturn.passed')
    if (!isDecision && !isLoud) return []
    if (isDecision) decisions += 1
    const title = isDecision
      ? decisionTitle(entry, about)
      : entry.type === 'noreturn.passed'
        ? `Past the point of no return: ${about}`
        : about
    return [
      {
        index,
        seq: entry.ref.seq,
        ms: Date.parse(entry.at),
        decision: isDecision ? decisions : null,
        title,
        by: entry.act?.name ?? null,
        state,
      },
    ]
  })
}

/** `Skip: Install on app-07`; of a hold point `Go / no-go: go`, where act and answer are one word. */
function decisionTitle(entry: Recorded, about: string): string {
  if (entry.type === 'gate.decided') return about
  const act = capital(entry.act?.act ?? '')
  return about === '' || about === entry.data['run'] ? act : `${act}: ${about}`
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1).replaceAll('-', ' ')}`
}

/** The decision before or after an entry; null when there is none. */
export function decisionBeside(marks: readonly Mark[], index: number, by: 1 | -1): Mark | null {
  const decisions = marks.filter((mark) => mark.decision !== null)
  return (
    (by === 1 ? decisions.find((mark) => mark.index > index) : decisions.findLast((mark) => mark.index < index)) ?? null
  )
}
