/** When work may go on: needs, waves, conditions, times. The exact meanings are those of docs/runbook.md. */
import type { StepPlan } from '../model/plan.ts'
import type { Purpose, StepId, Target } from '../model/words.ts'
import { dueBackouts } from './backout.ts'
import { needsPerson } from './kinds/kind-rules.ts'
import { backoutAt, backoutsOf, cellAt, cellsOf, isBackoutOpen, isQuiet, isUntouched, own, stepAt } from './lookup.ts'
import type { Cell, Run } from './state.ts'

export { cellsOf } from './lookup.ts'

const DONE: readonly Cell['state'][] = ['passed', 'warned', 'skipped']

/** Passed, warned and skipped satisfy; failed only where the run goes on; unknown never; excluded hosts do not count. */
export function satisfies(run: Run, plan: StepPlan, cell: Cell): boolean {
  if (cell.isExcluded) return true
  if (backoutAt(run, plan.id, cell.target) !== undefined) return false
  if (DONE.includes(cell.state)) return true
  if (cell.state !== 'failed') return false
  return cell.isAccepted || (plan.onFailure === 'continue' && plan.kind !== 'gate' && !needsPerson(cell.failure))
}

type Row = Run['cells'][string]
type Progress = {
  readonly plan: StepPlan
  readonly backouts: Run['backouts'][string] | undefined
  readonly wave: number
}

// Kept for a row of cells while its plan and backouts are the same: asked for each cell, and at each decision.
const progress = new WeakMap<Row, Progress>()

/** The lowest wave with a cell that does not satisfy; Infinity: all do. */
function unsatisfiedWave(run: Run, plan: StepPlan): number {
  const row = own(run.cells, plan.id)
  if (row === undefined) return Number.POSITIVE_INFINITY
  const backouts = own(run.backouts, plan.id)
  const known = progress.get(row)
  if (known !== undefined && known.plan === plan && known.backouts === backouts) return known.wave
  const wave = cellsOf(run, plan.id)
    .filter((cell) => !satisfies(run, plan, cell))
    .reduce((lowest, cell) => Math.min(lowest, cell.wave), Number.POSITIVE_INFINITY)
  progress.set(row, { plan, backouts, wave })
  return wave
}

export function isSatisfied(run: Run, step: StepId): boolean {
  const plan = stepAt(run, step)
  return plan !== undefined && unsatisfiedWave(run, plan) === Number.POSITIVE_INFINITY
}

export function areNeedsMet(run: Run, plan: StepPlan): boolean {
  return plan.needs.every((need) => isSatisfied(run, need))
}

/** The highest wave that may start: all waves below it are satisfied. Infinity: this one too. */
export function openWave(run: Run, plan: StepPlan): number {
  return unsatisfiedWave(run, plan)
}

/** A time of the plan as it applies to this run, ms since 1970. */
export function shifted(run: Run, instant: string): number {
  return Date.parse(instant) + run.shiftMs
}

export function isTimeCome(run: Run, plan: StepPlan, atMs: number): boolean {
  return plan.notBefore === null || shifted(run, plan.notBefore) <= atMs
}

export function mayStartForward(run: Run): boolean {
  return run.phase === 'running' && run.held === null && run.backingOut === null
}

/** May this ready cell begin now? */
export function isStartable(run: Run, plan: StepPlan, cell: Cell, atMs: number): boolean {
  return mayStartForward(run) && isItsTurn(run, plan, cell, atMs)
}

/** The same, but for a hold: a hold point may be decided while the run is held. What was ready may be so no longer. */
export function isItsTurn(run: Run, plan: StepPlan, cell: Cell, atMs: number): boolean {
  return (
    run.backingOut === null &&
    cell.state === 'ready' &&
    cell.open === null &&
    !cell.isExcluded &&
    backoutAt(run, plan.id, cell.target) === undefined &&
    (cell.notBeforeMs === null || cell.notBeforeMs <= atMs) &&
    isTimeCome(run, plan, atMs) &&
    areNeedsMet(run, plan) &&
    cell.wave <= openWave(run, plan) &&
    // Nothing is half undone when the point of no return is passed.
    !(plan.pointOfNoReturn && backoutsOf(run).some(isBackoutOpen))
  )
}

/**
 * May the outcome of this ready cell be recorded? During a hold too: it tells what somebody did meanwhile and starts nothing.
 * The point of no return is not passed during a hold.
 */
export function isRecordable(run: Run, plan: StepPlan, cell: Cell, atMs: number): boolean {
  return plan.pointOfNoReturn ? isStartable(run, plan, cell, atMs) : isItsTurn(run, plan, cell, atMs)
}

export type Due = { readonly step: StepId; readonly target: Target; readonly purpose: Purpose }

/** All attempts on hosts that may begin now, in the order of the runbook; backouts newest work first. */
export function dueAttempts(run: Run, atMs: number): readonly Due[] {
  if (run.phase !== 'running') return []
  const due: Due[] = []
  for (const id of run.order) {
    const plan = stepAt(run, id)
    if (plan === undefined || (plan.kind !== 'script' && plan.kind !== 'probe')) continue
    if (isQuiet(run, id) || isUntouched(run, id)) continue
    for (const cell of cellsOf(run, id)) {
      const purpose = duePurpose(run, plan, cell, atMs)
      if (purpose !== null) due.push({ step: id, target: cell.target, purpose })
    }
  }
  return [...due, ...dueUndoings(run)]
}

