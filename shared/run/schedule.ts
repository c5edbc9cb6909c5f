/** What the plan and the clock say: expected start and finish of each step, and the last moment to begin backing out. */
import type { StepPlan } from '../model/plan.ts'
import type { StepId } from '../model/words.ts'
import { backoutPlan } from './backout.ts'
import { cellAt, cellsOf, own, stepAt } from './lookup.ts'
import { shifted } from './rules.ts'
import type { Cell, Run } from './state.ts'
import { heights } from './undo-order.ts'

export type StepTimes = {
  readonly plannedStartMs: number
  readonly plannedEndMs: number
  /** Actual where it happened, expected where it has not. */
  readonly startMs: number
  readonly endMs: number
  readonly isStarted: boolean
  readonly isDone: boolean
  readonly isLate: boolean
}

export type Schedule = {
  readonly steps: Readonly<Record<StepId, StepTimes>>
  readonly startMs: number
  readonly finishMs: number
  readonly plannedFinishMs: number
}

const ENDED: readonly Cell['state'][] = ['passed', 'warned', 'failed', 'skipped', 'cancelled']

/**
 * A forward pass over the needs. `duration.expected` is that of a whole step, all waves and hosts together; a step of which
 * anything is tried again takes it anew.
 * @param atMs now; what has not ended is not expected to end before it
 */
export function schedule(run: Run, atMs: number): Schedule {
  const startMs = plannedStart(run, atMs)
  const steps: Record<StepId, StepTimes> = {}
  const visiting = new Set<StepId>()
  const visit = (id: StepId): StepTimes | null => {
    const known = own(steps, id)
    if (known !== undefined) return known
    const plan = stepAt(run, id)
    if (plan === undefined || visiting.has(id)) return null
    visiting.add(id)
    const needs = plan.needs.map(visit).filter((times) => times !== null)
    visiting.delete(id)
    const times = timesOf(run, plan, needs, startMs, atMs)
    steps[id] = times
    return times
  }
  for (const id of run.order) visit(id)
  const all = Object.values(steps)
  return {
    steps,
    startMs,
    finishMs: Math.max(startMs, ...all.map((times) => times.endMs)),
    plannedFinishMs: Math.max(startMs, ...all.map((times) => times.plannedEndMs)),
  }
}

function plannedStart(run: Run, atMs: number): number {
  if (run.window !== null && run.phase === 'planned')
    return run.mode === 'live' && !run.isPractice ? Date.parse(run.window.start) : atMs
  if (run.window !== null) return shifted(run, run.window.start)
  return run.startedAtMs ?? atMs
}

function timesOf(run: Run, plan: StepPlan, needs: readonly StepTimes[], startMs: number, atMs: number): StepTimes {
  const notBeforeMs = plan.notBefore === null ? startMs : shifted(run, plan.notBefore)
  const plannedStartMs = Math.max(startMs, notBeforeMs, ...needs.map((times) => times.plannedEndMs))
  const plannedEndMs = plannedStartMs + plan.expectedMs
  const cells = cellsOf(run, plan.id).filter((cell) => !cell.isExcluded)
  const starts = cells
    .map((cell) => cell.firstStartMs ?? (ENDED.includes(cell.state) ? cell.endedMs : null))
    .filter((ms) => ms !== null)
  const isDone = cells.every((cell) => ENDED.includes(cell.state) && cell.open === null)
  const isStarted = starts.length > 0
  const earliest = Math.max(atMs, notBeforeMs, ...needs.map((times) => times.endMs))
  const begin = isStarted ? Math.min(...starts) : isDone ? plannedStartMs : earliest
  const again = cells.map((cell) => startedAgain(cell, earliest)).filter((ms) => ms !== null)
  const end = isDone
    ? Math.max(begin, ...cells.map((cell) => cell.endedMs ?? begin))
    : Math.max(atMs, Math.max(begin, ...again) + plan.expectedMs)
  const limitMs =
    plan.latestStart === null ? plannedStartMs + Math.max(60_000, plan.expectedMs / 10) : shifted(run, plan.latestStart)
  return {
    plannedStartMs,
    plannedEndMs,
    startMs: begin,
    endMs: end,
    isStarted,
    isDone,
    isLate: begin > limitMs || end > plannedEndMs + 60_000,
  }
}

/** When the try that is not the first began, or may begin at the earliest; null: no such try is under way. */
function startedAgain(cell: Cell, earliestMs: number): number | null {
  if (cell.state === 'running' && cell.tries > 1) return cell.sinceMs
  return cell.state === 'ready' && cell.tries > 0 ? Math.max(earliestMs, cell.notBeforeMs ?? 0) : null
}

/**
 * The last moment at which undoing what has been done still fits the window: its end minus the longest chain of backouts.
 * The plan has no duration for deciding, nor for the checks of backouts: a backout's own duration has to hold its check.
 * @returns null without a window, past the point of no return, or with nothing to undo
 */
export function latestBackoutStart(
  run: Run,
): { readonly atMs: number; readonly backoutMs: number; readonly cells: number } | null {
  if (run.window === null || run.noReturn !== null || run.phase !== 'running') return null
  const plan = backoutPlan(run, { kind: 'run' })
  if (plan.length === 0) return null
  const cells = plan.flatMap(({ step, target }) => cellAt(run, step, target) ?? [])
  const ends = heights(run, cells, (cell) => stepAt(run, cell.step)?.backout?.expectedMs ?? 0)
  const backoutMs = ends.reduce((a, b) => Math.max(a, b), 0)
  return { atMs: shifted(run, run.window.end) - backoutMs, backoutMs, cells: plan.length }
}
