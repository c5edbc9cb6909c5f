/**
 * Drives a world by a tape of numbers: what happens next is picked from all that could, sensible or not. The same tape
 * gives the same run, so that a failure shrinks.
 */
import { isRefusal, PersonCommand, type Refusal } from '../../../shared/model/commands.ts'
import type { BackoutScope } from '../../../shared/model/events.ts'
import { type FailureCode, NO_HOST } from '../../../shared/model/words.ts'
import { tally } from '../../../shared/run/kinds/gate.ts'
import type { Option, Question } from '../../../shared/run/question.ts'
import { questions } from '../../../shared/run/questions.ts'
import { nextWakeMs } from '../../../shared/run/rules.ts'
import {
  begin,
  conditionsDue,
  due,
  type Ending,
  finish,
  MINUTE,
  OK,
  openOnHosts,
  type RunCommand,
  type World,
} from './world.ts'

/** One turn: what to do, and two numbers to choose by. */
export type Turn = readonly [what: number, a: number, b: number]

const CODES: readonly FailureCode[] = [
  'unreachable',
  'host-key-changed',
  'secret-missing',
  'link-lost',
  'already-started',
  'still-running',
]

/** Any way an attempt of this run may end; about half of them well. */
export function endingOf(of: World, a: number, b: number): Ending {
  const code = CODES[b % CODES.length] ?? 'link-lost'
  const verdicts = ['pass', 'warn', 'fail', 'unknown'] as const
  const verdict = verdicts[b % 4] ?? 'pass'
  switch (a % 12) {
    case 0:
      return { outcome: { kind: 'lost', code }, verdict: null }
    case 1:
      return { outcome: { kind: 'signal', signal: 'TERM' }, verdict: null }
    case 2:
      return { outcome: { kind: 'timeout' }, verdict: null }
    case 3:
      return { outcome: { kind: 'not-started', code }, verdict: null }
    case 4:
      return of.run.mode === 'walkthrough' ? { outcome: { kind: 'walked' }, verdict: null } : OK
    case 5:
    case 6:
      return { outcome: { kind: 'exit', code: 1, ok: false }, verdict }
    case 7:
      return { outcome: { kind: 'exit', code: 0, ok: true }, verdict: null }
    case 8:
      return { outcome: { kind: 'exit', code: 0, ok: true }, verdict }
    default:
      return { outcome: { kind: 'exit', code: 0, ok: true }, verdict: 'pass' }
  }
}

function pick<T>(from: readonly T[], n: number): T | undefined {
  return from[n % Math.max(1, from.length)]
}

/** The command of an option, with what a person has to fill in; parsed as the console's door would. */
export function filled(option: Option): RunCommand {
  const { command } = option
  const because = option.needsReason && 'reason' in command ? { reason: 'because' } : {}
  const condition = 'condition' in command ? { condition: 'with a watch on it' } : {}
  const seen = command.do === 'recordOutcome' ? { evidence: 'I saw it' } : {}
  const parsed = PersonCommand.parse({ ...command, ...because, ...condition, ...seen })
  if (parsed.do === 'planRun') throw new Error('an option never plans a run')
  return parsed
}

export function asked(of: World): readonly Question[] {
  return questions(of.run, of.atMs)
}

/** Answers that a gate still needs before go is offered. */
export function missingApproval(of: World): RunCommand | null {
  for (const question of asked(of)) {
    const plan = question.step === null ? undefined : of.run.steps[question.step]
    if (question.kind !== 'gate' || plan === undefined) continue
    for (const { role, needed, given } of tally(of.run, plan)) {
      if (given >= needed) continue
      return { do: 'approve', gate: plan.id, role, key: keyOf(role, of.journal.length) }
    }
  }
  return null
}

export function keyOf(role: string, n: number): string {
  return `SHA256:${`${role}${n}`.padEnd(43, 'x').slice(0, 43).replaceAll('-', 'y')}`
}