function dueUndoings(run: Run): readonly Due[] {
  const due: Due[] = []
  for (const { step, target, state, open, last } of backoutsOf(run)) {
    const how = stepAt(run, step)?.backout
    if (how?.hasCheck === true && state === 'running' && open === null && last?.purpose === 'backout') {
      due.push({ step, target, purpose: 'backout-check' })
    }
  }
  if (run.held !== null && !run.held.isForwardOnly) return due
  for (const { step, target } of dueBackouts(run)) {
    if (stepAt(run, step)?.backout?.by === 'script') due.push({ step, target, purpose: 'backout' })
  }
  return due
}

/** Is this attempt among those that may begin now? */
export function isDue(run: Run, { step, target, purpose }: Due, atMs: number): boolean {
  if (run.phase !== 'running') return false
  const plan = stepAt(run, step)
  if (plan === undefined) return false
  if (purpose === 'backout' || purpose === 'backout-check') {
    return dueUndoings(run).some((due) => due.step === step && due.target === target && due.purpose === purpose)
  }
  const cell = cellAt(run, step, target)
  const isOnHosts = plan.kind === 'script' || plan.kind === 'probe'
  return cell !== undefined && isOnHosts && duePurpose(run, plan, cell, atMs) === purpose
}

/** Its backout has begun: what there was to look at is changing. */
function isUndoing(run: Run, { step, target }: Cell): boolean {
  const backout = backoutAt(run, step, target)
  return backout !== undefined && backout.state !== 'waiting' && backout.state !== 'ready'
}

/** Whatever merely looks begins on no host during a hold either; what is backed out meanwhile is not held. */
function isHeldStill(run: Run, { step, target }: Cell): boolean {
  return run.held !== null && !(run.held.isForwardOnly && backoutAt(run, step, target) !== undefined)
}

/** May its step's verify be asked for? On an excluded host only where something is to be undone, which waits for it. */
export function isVerifiable(run: Run, plan: StepPlan, cell: Cell): boolean {
  if (run.mode === 'walkthrough' || !plan.hasVerify || cell.state !== 'unknown' || cell.open !== null) return false
  return !isUndoing(run, cell) && (!cell.isExcluded || backoutAt(run, plan.id, cell.target) !== undefined)
}

function duePurpose(run: Run, plan: StepPlan, cell: Cell, atMs: number): Purpose | null {
  if (isStartable(run, plan, cell, atMs)) return 'main'
  if (cell.open !== null) return null
  // The script has run: its check is part of the same outcome and does not wait for a hold to end.
  if (cell.state === 'running' && plan.hasCheck && cell.last?.purpose === 'main') return 'check'
  if (isUndoing(run, cell)) return null
  // Somebody asked for it, so not even a hold keeps it: what is unknown stands in the way of all that comes after.
  if (cell.state === 'unknown' && cell.isVerifyAsked && isVerifiable(run, plan, cell)) return 'verify'
  if (cell.isExcluded || isHeldStill(run, cell)) return null
  if (cell.state === 'failed' && plan.hasDiagnostics && cell.tries > 0 && cell.diagnosticsTries === 0)
    return 'diagnostics'
  return null
}

/** Steps whose condition has to be evaluated now. */
export function dueConditions(run: Run, atMs: number): readonly StepId[] {
  if (!mayStartForward(run)) return []
  return run.order.filter((id) => {
    const plan = stepAt(run, id)
    return (
      plan?.hasCondition === true &&
      !isQuiet(run, id) &&
      own(run.conditions, id) === undefined &&
      isTimeCome(run, plan, atMs) &&
      areNeedsMet(run, plan) &&
      cellsOf(run, id).some((cell) => cell.state === 'waiting')
    )
  })
}

/** The next moment at which something becomes due by time alone; null: none. */
export function nextWakeMs(run: Run, atMs: number): number | null {
  const times: number[] = []
  for (const id of run.order) {
    const plan = stepAt(run, id)
    if (plan === undefined) continue
    if (isQuiet(run, id)) continue
    for (const cell of cellsOf(run, id)) {
      if (cell.state !== 'ready' && cell.state !== 'waiting') continue
      if (cell.notBeforeMs !== null && cell.notBeforeMs > atMs) times.push(cell.notBeforeMs)
      if (plan.notBefore !== null && shifted(run, plan.notBefore) > atMs) times.push(shifted(run, plan.notBefore))
    }
  }
  return times.length === 0 ? null : Math.min(...times)
}

/** Every cell has come to an end and every backout too: nothing is left but to close. */
export function isOver(run: Run): boolean {
  if (run.phase !== 'running') return false
  const isForwardOver = run.order.every(
    (id) =>
      isQuiet(run, id) ||
      cellsOf(run, id).every((cell) => {
        if (cell.open !== null) return false
        if (['passed', 'warned', 'skipped', 'cancelled'].includes(cell.state)) return true
        // Of a host that was excluded it may never be known.
        if (cell.state === 'unknown') return cell.isExcluded
        const plan = stepAt(run, id)
        return (
          cell.state === 'failed' &&
          plan !== undefined &&
          (run.backingOut !== null || satisfies(run, plan, cell) || hasBackout(run, cell))
        )
      }),
  )
  return isForwardOver && backoutsOf(run).every((backout) => !isBackoutOpen(backout))
}

function hasBackout(run: Run, cell: Cell): boolean {
  return backoutAt(run, cell.step, cell.target) !== undefined
}
