/** What is asked where a run cannot go on by itself, or is over: how it ends. */
import type { RunResult } from '../model/events.ts'
import type { StepId } from '../model/words.ts'
import { NO_HOST } from '../model/words.ts'
import { backoutAt, backoutsOf, cellsOf, isBackoutOpen, isQuiet, stepAt } from './lookup.ts'
import { ids, MOST, openCells, type Option, option, type Question } from './question.ts'
import { backoutOptions } from './questions-backout.ts'
import { satisfies } from './rules.ts'
import type { Cell, Run } from './state.ts'

/** A step waits for cells that were undone or cancelled: without an answer it would wait for ever. */
export function stuckQuestions(run: Run): Question[] {
  if (run.backingOut !== null) return []
  return run.order.flatMap((id): Question[] => {
    const plan = stepAt(run, id)
    const waiting = isQuiet(run, id) ? [] : cellsOf(run, id).filter((cell) => isWaiting(run, cell))
    // While something before it still goes on, that is what is asked about; and it may be stuck for the same reason.
    if (plan === undefined || waiting.length === 0 || plan.needs.some((need) => isUnderWay(run, need))) return []
    const dead = plan.needs.flatMap((need) => deadCells(run, need))
    const deadHere = deadCells(run, id)
    const stuck = waiting
      .filter((cell) => dead.length > 0 || deadHere.some((other) => other.wave < cell.wave))
      .slice(0, MOST)
    const first = stuck[0]
    if (first === undefined) return []
    const cells = stuck.map(ids)
    const [host, ...others] = new Set([...dead, ...deadHere].map((cell) => cell.target))
    const drop =
      host === undefined || host === NO_HOST || others.length > 0
        ? []
        : [option('exclude', { do: 'exclude', host, reason: '' }, { needsReason: true })]
    const skip = plan.kind === 'gate' ? [] : [option('skip', { do: 'skip', cells, reason: '' }, { needsReason: true })]
    const options = [...drop, ...skip, ...backoutOptions(run, null), ...endOptions(run)]
    if (options.length === 0) return []
    const sinceMs = Math.max(...[...dead, ...deadHere].map((cell) => cell.sinceMs))
    const target = first.target === NO_HOST || stuck.length === 1 ? first.target : null
    return [{ id: `stuck ${id}`, kind: 'stuck', step: id, target, cells, sinceMs, byMs: null, options }]
  })
}

function isWaiting(run: Run, cell: Cell): boolean {
  const hasNotRun = cell.state === 'waiting' || cell.state === 'ready'
  return hasNotRun && !cell.isExcluded && backoutAt(run, cell.step, cell.target) === undefined
}

function isUnderWay(run: Run, step: StepId): boolean {
  return cellsOf(run, step).some((cell) => isWaiting(run, cell) || (cell.state === 'running' && !cell.isExcluded))
}

/** Cells of a step that will never satisfy what waits for them, whatever else happens. */
function deadCells(run: Run, step: StepId): Cell[] {
  return cellsOf(run, step).filter(
    (cell) => !cell.isExcluded && (cell.state === 'cancelled' || backoutAt(run, cell.step, cell.target) !== undefined),
  )
}

/** Ending the run here, as failed, where nothing is in the air. */
export function endOptions(run: Run): Option[] {
  const isInTheAir =
    openCells(run).some((cell) => cell.open !== null || (cell.state === 'unknown' && !cell.isExcluded)) ||
    backoutsOf(run).some((backout) => isBackoutOpen(backout))
  if (isInTheAir) return []
  const close = { do: 'close', result: 'failed', reason: '' } as const
  return [option('close-failed', close, { needsReason: true, isDestructive: true })]
}

export function closeQuestion(run: Run): Question {
  const isBackedOut = run.backingOut !== null
  const isClean = isBackedOut && backoutsOf(run).every((backout) => backout.state === 'passed')
  const isDone = !isBackedOut && run.order.every((id) => isStepSatisfied(run, id))
  const results: RunResult[] = isDone
    ? ['done', 'failed']
    : isClean
      ? ['backed-out', 'failed']
      : ['failed', 'abandoned']
  return {
    id: 'close',
    kind: 'close',
    step: null,
    target: null,
    cells: [],
    sinceMs: run.lastAtMs,
    byMs: null,
    options: results.map((result) => option(`close-${result}`, { do: 'close', result })),
  }
}

function isStepSatisfied(run: Run, id: StepId): boolean {
  const plan = stepAt(run, id)
  return plan !== undefined && cellsOf(run, id).every((cell) => satisfies(run, plan, cell))
}