/** Any act of a person on anything, whether or not it makes sense now. */
function anyAct(of: World, a: number, b: number): RunCommand {
  const { run } = of
  const step = pick(run.order, b) ?? 'none'
  const row = Object.keys(run.cells[step] ?? {})
  const target = pick([...row, ...row, NO_HOST, 'nowhere'], b >> 3) ?? NO_HOST
  const host = pick(run.sets['all'] ?? [], b) ?? 'nowhere'
  const cells = [{ step, target }, ...(b % 3 === 0 ? row.map((one) => ({ step, target: one })) : [])]
  const reason = 'because'
  const phase = b % 2 === 0 ? ('forward' as const) : ('backout' as const)
  const role = pick(['security', 'business', 'nobody'], b) ?? 'security'
  const key = keyOf('any', b % 4)
  const scopes: readonly BackoutScope[] = [
    { kind: 'run' },
    { kind: 'workstream', workstream: pick(run.workstreams, b >> 2) ?? 'main' },
    { kind: 'step', step },
    { kind: 'host', host },
  ]
  const acts: readonly RunCommand[] = [
    { do: 'hold', reason },
    { do: 'resume' },
    { do: 'skip', cells, reason },
    { do: 'proceed', step, target, reason },
    { do: 'retry', cells },
    { do: 'verify', cells },
    { do: 'settle', cells, as: b % 4 < 2 ? 'passed' : 'failed', phase, reason },
    { do: 'beginManual', step, target },
    { do: 'recordOutcome', step, target, outcome: pick(['passed', 'warned', 'failed'] as const, b) ?? 'passed', phase },
    { do: 'exclude', host, reason },
    { do: 'approve', gate: step, role, key },
    { do: 'refuse', gate: step, role, key, reason },
    { do: 'withdraw', gate: step, role, key },
    {
      do: 'decideGate',
      gate: step,
      decision: pick(['go', 'conditional-go', 'no-go'] as const, b) ?? 'go',
      condition: 'c',
    },
    { do: 'backOut', scope: scopes[b % 7 === 0 ? 0 : 1 + (b % 3)] ?? { kind: 'run' }, reason },
    { do: 'retryBackout', step, target },
    { do: 'giveUpBackout', cells, reason },
    { do: 'deviate', subject: step, reason },
    { do: 'note', subject: step, note: 'hm' },
    { do: 'takeOver', epoch: { number: run.epoch.number + (b % 2), origin: run.epoch.origin }, reason },
    { do: 'startRun' },
    { do: 'close', result: pick(['done', 'failed', 'backed-out', 'abandoned'] as const, b) ?? 'failed' },
  ]
  // Closing ends the tape: seldom.
  return acts[a % (b % 64 === 0 ? acts.length : acts.length - 1)] ?? { do: 'resume' }
}

/** Backs out a part of the run around something that ran; null: nothing did. */
function partBackout(of: World, a: number, b: number): RunCommand | null {
  const ran = of.run.order.flatMap((id) => Object.values(of.run.cells[id] ?? {}).filter((cell) => cell.tries > 0))
  const cell = pick(ran, a)
  if (cell === undefined) return null
  const scopes: readonly BackoutScope[] = [
    { kind: 'workstream', workstream: of.run.steps[cell.step]?.workstream ?? 'main' },
    { kind: 'step', step: cell.step },
    ...(cell.target === NO_HOST ? [] : [{ kind: 'host' as const, host: cell.target }]),
  ]
  return { do: 'backOut', scope: pick(scopes, b) ?? { kind: 'run' }, reason: 'because' }
}

export type Answered = { readonly command: RunCommand; readonly option: Option | null }

/** What a turn asks a person to do; null: it is the engine's, or nothing. */
export function actOfTurn(of: World, [what, a, b]: Turn): Answered | null {
  if (what % 16 === 9 || what % 16 === 10 || what % 16 === 11) {
    const options = asked(of).flatMap((question) => question.options)
    const option = pick(options, a)
    return option === undefined ? null : { option, command: filled(option) }
  }
  if (what % 16 === 13 && what % 3 === 0) {
    const command = partBackout(of, a, b)
    if (command !== null) return { option: null, command }
  }
  if (what % 16 === 12 || what % 16 === 13) return { option: null, command: anyAct(of, a, b) }
  if (what % 16 === 14) {
    const command = missingApproval(of)
    return command === null ? null : { option: null, command }
  }
  return null
}

