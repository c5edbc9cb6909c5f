/**
 * All that follows from the rules by now, without anybody deciding: what became ready, milestones, conditions that say no,
 * backouts whose turn has come. Runs to a fixed point, so that one append carries the whole consequence.
 */
import type { RecordedRunEvent, RunEvent } from '../model/events.ts'
import type { Instant, StepId } from '../model/words.ts'
import { readyBackouts } from './backout.ts'
import { passNoReturn } from './no-return.ts'
import { fold } from './fold.ts'
import { KINDS } from './kinds/registry.ts'
import { cellsOf, isQuiet, own, stepAt } from './lookup.ts'
import { areNeedsMet, isStartable, isTimeCome, openWave } from './rules.ts'
import { inPieces } from './pieces.ts'
import type { Run } from './state.ts'

/** What `events` would make of `run`: for looking ahead inside one decision. */
export function foresee(run: Run, events: readonly RunEvent[], at: Instant): Run {
  let state = run
  for (const event of events) {
    const recorded = { ...event, ref: run.lastRef, at, act: null, cause: null } as RecordedRunEvent
    state = fold(state, recorded) ?? state
  }
  return state
}

export function advance(run: Run, at: Instant): readonly RunEvent[] {
  const events: RunEvent[] = []
  let state = run
  for (;;) {
    const next = oneStep(state, at)
    if (next.length === 0) return events
    events.push(...next)
    state = foresee(state, next, at)
  }
}

function oneStep(run: Run, at: Instant): readonly RunEvent[] {
  if (run.phase !== 'running') return []
  const events: RunEvent[] = []
  if (run.backingOut === null) for (const id of run.order) events.push(...stepDue(run, id, at))
  const backouts = readyBackouts(run).map(({ step, target }) => ({ step, target }))
  for (const cells of inPieces(backouts))
    events.push({ type: 'backout.readied', data: { run: run.id, cells: [...cells] }, text: {} })
  return events
}

function stepDue(run: Run, id: StepId, at: Instant): readonly RunEvent[] {
  const plan = stepAt(run, id)
  if (plan === undefined || isQuiet(run, id)) return []
  const atMs = Date.parse(at)
  // Of a step whose turn has not come no cell is looked at: most steps of a long plan, at each decision.
  if (!isTimeCome(run, plan, atMs) || !areNeedsMet(run, plan)) return []
  const cells = cellsOf(run, id)
  const ready = KINDS[plan.kind].by === 'rules' ? cells.filter((cell) => isStartable(run, plan, cell, atMs)) : []
  if (ready.length > 0) {
    return [
      ...ready.map(({ target }): RunEvent => {
        const data = { run: run.id, step: id, target, state: 'passed', failure: null, by: 'policy' } as const
        return { type: 'cell.ended', data, text: {} }
      }),
      ...passNoReturn(run, id),
    ]
  }
  const waiting = cells.filter((cell) => cell.state === 'waiting' && !cell.isExcluded)
  if (waiting.length === 0) return []
  if (plan.hasCondition) {
    const condition = own(run.conditions, id)
    if (condition === undefined) return []
    if (condition === null) {
      return waiting.map(({ target }) => ({
        type: 'cell.ended',
        data: { run: run.id, step: id, target, state: 'unknown', failure: 'condition-unknown', by: 'policy' },
        text: { message: 'The condition of this step could not be evaluated.' },
      }))
    }
    if (!condition) {
      const skipped = waiting.map(({ target }) => ({ step: id, target }))
      return inPieces(skipped).map((some) => ({
        type: 'cells.skipped',
        data: { run: run.id, cells: [...some], by: 'policy' },
        text: { reason: 'The condition of this step does not hold.' },
      }))
    }
  }
  const wave = openWave(run, plan)
  const targets = waiting.filter((cell) => cell.wave <= wave).map((cell) => cell.target)
  return inPieces(targets).map((some) => ({
    type: 'cells.readied',
    data: { run: run.id, step: id, targets: [...some] },
    text: {},
  }))
}
