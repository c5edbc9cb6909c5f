/** What a failure leads to: the retries that the runbook allows, then the end of the cell, then its `onFailure`. */
import type { BackoutScope, CellId, RunEvent } from '../model/events.ts'
import type { FailureCode, Instant, StepId, Target } from '../model/words.ts'
import { cellName } from '../model/words.ts'
import { foresee } from './advance.ts'
import { backoutPlan, isInScope, type PlannedBackout } from './backout.ts'
import { backoutAt, cellAt, cellsOf, stepAt } from './lookup.ts'
import { needsPerson } from './kinds/kind-rules.ts'
import { inPieces } from './pieces.ts'
import type { Cell, Run } from './state.ts'

export type Failing = {
  readonly failure: FailureCode | null
  readonly message?: string | undefined
  readonly by: 'person' | 'policy'
  readonly mayRetry: boolean
}

export function failCell(run: Run, cell: Cell, failing: Failing, at: Instant): readonly RunEvent[] {
  const plan = stepAt(run, cell.step)
  if (plan === undefined) return []
  const { step, target } = cell
  // What is excluded or to be undone is not tried again by itself: it could never begin, nor come to an end.
  const isWanted = !cell.isExcluded && run.backingOut === null && backoutAt(run, step, target) === undefined
  if (failing.mayRetry && isWanted && cell.policyRetries < plan.retry.times) {
    const notBefore = plan.retry.afterMs === 0 ? null : new Date(Date.parse(at) + plan.retry.afterMs).toISOString()
    return [{ type: 'cell.retried', data: { run: run.id, step, target, by: 'policy', notBefore }, text: {} }]
  }
  const events: RunEvent[] = [
    {
      type: 'cell.ended',
      data: { run: run.id, step, target, state: 'failed', failure: failing.failure, by: failing.by },
      text: failing.message === undefined ? {} : { message: failing.message },
    },
  ]
  return [...events, ...afterFailure(foresee(run, events, at), step, target)]
}

/** What the runbook says is to follow now that this cell has failed. The run is the one in which it has. */
export function afterFailure(run: Run, step: StepId, target: Target): readonly RunEvent[] {
  // An excluded host does not count, and what is being undone has been decided.
  const cell = cellAt(run, step, target)
  const isCounted = cell?.isExcluded === false && backoutAt(run, step, target) === undefined
  if (!isCounted || run.backingOut !== null || needsPerson(cell.failure)) return []
  const rule = stepAt(run, step)?.onFailure
  const reason = `${cellName(step, target)} failed; the runbook says ${rule}.`
  if (rule === 'hold' && run.held === null) {
    return [{ type: 'run.held', data: { run: run.id, by: 'policy' }, text: { reason } }]
  }
  return rule === 'backout' && run.noReturn === null ? planBackout(run, { kind: 'run' }, 'policy', reason) : []
}

/** The backout of a scope, and what of the forward work is thereby cancelled. */
export function planBackout(
  run: Run,
  scope: BackoutScope,
  by: 'person' | 'policy',
  reason: string,
  why: object = {},
): readonly RunEvent[] {
  const [first, ...more] = inPieces(backoutPlan(run, scope))
  const planned = (cells: readonly PlannedBackout[], who: 'person' | 'policy'): RunEvent => ({
    type: 'backout.planned',
    data: { run: run.id, scope, cells: [...cells], by: who },
    text: { ...why, reason },
  })
  // What does not fit the entry that a person signs follows from it.
  return [planned(first ?? [], by), ...more.map((cells) => planned(cells, 'policy')), ...cancel(run, scope)]
}

function cancel(run: Run, scope: BackoutScope): readonly RunEvent[] {
  const cells = run.order
    .flatMap((id) => cellsOf(run, id))
    .filter((cell) => cell.state === 'waiting' || cell.state === 'ready')
    .filter((cell) => isInScope(run, scope, cell))
  return cancelled(run, cells, 'backout')
}

export function cancelled(run: Run, cells: readonly CellId[], because: 'excluded' | 'backout'): readonly RunEvent[] {
  const named = cells.map(({ step, target }) => ({ step, target }))
  return inPieces(named).map((some) => ({
    type: 'cells.cancelled',
    data: { run: run.id, cells: [...some], because },
    text: {},
  }))
}