/** One turn of the engine: begins, ends, evaluates, waits, crashes; nonsense too. */
export function engineTurn(of: World, [what, a, b]: Turn): void {
  const next = pick(due(of), a)
  const open = pick(openOnHosts(of.run), a)
  switch (what % 16) {
    case 0:
    case 1:
    case 2:
      if (next !== undefined) begin(of, next)
      break
    case 3:
    case 4:
    case 5:
    case 6:
      if (open !== undefined) finish(of, open, endingOf(of, b, a))
      break
    case 7:
      if (next !== undefined)
        of.engine({ do: 'cannotBegin', ...next, failure: pick(CODES, b) ?? 'unreachable', message: 'no' })
      break
    case 8: {
      const step = pick(conditionsDue(of), a)
      const result = pick([true, true, false, null], b) ?? null
      if (step !== undefined) of.engine({ do: 'evaluateCondition', step, result })
      else {
        of.atMs = nextWakeMs(of.run, of.atMs) ?? of.atMs + (b % 20) * MINUTE
        of.engine({ do: 'advance' })
      }
      break
    }
    case 15: {
      const step = pick(of.run.order, a) ?? 'none'
      const target = pick(Object.keys(of.run.cells[step] ?? {}), b) ?? NO_HOST
      const purpose = pick(['main', 'check', 'backout', 'backout-check', 'diagnostics', 'verify'] as const, b) ?? 'main'
      if (a % 4 === 0) for (const one of openOnHosts(of.run)) finish(of, one, endingOf(of, 0, 3))
      else if (a % 4 === 1)
        of.engine({ do: 'beginAttempt', step, target, purpose, epoch: { ...of.run.epoch, number: 1 + (b % 2) } })
      else if (a % 4 === 2)
        of.engine({
          do: 'finishAttempt',
          step,
          target,
          purpose,
          try: 1 + (b % 3),
          durationMs: 1,
          ...endingOf(of, b, a),
        })
      else of.engine({ do: 'evaluateCondition', step, result: b % 2 === 0 })
      break
    }
    default:
      break
  }
}

/** Is there anything that somebody, or time, can bring further? */
export function isAlive(of: World): boolean {
  return (
    of.run.phase === 'closed' ||
    openOnHosts(of.run).length > 0 ||
    due(of).length > 0 ||
    conditionsDue(of).length > 0 ||
    nextWakeMs(of.run, of.atMs) !== null ||
    asked(of).some((question) => question.options.length > 0)
  )
}

/**
 * Goes on until the run is closed: begins what is due, ends it, answers every question. `roll` chooses endings and options;
 * it may choose badly, but not for ever: holds and retries are worth a few tries.
 * @returns the number of turns it took
 * @throws when there is nothing left to do and the run is not closed, or an option is refused, or it takes too long
 */
export function toTheEnd(of: World, roll: () => number, check: (answered: Answered | null) => void = () => {}): number {
  let patience = 12
  for (let turn = 1; turn <= 3000; turn += 1) {
    if (of.run.phase === 'closed') return turn
    const act = nextAct(of, roll, patience)
    if (act === null) check(null)
    else {
      if (act.option !== null && ['retry', 'hold', 'no-go', 'failed'].includes(act.option.key)) patience -= 1
      const answer = of.person(act.command)
      if (isRefusal(answer)) throw new Error(`an answer was refused: ${show(act.command, answer)}`)
      check(act)
    }
  }
  throw new Error(`it does not end: ${JSON.stringify(asked(of))}`)
}

function show(command: RunCommand, refusal: Refusal): string {
  return `${JSON.stringify(command)} ${refusal.code}: ${refusal.message}`
}

function nextAct(of: World, roll: () => number, patience: number): Answered | null {
  const ending = (): Ending => (roll() % 3 === 0 && patience > 0 ? endingOf(of, roll(), roll()) : OK)
  const next = pick(due(of), roll())
  const open = pick(openOnHosts(of.run), roll())
  const condition = conditionsDue(of)[0]
  if (open !== undefined && (next === undefined || roll() % 2 === 0)) {
    finish(of, open, ending())
    return null
  }
  if (next !== undefined) {
    begin(of, next)
    return null
  }
  if (condition !== undefined) {
    of.engine({ do: 'evaluateCondition', step: condition, result: roll() % 3 !== 0 })
    return null
  }
  const approval = missingApproval(of)
  if (approval !== null && roll() % 4 !== 0) return { option: null, command: approval }
  const question = pick(asked(of), roll())
  if (question !== undefined) {
    const options = question.options.filter(
      ({ key }) => patience > 0 || !['retry', 'hold', 'no-go', 'failed', 'begin'].includes(key),
    )
    const option = pick(options, roll()) ?? question.options[0]
    if (option !== undefined) return { option, command: filled(option) }
  }
  const wakeMs = nextWakeMs(of.run, of.atMs)
  if (wakeMs === null) throw new Error(`nothing is due, nothing is asked: ${JSON.stringify(of.run.cells)}`)
  of.atMs = wakeMs
  of.engine({ do: 'advance' })
  return null
}

/** A small deterministic source of numbers. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}
