/** Looks things up by names that people chose. `constructor` is a good name for a step, and no host has to be in a run. */
import type { StepPlan } from '../model/plan.ts'
import type { Purpose, StepId, Target } from '../model/words.ts'
import type { Backout, Cell, Run } from './state.ts'

/** What a record holds itself, never what every object inherits. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

export function stepAt(run: Run, step: StepId): StepPlan | undefined {
  return own(run.steps, step)
}

export function cellAt(run: Run, step: StepId, target: Target): Cell | undefined {
  const row = own(run.cells, step)
  return row === undefined ? undefined : own(row, target)
}

export function backoutAt(run: Run, step: StepId, target: Target): Backout | undefined {
  const row = own(run.backouts, step)
  return row === undefined ? undefined : own(row, target)
}

/** How often this purpose has been tried on this cell. */
export function triesOf(run: Run, step: string, target: string, purpose: Purpose): number {
  const cell = cellAt(run, step, target)
  const backout = backoutAt(run, step, target)
  switch (purpose) {
    case 'main':
      return cell?.tries ?? 0
    case 'check':
      return cell?.checkTries ?? 0
    case 'verify':
      return cell?.verifyTries ?? 0
    case 'diagnostics':
      return cell?.diagnosticsTries ?? 0
    case 'backout':
      return backout?.tries ?? 0
    case 'backout-check':
      return backout?.checkTries ?? 0
  }
}

type Row = Run['cells'][string]

// A row is never changed, only replaced: what is found in one stays true of it.
const lists = new WeakMap<Row, readonly Cell[]>()
const quiet = new WeakMap<Row, boolean>()
const untouched = new WeakMap<Row, boolean>()
const NO_CELLS: readonly Cell[] = []

export function cellsOf(run: Run, step: StepId): readonly Cell[] {
  const row = own(run.cells, step)
  if (row === undefined) return NO_CELLS
  const known = lists.get(row)
  if (known !== undefined) return known
  const cells = Object.values(row)
  lists.set(row, cells)
  return cells
}

const QUIET: readonly Cell['state'][] = ['passed', 'warned', 'skipped', 'cancelled']

/** Every cell of the step has come to an end that asks for nothing more. */
export function isQuiet(run: Run, step: StepId): boolean {
  return isEach(run, step, quiet, (cell) => cell.open === null && QUIET.includes(cell.state))
}

/** Every cell of the step waits: nothing of it can be due. */
export function isUntouched(run: Run, step: StepId): boolean {
  return isEach(run, step, untouched, (cell) => cell.state === 'waiting')
}

function isEach(run: Run, step: StepId, known: WeakMap<Row, boolean>, holds: (cell: Cell) => boolean): boolean {
  const row = own(run.cells, step)
  if (row === undefined) return true
  const answer = known.get(row) ?? cellsOf(run, step).every(holds)
  known.set(row, answer)
  return answer
}

export function backoutsOf(run: Run): readonly Backout[] {
  return Object.values(run.backouts).flatMap((row) => Object.values(row))
}

/** Neither undone nor given up. */
export function isBackoutOpen(backout: Backout): boolean {
  return backout.state !== 'passed' && backout.state !== 'given-up'
}
