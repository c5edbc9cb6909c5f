/** Questions met with answers given beforehand: each is used once, in order, for its step, host and question. */
import type { BackoutScope } from '../../shared/model/events.ts'
import { type Refusal, refusal } from '../../shared/model/commands.ts'
import { NO_HOST } from '../../shared/model/words.ts'
import type { Answer, Answers } from '../../shared/runbook/answers.ts'
import type { Question } from '../../shared/run/question.ts'
import type { Run } from '../../shared/run/state.ts'
import { readTime } from '../../shared/text/time.ts'
import type { RunCommand } from '../engine/run-log.ts'

export type Prepared = {
  /** The next answer for a question; null: there is none. Taking it uses it up. */
  take(question: { kind: string; step: string | null; target: string | null }): Answer | null
  /** Answers that were not used: `line 12: failure of deploy on app2`. */
  leftOver(): readonly string[]
}

export function prepared(answers: Answers | null, lines: readonly number[]): Prepared {
  const open = (answers?.answers ?? []).map((answer, at) => ({ answer, line: lines[at] ?? 0 }))
  return {
    take(question) {
      const at = open.findIndex(({ answer }) => fits(answer, question))
      return at === -1 ? null : (open.splice(at, 1)[0]?.answer ?? null)
    },
    leftOver: () =>
      open.map(({ answer, line }) => {
        const step = 'step' in answer ? ` of ${answer.step}` : ''
        const host = 'host' in answer && answer.host !== undefined ? ` on ${answer.host}` : ''
        return `line ${line}: ${answer.question}${step}${host}`
      }),
  }
}

function fits(answer: Answer, question: { kind: string; step: string | null; target: string | null }): boolean {
  if (answer.question !== question.kind) return false
  if ('step' in answer && answer.step !== question.step) return false
  if (answer.question === 'host-key') return answer.host === question.target
  return !('host' in answer) || answer.host === undefined || answer.host === question.target
}

/** The act that an answer leads to; a host key and a gate's approvals are acts of their own and come before. */
export function commandOf(answer: Answer, question: Question, run: Run): RunCommand | Refusal | null {
  const step = question.step ?? ''
  const target = question.target ?? NO_HOST
  const one = [{ step, target }]
  const reason = 'reason' in answer && answer.reason !== undefined ? answer.reason : ''
  const why = whyOf(answer, run)
  switch (answer.question) {
    case 'gate':
      return {
        do: 'decideGate',
        gate: step,
        decision: answer.decide,
        ...(answer.condition === undefined ? {} : { condition: answer.condition }),
        ...why,
      }
    case 'manual':
      if (answer.decide === 'skip') return { do: 'skip', cells: one, ...why, reason }
      return {
        do: 'recordOutcome',
        step,
        target,
        outcome: answer.decide,
        phase: 'forward',
        ...(answer.evidence === undefined ? {} : { evidence: answer.evidence }),
        ...why,
      }
    case 'failure':
    case 'no-go':
      switch (answer.decide) {
        case 'retry':
          return { do: 'retry', cells: one, ...why }
        case 'skip':
          return { do: 'skip', cells: one, ...why, reason }
        case 'proceed':
          return { do: 'proceed', step, target, ...why, reason }
        case 'hold':
          return { do: 'hold', ...why, reason }
        case 'exclude':
          return { do: 'exclude', host: target, ...why, reason }
        case 'back-out':
          return { do: 'backOut', scope: scopeOf(answer.scope, step, target, run), ...why, reason }
        case 'close':
          return { do: 'close', result: 'failed', ...why }
      }
      break
    case 'stuck':
      switch (answer.decide) {
        case 'skip':
          return { do: 'skip', cells: [...question.cells], ...why, reason }
        case 'exclude':
          return exclusion(question, { ...why, reason })
        case 'back-out':
          return { do: 'backOut', scope: { kind: 'run' }, ...why, reason }
        case 'close':
          return { do: 'close', result: 'failed', ...why }
      }
      break
    case 'held':
      return answer.decide === 'resume'
        ? { do: 'resume', ...why }
        : { do: 'backOut', scope: { kind: 'run' }, ...why, reason }
    case 'unknown':
      if (answer.decide === 'retry') return { do: 'retry', cells: one, ...why }
      if (answer.decide === 'verify') return { do: 'verify', cells: one, ...why }
      return { do: 'settle', cells: one, as: answer.decide, phase: 'forward', ...why, reason }
    case 'backout-failed':
    case 'backout-unknown':
      if (answer.decide === 'retry') return { do: 'retryBackout', step, target, ...why }
      if (answer.decide === 'give-up') return { do: 'giveUpBackout', cells: one, ...why, reason }
      return { do: 'settle', cells: one, as: answer.decide, phase: 'backout', ...why, reason }
    case 'backout-manual':
      return {
        do: 'recordOutcome',
        step,
        target,
        outcome: answer.decide,
        phase: 'backout',
        ...(answer.evidence === undefined ? {} : { evidence: answer.evidence }),
        ...why,
      }
    case 'close':
      return { do: 'close', result: answer.result, ...why }
    case 'host-key':
      return null
  }
  return null
}

/** Of the host that holds the step up: where that is not one alone, excluding is not offered. */
function exclusion(question: Question, why: { readonly reason: string }): RunCommand | Refusal {
  const offered = question.options.map(({ command }) => command).find((command) => command.do === 'exclude')
  if (offered !== undefined) return { ...offered, ...why }
  return refusal('not-offered', `exclude is no answer here: ${question.step} is not held up by one host alone.`)
}

function scopeOf(
  scope: 'run' | 'step' | 'workstream' | 'host' | undefined,
  step: string,
  target: string,
  run: Run,
): BackoutScope {
  switch (scope) {
    case 'step':
      return { kind: 'step', step }
    case 'host':
      return { kind: 'host', host: target }
    case 'workstream':
      return { kind: 'workstream', workstream: run.steps[step]?.workstream ?? '' }
    default:
      return { kind: 'run' }
  }
}

function whyOf(answer: Answer, run: Run): { reason?: string; occurredAt?: string; doneBy?: string } {
  const given = answer as { reason?: string; occurredAt?: string; doneBy?: string }
  const time = given.occurredAt === undefined ? null : readTime(given.occurredAt, run.window?.zone ?? 'UTC')
  return {
    ...(given.reason === undefined ? {} : { reason: given.reason }),
    ...(time !== null && 'at' in time ? { occurredAt: time.at } : {}),
    ...(given.doneBy === undefined ? {} : { doneBy: given.doneBy }),
  }
}
