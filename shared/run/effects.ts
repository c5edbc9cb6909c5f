/**
 * What a choice would do, before it is chosen: the same decide and fold, on a copy. Nothing here can differ from what
 * happens, because it is what happens.
 */
import type { PersonCommand, Refusal } from '../model/commands.ts'
import { isRefusal } from '../model/commands.ts'
import type { CellId } from '../model/events.ts'
import type { StepId } from '../model/words.ts'
import type { ShownState } from '../model/cell.ts'
import { foresee } from './advance.ts'
import { alsoAffected, type PlannedBackout } from './backout.ts'
import { decide } from './decide.ts'
import { cellsOf } from './lookup.ts'
import { type Due, dueAttempts } from './rules.ts'
import { schedule } from './schedule.ts'
import { shownState } from './shown.ts'
import type { Run } from './state.ts'

export type Change = CellId & { readonly from: ShownState; readonly to: ShownState }

export type Effect = {
  readonly changes: readonly Change[]
  readonly backsOut: readonly PlannedBackout[]
  /** Ran, builds on what is undone, and is not undone with it. */
  readonly alsoAffected: readonly CellId[]
  /** What begins on hosts at once. */
  readonly startsNext: readonly Due[]
  readonly finishMs: number
  readonly finishBeforeMs: number
}

/** @param atMs now, ms since 1970 */
export function effectsOf(
  run: Run,
  command: Exclude<PersonCommand, { do: 'planRun' }>,
  atMs: number,
): Effect | Refusal {
  const at = new Date(atMs).toISOString()
  const events = decide(run, filledIn(command), at)
  if (isRefusal(events)) return events
  const after = foresee(run, events, at)
  const before = new Set(dueAttempts(run, atMs).map(keyOf))
  return {
    changes: changes(run, after),
    backsOut: events.flatMap((event) => (event.type === 'backout.planned' ? event.data.cells : [])),
    alsoAffected: command.do === 'backOut' ? alsoAffected(run, command.scope) : [],
    startsNext: dueAttempts(after, atMs).filter((due) => !before.has(keyOf(due))),
    finishMs: schedule(after, atMs).finishMs,
    finishBeforeMs: schedule(run, atMs).finishMs,
  }
}

function keyOf(due: Due): string {
  return `${due.step} ${due.target} ${due.purpose}`
}

/** Reasons, conditions and evidence are not part of the effect: an option is shown before they are given. */
function filledIn(command: Exclude<PersonCommand, { do: 'planRun' }>): typeof command {
  const reasoned = 'reason' in command && command.reason === '' ? { ...command, reason: '-' } : command
  if (reasoned.do === 'decideGate') return { ...reasoned, condition: reasoned.condition || '-' }
  if (reasoned.do === 'recordOutcome') return { ...reasoned, evidence: reasoned.evidence || '-' }
  return reasoned
}

function changes(before: Run, after: Run): Change[] {
  const isSame = (step: StepId) =>
    before.cells[step] === after.cells[step] && before.backouts[step] === after.backouts[step]
  return after.order
    .filter((step) => !isSame(step))
    .flatMap((step) =>
      cellsOf(after, step).flatMap(({ target }) => {
        const from = shownState(before, step, target)
        const to = shownState(after, step, target)
        return from === to ? [] : [{ step, target, from, to }]
      }),
    )
}
