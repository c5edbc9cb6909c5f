/** What lies on the time axis of one step: what was planned, what happened, what is expected. */
import type { ShownState } from '../../../shared/model/cell.ts'
import type { StepPlan } from '../../../shared/model/plan.ts'
import { backoutAt, cellsOf } from '../../../shared/run/lookup.ts'
import type { StepTimes } from '../../../shared/run/schedule.ts'
import { mostTelling, shownCell } from '../../../shared/run/shown.ts'
import type { Cell, Run } from '../../../shared/run/state.ts'

export type Bar =
  | { readonly look: 'planned' | 'expected'; readonly fromMs: number; readonly toMs: number; readonly state: null }
  | {
      readonly look: 'actual' | 'unknown' | 'failed'
      readonly fromMs: number
      readonly toMs: number
      readonly state: ShownState
    }

export function barsOf(run: Run, plan: StepPlan, times: StepTimes | null, nowMs: number): readonly Bar[] {
  const bars: Bar[] = []
  if (times !== null)
    bars.push({ look: 'planned', fromMs: times.plannedStartMs, toMs: times.plannedEndMs, state: null })
  const isOver = run.phase === 'closed' || run.backingOut !== null
  if (times !== null && !times.isDone && !isOver) {
    const fromMs = times.isStarted ? nowMs : Math.max(nowMs, times.startMs)
    if (times.endMs > fromMs) bars.push({ look: 'expected', fromMs, toMs: times.endMs, state: null })
  }
  bars.push(...actualBars(run, plan, nowMs), ...backoutBars(run, plan, nowMs))
  return bars
}

/**
 * One bar a wave, from its start to the end of what passed, or to now while it runs; what failed is a mark where it ended,
 * and what is unknown a piece of its own, set apart from what was seen before it.
 */
function actualBars(run: Run, plan: StepPlan, nowMs: number): readonly Bar[] {
  const waves = new Map<number, Cell[]>()
  for (const cell of cellsOf(run, plan.id)) {
    if (cell.firstStartMs !== null || cell.endedMs !== null)
      waves.set(cell.wave, [...(waves.get(cell.wave) ?? []), cell])
  }
  return [...waves.values()].flatMap((cells): Bar[] => {
    const fromMs = Math.min(...cells.map((cell) => cell.firstStartMs ?? cell.endedMs ?? nowMs))
    const states = cells.map((cell) => ({
      cell,
      state: undone(shownCell(cell, backoutAt(run, cell.step, cell.target))),
    }))
    const of = (...wanted: readonly ShownState[]) =>
      states.filter(({ state }) => wanted.includes(state)).map(({ cell }) => cell)
    const running = states.filter(({ cell }) => cell.open !== null || cell.state === 'running').map(({ cell }) => cell)
    const done = of('passed', 'warned', 'skipped', 'cancelled')
    const unknown = of('unknown')
    const failed = of('failed')
    const bars: Bar[] = []
    if (running.length > 0) bars.push({ look: 'actual', fromMs, toMs: Math.max(nowMs, fromMs), state: 'running' })
    else if (failed.length + unknown.length > 0) {
      const seenMs = Math.max(
        fromMs,
        ...failed.map((cell) => cell.endedMs ?? cell.sinceMs),
        ...unknown.map((cell) => cell.sinceMs),
      )
      bars.push({ look: 'actual', fromMs, toMs: seenMs, state: 'running' })
    }
    if (done.length > 0) {
      const state = mostTelling(states.filter(({ cell }) => done.includes(cell)).map((one) => one.state))
      bars.push({
        look: 'actual',
        fromMs,
        toMs: Math.max(fromMs, ...done.map((cell) => cell.endedMs ?? cell.sinceMs)),
        state,
      })
    }
    for (const cell of failed) {
      const endMs = cell.endedMs ?? cell.sinceMs
      bars.push({ look: 'failed', fromMs: endMs, toMs: endMs, state: 'failed' })
    }
    const lostMs = Math.min(...unknown.map((cell) => cell.sinceMs))
    if (unknown.length > 0)
      bars.push({ look: 'unknown', fromMs: lostMs, toMs: Math.max(nowMs, lostMs), state: 'unknown' })
    return bars
  })
}

/** The forward work of what was undone later is still what it was: done. */
function undone(state: ShownState): ShownState {
  return state === 'backed-out' || state === 'backing-out' || state === 'backout-failed' ? 'passed' : state
}

function backoutBars(run: Run, plan: StepPlan, nowMs: number): readonly Bar[] {
  const started = cellsOf(run, plan.id)
    .map((cell) => backoutAt(run, plan.id, cell.target))
    .filter((backout) => backout !== undefined)
    .filter((backout) => backout.startedMs !== null)
  if (started.length === 0) return []
  const fromMs = Math.min(...started.map((backout) => backout.startedMs ?? nowMs))
  const toMs = Math.max(...started.map((backout) => (backout.open === null ? (backout.endedMs ?? nowMs) : nowMs)))
  const states = cellsOf(run, plan.id).map((cell) => shownCell(cell, backoutAt(run, cell.step, cell.target)))
  const state = mostTelling(
    states.filter((one) => ['backing-out', 'backed-out', 'backout-failed', 'unknown'].includes(one)),
  )
  return [{ look: state === 'unknown' ? 'unknown' : 'actual', fromMs, toMs: Math.max(fromMs, toMs), state }]
}
