/** The backout plan: made from what actually ran, newest first, per host; later work on the same thing is undone first. */
import type { BackoutScope } from '../model/events.ts'
import type { Kind, StepId, Target } from '../model/words.ts'
import { backoutAt, backoutsOf, cellAt, cellsOf, isBackoutOpen, stepAt } from './lookup.ts'
import type { Backout, Cell, Run } from './state.ts'
import { heights, transitiveDependents, waitsForLater } from './undo-order.ts'

export type PlannedBackout = { readonly step: StepId; readonly target: Target; readonly order: number }

export function isInScope(
  run: Run,
  scope: BackoutScope,
  cell: { readonly step: StepId; readonly target: Target },
): boolean {
  switch (scope.kind) {
    case 'run':
      return true
    case 'workstream':
      return stepAt(run, cell.step)?.workstream === scope.workstream
    case 'step':
      return cell.step === scope.step
    case 'host':
      return cell.target === scope.host
  }
}

/** Ran at least once, can be undone, and is not being undone already. */
function isUndoable(run: Run, cell: Cell): boolean {
  return (
    cell.tries > 0 && stepAt(run, cell.step)?.backout != null && backoutAt(run, cell.step, cell.target) === undefined
  )
}

/** Has anything in this scope run that a backout undoes? */
export function hasSomethingToUndo(run: Run, scope: BackoutScope): boolean {
  return run.order.some((id) => cellsOf(run, id).some((cell) => isInScope(run, scope, cell) && isUndoable(run, cell)))
}

/** What undoes `scope`, with its order: 0 starts first; a cell waits only for related cells of a lower order. */
export function backoutPlan(run: Run, scope: BackoutScope): readonly PlannedBackout[] {
  const ran = run.order
    .flatMap((id) => cellsOf(run, id))
    .filter((cell) => isInScope(run, scope, cell) && isUndoable(run, cell))
    .toSorted((a, b) => (b.startedNth ?? 0) - (a.startedNth ?? 0))
  const places = heights(run, ran, () => 1)
  return ran.map(({ step, target }, index) => ({ step, target, order: (places[index] ?? 1) - 1 }))
}

/** Backouts that may begin: the forward work has settled, and all later related work is undone (or given up). */
export function readyBackouts(run: Run): readonly Backout[] {
  const all = backoutsOf(run)
  const waiting = all.filter(
    (backout) => backout.state === 'waiting' && isSettled(cellAt(run, backout.step, backout.target)),
  )
  if (waiting.length === 0) return []
  const waits = waitsForLater(run, all.filter(isBackoutOpen))
  return waiting.filter((backout) => !waits(backout))
}

/** Ready backouts that may begin now: what was ready waits again when later work came to be undone before it began. */
export function dueBackouts(run: Run): readonly Backout[] {
  const all = backoutsOf(run)
  const ready = all.filter(
    (backout) =>
      backout.state === 'ready' &&
      backout.open === null &&
      // Diagnostics of the failure may still be looking.
      isSettled(cellAt(run, backout.step, backout.target)),
  )
  if (ready.length === 0) return []
  const waits = waitsForLater(run, all.filter(isBackoutOpen))
  return ready.filter((backout) => !waits(backout)).toSorted((a, b) => a.order - b.order)
}

function isSettled(cell: Cell | undefined): boolean {
  return cell !== undefined && cell.open === null && cell.state !== 'running' && cell.state !== 'unknown'
}

/** Cells that ran, build on what `scope` undoes, and are not undone with it: said before the decision. */
export function alsoAffected(
  run: Run,
  scope: BackoutScope,
): readonly { readonly step: StepId; readonly target: Target }[] {
  const undone = new Set(backoutPlan(run, scope).map((cell) => `${cell.step} ${cell.target}`))
  const dependents = transitiveDependents(run)
  const undoneSteps = run.order.filter((id) => cellsOf(run, id).some((cell) => undone.has(`${id} ${cell.target}`)))
  const steps = new Set(undoneSteps.flatMap((id) => [...(dependents.get(id) ?? [])]))
  return (
    run.order
      .filter((id) => steps.has(id) && CHANGES.includes(stepAt(run, id)?.kind ?? 'gate'))
      .flatMap((id) => cellsOf(run, id))
      .filter((cell) => cell.tries > 0 && !undone.has(`${cell.step} ${cell.target}`))
      // What is undone already, or being undone, is not affected any more.
      .filter((cell) => backoutAt(run, cell.step, cell.target) === undefined)
      .map(({ step, target }) => ({ step, target }))
  )
}

/** Kinds of steps that change something: what they did may need what is undone, whether or not it can be undone itself. */
const CHANGES: readonly Kind[] = ['script', 'manual']
