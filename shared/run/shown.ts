/** What people see of a state: the forward state overlaid by the backout's, and what stands for a whole step or run. */
import type { ShownState } from '../model/cell.ts'
import type { StepId, Target } from '../model/words.ts'
import { backoutAt, cellAt, cellsOf } from './lookup.ts'
import type { Backout, Cell, Run } from './state.ts'

export function shownState(run: Run, step: StepId, target: Target): ShownState {
  const cell = cellAt(run, step, target)
  if (cell === undefined) return 'waiting'
  return shownCell(cell, backoutAt(run, step, target))
}

export function shownCell(cell: Cell, backout: Backout | undefined): ShownState {
  if (backout === undefined) return cell.state
  switch (backout.state) {
    // Not begun: what is there now is still what the step left.
    case 'waiting':
    case 'ready':
      return cell.state
    case 'running':
      return 'backing-out'
    case 'passed':
      return 'backed-out'
    case 'failed':
    case 'given-up':
      return 'backout-failed'
    case 'unknown':
      return 'unknown'
  }
}

/** What stands for many: the first of these that any cell is in. What needs a person comes first. */
const TELLING: readonly ShownState[] = [
  'unknown',
  'backout-failed',
  'failed',
  'backing-out',
  'running',
  'ready',
  'backed-out',
  'waiting',
  'warned',
  'passed',
  'skipped',
  'cancelled',
]

export function mostTelling(states: Iterable<ShownState>): ShownState {
  const all = new Set(states)
  return TELLING.find((state) => all.has(state)) ?? 'waiting'
}

export function stepState(run: Run, step: StepId): ShownState {
  return mostTelling(cellsOf(run, step).map((cell) => shownCell(cell, backoutAt(run, step, cell.target))))
}

/** Cells in each shown state. States without a cell are 0. */
export function counts(run: Run): Record<ShownState, number> {
  const result = Object.fromEntries(TELLING.map((state) => [state, 0])) as Record<ShownState, number>
  for (const step of run.order) {
    for (const cell of cellsOf(run, step)) result[shownCell(cell, backoutAt(run, step, cell.target))] += 1
  }
  return result
}

export type RunPhase = 'planned' | 'running' | 'held' | 'backing-out' | 'closed'

export function runPhase(run: Run): RunPhase {
  if (run.phase !== 'running') return run.phase
  if (run.held !== null) return 'held'
  return run.backingOut === null ? 'running' : 'backing-out'
}
