/** Work that people do and say how it went: steps, and undoing them. */
import { type Refusal, refusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { Instant, StepId, Target } from '../model/words.ts'
import { cellName } from '../model/words.ts'
import { type Decided, noSuchCell, type Of, why } from './acts.ts'
import { foresee } from './advance.ts'
import { dueBackouts } from './backout.ts'
import { startEvents } from './decide-engine.ts'
import { failCell } from './failing.ts'
import { KINDS } from './kinds/registry.ts'
import { backoutAt, cellAt, stepAt } from './lookup.ts'
import { isItsTurn, isRecordable, isStartable } from './rules.ts'
import type { Cell, Run } from './state.ts'

/** A manual step of which this may be said now, or why not. */
function manualCell(
  run: Run,
  step: StepId,
  target: Target,
  mayBe: { readonly now: typeof isStartable; readonly called: string },
  at: Instant,
): Cell | Refusal {
  const cell = cellAt(run, step, target)
  const plan = stepAt(run, step)
  if (cell === undefined || plan === undefined) return noSuchCell(step, target)
  if (KINDS[plan.kind].by !== 'person')
    return refusal('not-manual', `${step} is a ${plan.kind}; its outcome is not recorded by hand.`)
  if (cell.state === 'running') return cell
  if (!mayBe.now(run, plan, cell, Date.parse(at))) {
    const isOnlyHeld = run.held !== null && isItsTurn(run, plan, cell, Date.parse(at))
    const because = isOnlyHeld ? 'the run is held; resume it first' : `it is ${cell.state}, and not its turn`
    return refusal('not-due', `${cellName(step, target)} cannot ${mayBe.called}: ${because}.`)
  }
  return cell
}

export function beginManual(run: Run, command: Of<'beginManual'>, at: Instant): Decided {
  const { step, target } = command
  const cell = manualCell(run, step, target, { now: isStartable, called: 'begin' }, at)
  if ('refused' in cell) return cell
  if (cell.state === 'running') return refusal('running', `${cellName(step, target)} has begun already.`)
  return startEvents(run, step, target, 'main', run.epoch)
}

export function recordForward(run: Run, command: Of<'recordOutcome'>, at: Instant): Decided {
  const { step, target, outcome } = command
  const cell = manualCell(run, step, target, { now: isRecordable, called: 'be recorded' }, at)
  if ('refused' in cell) return cell
  const hasEvidence = (command.evidence ?? '').trim() !== '' || (command.blobs ?? []).length > 0
  if (stepAt(run, step)?.evidenceRequired === true && outcome !== 'failed' && !hasEvidence) {
    return refusal('evidence-missing', `${step} asks for evidence: say what you saw, or attach it.`)
  }
  const begin = cell.state === 'running' ? [] : startEvents(run, step, target, 'main', run.epoch)
  const text = {
    ...why(command),
    ...(command.evidence === undefined ? {} : { evidence: command.evidence }),
    ...(command.blobs === undefined ? {} : { blobs: command.blobs }),
  }
  if (outcome === 'failed') {
    // What follows is decided for the run in which it has begun: its own backout and the point of no return count.
    const begun = foresee(run, begin, at)
    const failing = { failure: null, by: 'person', mayRetry: false } as const
    const [ended, ...then] = failCell(begun, cellAt(begun, step, target) ?? cell, failing, at)
    return ended === undefined ? [] : [...begin, { ...ended, text } as RunEvent, ...then]
  }
  return [
    ...begin,
    { type: 'cell.ended', data: { run: run.id, step, target, state: outcome, failure: null, by: 'person' }, text },
  ]
}

export function recordBackout(run: Run, command: Of<'recordOutcome'>): Decided {
  const { step, target, outcome } = command
  const backout = backoutAt(run, step, target)
  if (backout === undefined) return refusal('no-backout', `No backout of ${cellName(step, target)} is planned.`)
  if (stepAt(run, step)?.backout?.by !== 'person') return refusal('not-manual', `The backout of ${step} is a script.`)
  const isDue = dueBackouts(run).some((due) => due.step === step && due.target === target)
  if (backout.state !== 'running' && !isDue) {
    return refusal(
      'not-due',
      `The backout of ${cellName(step, target)} is ${backout.state}; later work is undone first.`,
    )
  }
  const begin = backout.state === 'running' ? [] : startEvents(run, step, target, 'backout', run.epoch)
  const state = outcome === 'failed' ? 'failed' : 'passed'
  const text = { ...why(command), ...(command.evidence === undefined ? {} : { message: command.evidence }) }
  return [
    ...begin,
    { type: 'backout.ended', data: { run: run.id, step, target, state, failure: null, by: 'person' }, text },
  ]
}
