/** Facts from the engine: intents, ends of attempts, output. Refused when the state has moved on since they were due. */
import type { EngineCommand, Refusal } from '../model/commands.ts'
import { refusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { FailureCode, Instant, Purpose } from '../model/words.ts'
import { assertNever } from '../model/words.ts'
import { failCell } from './failing.ts'
import { isInDoubt, needsPerson, stateOfVerdict } from './kinds/kind-rules.ts'
import { KINDS } from './kinds/registry.ts'
import { backoutAt, cellAt, stepAt, triesOf } from './lookup.ts'
import { passNoReturn } from './no-return.ts'
import { dueConditions, isDue } from './rules.ts'
import type { Backout, Cell, Run } from './state.ts'

export function decideEngine(run: Run, command: EngineCommand, at: Instant): readonly RunEvent[] | Refusal {
  switch (command.do) {
    case 'advance':
      return []
    case 'interrupt':
      if (run.phase !== 'running' || (run.held !== null && !run.held.isForwardOnly)) return []
      return [
        {
          type: 'run.held',
          data: { run: run.id, by: 'policy', because: command.because },
          text: { reason: command.message },
        },
      ]
    case 'evaluateCondition':
      if (!dueConditions(run, Date.parse(at)).includes(command.step))
        return refusal('not-due', `The condition of ${command.step} is not due.`)
      return [
        { type: 'condition.evaluated', data: { run: run.id, step: command.step, result: command.result }, text: {} },
      ]
    case 'beginAttempt':
      return beginAttempt(run, command, at)
    case 'cannotBegin':
      return cannotBegin(run, command, at)
    case 'finishAttempt':
      return finishAttempt(run, command, at)
    case 'bindOutput': {
      const { step, target, purpose, stream, segment, raw, stored, blob } = command
      return [
        {
          type: 'output.bound',
          data: { run: run.id, step, target, purpose, try: command.try, stream, segment, raw, stored },
          text: { blobs: [blob] },
        },
      ]
    }
    default:
      return assertNever(command)
  }
}

type Begin = Extract<EngineCommand, { do: 'beginAttempt' }>

function beginAttempt(run: Run, command: Begin, at: Instant): readonly RunEvent[] | Refusal {
  const { step, target, purpose, epoch } = command
  if (epoch.number !== run.epoch.number || epoch.origin !== run.epoch.origin) {
    return refusal('not-driving', `Another console drives this run (epoch ${run.epoch.number}).`)
  }
  if (!isDue(run, command, Date.parse(at))) return refusal('not-due', `${step} on ${target} is not due any more.`)
  return startEvents(run, step, target, purpose, epoch)
}

/** The intent; with it, where this is the step, the passing of the point of no return. */
export function startEvents(
  run: Run,
  step: string,
  target: string,
  purpose: Purpose,
  epoch: Run['epoch'],
): readonly RunEvent[] {
  const events: RunEvent[] = [
    {
      type: 'attempt.started',
      data: { run: run.id, step, target, purpose, try: triesOf(run, step, target, purpose) + 1, epoch },
      text: {},
    },
  ]
  return purpose === 'main' ? [...events, ...passNoReturn(run, step)] : events
}

function cannotBegin(
  run: Run,
  command: Extract<EngineCommand, { do: 'cannotBegin' }>,
  at: Instant,
): readonly RunEvent[] | Refusal {
  if (!isDue(run, command, Date.parse(at)))
    return refusal('not-due', `${command.step} on ${command.target} is not due any more.`)
  const { step, target, purpose, failure, message } = command
  const cell = cellAt(run, step, target)
  if (cell === undefined) return refusal('no-such-cell', `${step} on ${target} is not part of this run.`)
  switch (purpose) {
    case 'main': {
      if (isInDoubt(failure)) return [ended(run, cell, 'unknown', failure, message)]
      return failCell(run, cell, { failure, message, by: 'policy', mayRetry: !needsPerson(failure) }, at)
    }
    case 'check':
      // The script has run; only its check could not be measured.
      return [ended(run, cell, 'unknown', failure, message)]
    case 'verify':
    case 'diagnostics': {
      // It only looks: the cell stays what it was, and that nothing could be seen is on record.
      const number = triesOf(run, step, target, purpose) + 1
      const outcome = { kind: 'not-started', code: failure } as const
      return [
        ...startEvents(run, step, target, purpose, run.epoch),
        {
          type: 'attempt.finished',
          data: { run: run.id, step, target, purpose, try: number, outcome, verdict: null, durationMs: 0 },
          text: { message },
        },
      ]
    }
    case 'backout':
      return [
        {
          type: 'backout.ended',
          data: { run: run.id, step, target, state: isInDoubt(failure) ? 'unknown' : 'failed', failure, by: 'policy' },
          text: { message },
        },
      ]
    case 'backout-check':
      return [
        {
          type: 'backout.ended',
          data: { run: run.id, step, target, state: 'unknown', failure, by: 'policy' },
          text: { message },
        },
      ]
    default:
      return assertNever(purpose)
  }
}

type Finish = Extract<EngineCommand, { do: 'finishAttempt' }>

function finishAttempt(run: Run, command: Finish, at: Instant): readonly RunEvent[] | Refusal {
  const { step, target, purpose, outcome, verdict, durationMs, message, values } = command
  const isBackout = purpose === 'backout' || purpose === 'backout-check'
  const of = isBackout ? backoutAt(run, step, target) : cellAt(run, step, target)
  if (of === undefined || of.open === null || of.open.purpose !== purpose || of.open.try !== command.try) {
    return refusal('no-such-attempt', `No open ${purpose} try ${command.try} of ${step} on ${target}.`)
  }
  if (isOfAPerson(run, step, purpose))
    return refusal('not-on-a-host', `${step} is done by a person, who says how it went.`)
  if (outcome.kind === 'walked' && run.mode !== 'walkthrough')
    return refusal('not-a-walkthrough', `This is a ${run.mode} run: ${step} on ${target} has to run to end.`)
  const finished: RunEvent = {
    type: 'attempt.finished',
    data: { run: run.id, step, target, purpose, try: command.try, outcome, verdict, durationMs },
    text: { ...(message === undefined ? {} : { message }), ...(values === undefined ? {} : { values }) },
  }
  const consequence = isBackout ? backoutEnd(run, of as Backout, command) : cellEnd(run, of as Cell, command, at)
  return [finished, ...consequence]
}

function isOfAPerson(run: Run, step: string, purpose: Purpose): boolean {
  const plan = stepAt(run, step)
  if (plan === undefined) return false
  return purpose === 'backout' ? plan.backout?.by === 'person' : purpose === 'main' && KINDS[plan.kind].by === 'person'
}

function cellEnd(run: Run, cell: Cell, command: Finish, at: Instant): readonly RunEvent[] {
  const plan = stepAt(run, cell.step)
  if (plan === undefined || command.purpose === 'diagnostics') return []
  if (command.purpose === 'verify') return verified(run, cell, command)
  const { outcome, verdict, message } = command
  const failure = outcome.kind === 'lost' || outcome.kind === 'not-started' ? outcome.code : null
  const end =
    command.purpose === 'check' ? checkEnd(command) : (KINDS[plan.kind].end?.(plan, outcome, verdict) ?? 'unknown')
  switch (end) {
    case 'check':
      return []
    case 'failed':
      return failCell(run, cell, { failure, message, by: 'policy', mayRetry: true }, at)
    case 'passed':
    case 'warned':
    case 'unknown':
      return [ended(run, cell, end, failure, message)]
    default:
      return assertNever(end)
  }
}

/** Only that the work is there settles something: that it is not there does not tell what else was done. */
function verified(run: Run, { step, target }: Cell, command: Finish): readonly RunEvent[] {
  const state = command.outcome.kind === 'exit' ? stateOfVerdict(command.verdict) : 'unknown'
  if (state !== 'passed' && state !== 'warned') return []
  return [{ type: 'cell.verified', data: { run: run.id, step, target, state }, text: {} }]
}

function ended(
  run: Run,
  { step, target }: Cell,
  state: 'passed' | 'warned' | 'unknown',
  failure: FailureCode | null,
  message: string | undefined,
): RunEvent {
  return {
    type: 'cell.ended',
    data: { run: run.id, step, target, state, failure, by: 'policy' },
    text: message === undefined ? {} : { message },
  }
}

function checkEnd(command: Finish): 'passed' | 'warned' | 'failed' | 'unknown' {
  if (command.outcome.kind === 'walked') return 'passed'
  return command.outcome.kind === 'exit' ? stateOfVerdict(command.verdict) : 'unknown'
}

function backoutEnd(run: Run, backout: Backout, command: Finish): readonly RunEvent[] {
  const { outcome, message } = command
  const hasCheck = stepAt(run, backout.step)?.backout?.hasCheck === true
  const failure = outcome.kind === 'lost' || outcome.kind === 'not-started' ? outcome.code : null
  const state = backoutState(command, hasCheck)
  if (state === 'check') return []
  return [
    {
      type: 'backout.ended',
      data: { run: run.id, step: backout.step, target: backout.target, state, failure, by: 'policy' },
      text: message === undefined ? {} : { message },
    },
  ]
}

function backoutState(command: Finish, hasCheck: boolean): 'passed' | 'failed' | 'unknown' | 'check' {
  if (command.purpose === 'backout-check') {
    const end = checkEnd(command)
    return end === 'warned' ? 'passed' : end
  }
  switch (command.outcome.kind) {
    case 'walked':
      return 'passed'
    case 'exit':
      if (!command.outcome.ok) return 'failed'
      return hasCheck ? 'check' : 'passed'
    case 'signal':
    case 'timeout':
      return 'failed'
    case 'not-started':
      return isInDoubt(command.outcome.code) ? 'unknown' : 'failed'
    case 'lost':
      return 'unknown'
  }
}
