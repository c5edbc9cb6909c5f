/** What is asked on the way forward: what became of a cell, what to do about one that failed, a hold point, work by hand. */
import { NO_HOST } from '../model/words.ts'
import { isApproved } from './kinds/gate.ts'
import { KINDS } from './kinds/registry.ts'
import { backoutAt, stepAt } from './lookup.ts'
import { ids, MOST, openCells, option, type Question } from './question.ts'
import { backoutOptions } from './questions-backout.ts'
import { endOptions } from './questions-end.ts'
import { isItsTurn, isRecordable, isStartable, isVerifiable, satisfies, shifted } from './rules.ts'
import type { Cell, Run } from './state.ts'

export function unknownQuestion(run: Run): Question[] {
  const unknown = openCells(run)
    // One that is being verified is asked about when that has said nothing of use.
    .filter((cell) => cell.state === 'unknown' && cell.open === null && !cell.isVerifyAsked)
    // On an excluded host it may stay unknown, unless it is to be undone: that waits for what is known.
    .filter((cell) => !cell.isExcluded || backoutAt(run, cell.step, cell.target) !== undefined)
    .slice(0, MOST)
  const first = unknown[0]
  if (first === undefined) return []
  const cells = unknown.map(ids)
  const settle = (as: 'passed' | 'failed') =>
    option(`settle-${as}`, { do: 'settle', cells, as, phase: 'forward', reason: '' }, { needsReason: true })
  const verifiable = unknown.filter((cell) => isVerifiableNow(run, cell))
  const verify = verifiable.length > 0 ? [option('verify', { do: 'verify', cells: verifiable.map(ids) })] : []
  const again = unknown.filter((cell) => !cell.isExcluded && backoutAt(run, cell.step, cell.target) === undefined)
  const retry =
    run.backingOut === null && again.length > 0
      ? [option('retry', { do: 'retry', cells: again.map(ids), reason: '' }, { needsReason: true })]
      : []
  return [
    {
      id: 'unknown',
      kind: 'unknown',
      step: first.step,
      target: first.target,
      cells,
      sinceMs: Math.min(...unknown.map((cell) => cell.sinceMs)),
      byMs: null,
      options: [...verify, settle('passed'), settle('failed'), ...retry],
    },
  ]
}

function isVerifiableNow(run: Run, cell: Cell): boolean {
  const plan = stepAt(run, cell.step)
  return plan !== undefined && isVerifiable(run, plan, cell)
}

export function failureQuestions(run: Run): Question[] {
  if (run.backingOut !== null) return []
  return openCells(run).flatMap((cell) => {
    const plan = stepAt(run, cell.step)
    if (plan === undefined || cell.state !== 'failed' || cell.open !== null) return []
    if (satisfies(run, plan, cell) || backoutAt(run, cell.step, cell.target) !== undefined) return []
    const one = [ids(cell)]
    const isGate = plan.kind === 'gate'
    const goOn = isGate
      ? []
      : [
          option('skip', { do: 'skip', cells: one, reason: '' }, { needsReason: true }),
          option('proceed', { do: 'proceed', step: cell.step, target: cell.target, reason: '' }, { needsReason: true }),
        ]
    const drop =
      cell.target === NO_HOST
        ? []
        : [option('exclude', { do: 'exclude', host: cell.target, reason: '' }, { needsReason: true })]
    const hold = run.held === null ? [option('hold', { do: 'hold', reason: '' }, { needsReason: true })] : []
    return [
      {
        id: `failure ${cell.step} ${cell.target}`,
        kind: isGate ? ('no-go' as const) : ('failure' as const),
        step: cell.step,
        target: cell.target,
        cells: one,
        sinceMs: cell.sinceMs,
        byMs: null,
        options: [
          option('retry', { do: 'retry', cells: one }),
          ...goOn,
          ...drop,
          ...hold,
          ...backoutOptions(run, cell),
          ...(isGate ? endOptions(run) : []),
        ],
      },
    ]
  })
}

export function gateQuestions(run: Run, atMs: number): Question[] {
  if (run.backingOut !== null) return []
  return openCells(run).flatMap((cell) => {
    const plan = stepAt(run, cell.step)
    if (plan?.kind !== 'gate' || !isItsTurn(run, plan, cell, atMs)) return []
    const gate = cell.step
    const go = isApproved(run, plan)
      ? [
          option('go', { do: 'decideGate', gate, decision: 'go' }),
          option(
            'conditional-go',
            { do: 'decideGate', gate, decision: 'conditional-go', condition: '' },
            { needsReason: true },
          ),
        ]
      : []
    const noGo = option('no-go', { do: 'decideGate', gate, decision: 'no-go', reason: '' }, { needsReason: true })
    const byMs = plan.latestStart === null ? null : shifted(run, plan.latestStart)
    return [
      {
        id: `gate ${gate}`,
        kind: 'gate' as const,
        step: gate,
        target: cell.target,
        cells: [ids(cell)],
        sinceMs: Math.min(cell.sinceMs, atMs),
        byMs,
        options: [...go, noGo],
      },
    ]
  })
}

export function manualQuestions(run: Run, atMs: number): Question[] {
  return openCells(run).flatMap((cell) => {
    const plan = stepAt(run, cell.step)
    if (plan === undefined || KINDS[plan.kind].by !== 'person') return []
    if (cell.state !== 'running' && !isRecordable(run, plan, cell, atMs)) return []
    const { step, target } = cell
    const begin = isStartable(run, plan, cell, atMs) ? [option('begin', { do: 'beginManual', step, target })] : []
    const record = (outcome: 'passed' | 'warned' | 'failed', needsReason: boolean) =>
      option(
        outcome,
        { do: 'recordOutcome', step, target, outcome, phase: 'forward', ...(needsReason ? { reason: '' } : {}) },
        { needsReason },
      )
    return [
      {
        id: `manual ${step} ${target}`,
        kind: 'manual' as const,
        step,
        target,
        cells: [ids(cell)],
        sinceMs: cell.sinceMs,
        byMs: plan.latestStart === null || cell.state === 'running' ? null : shifted(run, plan.latestStart),
        options: [...begin, record('passed', false), record('warned', true), record('failed', true)],
      },
    ]
  })
}
