/** The backout plan: made from what actually ran, newest first, per host; later work on the same thing is undone first. */
import type { BackoutScope } from '../model/events.ts'
import type { StepId, Target } from '../model/words.ts'
import { NO_HOST } from '../model/words.ts'
import { backoutAt, cellAt, stepAt } from './lookup.ts'
import { cellsOf, isBackoutOpen } from './rules.ts'
import type { Backout, Cell, Run } from './state.ts'

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

/** What undoes `scope`, with its order: 0 starts first; a cell waits only for related cells of a lower order. */
export function backoutPlan(run: Run, scope: BackoutScope): readonly PlannedBackout[] {
  const ran = run.order
    .flatMap((id) => cellsOf(run, id))
    .filter((cell) => isInScope(run, scope, cell) && isUndoable(run, cell))
    .toSorted((a, b) => (b.startedNth ?? 0) - (a.startedNth ?? 0))
  const dependents = transitiveDependents(run)
  const ofHost = new Map<Target, number>()
  const ofStep = new Map<StepId, number>()
  const ofWave = new Map<string, number>()
  return ran.map((cell) => {
    const before: number[] = []
    if (cell.target !== NO_HOST) before.push(ofHost.get(cell.target) ?? -1)
    for (const id of dependents.get(cell.step) ?? []) before.push(ofStep.get(id) ?? -1)
    for (let wave = cell.wave + 1; wave <= lastWave(run, cell.step); wave += 1)
      before.push(ofWave.get(`${cell.step} ${wave}`) ?? -1)
    const order = Math.max(-1, ...before) + 1
    raise(ofHost, cell.target, order)
    raise(ofStep, cell.step, order)
    raise(ofWave, `${cell.step} ${cell.wave}`, order)
    return { step: cell.step, target: cell.target, order }
  })
}

function raise<K>(map: Map<K, number>, key: K, value: number): void {
  map.set(key, Math.max(map.get(key) ?? -1, value))
}

function lastWave(run: Run, step: StepId): number {
  return Math.max(0, (stepAt(run, step)?.waves.length ?? 0) - 1)
}

/** step → every step that needs it, directly or through others. */
export function transitiveDependents(run: Run): ReadonlyMap<StepId, ReadonlySet<StepId>> {
  const result = new Map<StepId, Set<StepId>>(run.order.map((id) => [id, new Set()]))
  // Runbook order need not be an order of needs: repeat until nothing is added.
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false
    for (const id of run.order) {
      for (const need of stepAt(run, id)?.needs ?? []) {
        const of = result.get(need)
        if (of === undefined) continue
        const size = of.size
        of.add(id)
        for (const further of result.get(id) ?? []) of.add(further)
        isGrowing ||= of.size > size
      }
    }
  }
  return result
}

/** Must `later` be undone before `earlier`? */
export function mustPrecede(
  run: Run,
  dependents: ReadonlyMap<StepId, ReadonlySet<StepId>>,
  later: { readonly step: StepId; readonly target: Target },
  earlier: { readonly step: StepId; readonly target: Target },
): boolean {
  const a = cellAt(run, later.step, later.target)
  const b = cellAt(run, earlier.step, earlier.target)
  if (a === undefined || b === undefined || (a.startedNth ?? -1) <= (b.startedNth ?? -1)) return false
  if (later.step === earlier.step) return a.wave > b.wave
  if (later.target === earlier.target && later.target !== NO_HOST) return true
  return dependents.get(earlier.step)?.has(later.step) === true
}

/** Backouts that may begin: the forward work has settled, and all later related work is undone (or given up). */
export function readyBackouts(run: Run): readonly Backout[] {
  const all = Object.values(run.backouts).flatMap((row) => Object.values(row))
  const waiting = all.filter(
    (backout) => backout.state === 'waiting' && isSettled(cellAt(run, backout.step, backout.target)),
  )
  if (waiting.length === 0) return []
  const dependents = transitiveDependents(run)
  const unfinished = all.filter(isBackoutOpen)
  return waiting.filter(
    (backout) => !unfinished.some((other) => other !== backout && mustPrecede(run, dependents, other, backout)),
  )
}

function isSettled(cell: Cell | undefined): boolean {
  return cell !== undefined && cell.open === null && cell.state !== 'running' && cell.state !== 'unknown'
}

/** Cells that ran, build on what `scope` undoes, and are not undone with it: said before the decision. */
export function alsoAffected(
  run: Run,
  scope: BackoutScope,
): readonly { readonly step: StepId; readonly target: Target }[] {
  const undone = backoutPlan(run, scope)
  const dependents = transitiveDependents(run)
  const isUndone = new Set(undone.map((cell) => `${cell.step} ${cell.target}`))
  const steps = new Set(undone.flatMap((cell) => [...(dependents.get(cell.step) ?? [])]))
  return run.order
    .filter((id) => steps.has(id))
    .flatMap((id) => cellsOf(run, id))
    .filter(
      (cell) =>
        cell.tries > 0 && stepAt(run, cell.step)?.backout != null && !isUndone.has(`${cell.step} ${cell.target}`),
    )
    .map(({ step, target }) => ({ step, target }))
}
