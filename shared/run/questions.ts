/** What is asked of people now, derived from the state: there is no list of open questions that could drift from it. */
import type { PersonCommand } from '../model/commands.ts'
import type { BackoutScope, CellId, RunResult } from '../model/events.ts'
import type { StepId, Target } from '../model/words.ts'
import { NO_HOST } from '../model/words.ts'
import { dueBackouts, hasSomethingToUndo } from './backout.ts'
import { isApproved } from './kinds/gate.ts'
import { KINDS } from './kinds/registry.ts'
import { backoutAt, backoutsOf, cellsOf, isBackoutOpen, isQuiet, stepAt } from './lookup.ts'
import { isItsTurn, isOver, isRecordable, isStartable, isVerifiable, satisfies, shifted } from './rules.ts'
import type { Cell, Run } from './state.ts'

export type QuestionKind =
  | 'start'
  | 'gate'
  | 'no-go'
  | 'manual'
  | 'failure'
  | 'unknown'
  | 'backout-manual'
  | 'backout-failed'
  | 'backout-unknown'
  | 'held'
  /** It waits for what can never be there: a step or host before it was backed out. */
  | 'stuck'
  | 'close'

/** One answer: the act it leads to. `command.reason` is empty where `needsReason` asks the person for it. */
export type Option = {
  readonly key: string
  readonly command: Exclude<PersonCommand, { do: 'planRun' }>
  readonly needsReason: boolean
  /** Undoes or gives up something: confirmed by typing its scope. */
  readonly isDestructive: boolean
}

export type Question = {
  readonly id: string
  readonly kind: QuestionKind
  readonly step: StepId | null
  readonly target: Target | null
  readonly cells: readonly CellId[]
  readonly sinceMs: number
  /** Answer by, ms since 1970; null: no time is set. */
  readonly byMs: number | null
  readonly options: readonly Option[]
}

/** The most urgent first: unknown, failed, then what holds others up, then the rest, each oldest first. */
export function questions(run: Run, atMs: number): readonly Question[] {
  if (run.phase === 'closed') return []
  if (run.phase === 'planned') return [startQuestion(run)]
  const all = [
    ...unknownQuestion(run),
    ...backoutQuestions(run),
    ...failureQuestions(run),
    ...heldQuestion(run),
    ...gateQuestions(run, atMs),
    ...manualQuestions(run, atMs),
    ...stuckQuestions(run),
  ]
  return all.length === 0 && isOver(run) ? [closeQuestion(run)] : all
}

function option(
  key: string,
  command: Option['command'],
  more: { needsReason?: boolean; isDestructive?: boolean } = {},
): Option {
  return { key, command, needsReason: more.needsReason ?? false, isDestructive: more.isDestructive ?? false }
}

function startQuestion(run: Run): Question {
  return {
    id: 'start',
    kind: 'start',
    step: null,
    target: null,
    cells: [],
    sinceMs: run.plannedAtMs,
    byMs: null,
    options: [option('start', { do: 'startRun' })],
  }
}

/** As many cells as one command may name. */
const MOST = 400

function unknownQuestion(run: Run): Question[] {
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

function failureQuestions(run: Run): Question[] {
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

/** Backing out, from the smallest scope to the whole run; none past the point of no return. */
export function backoutOptions(run: Run, cell: Pick<Cell, 'step' | 'target'> | null): Option[] {
  if (run.noReturn !== null || run.backingOut !== null || run.phase !== 'running') return []
  const scopes: [string, BackoutScope][] = []
  if (cell !== null) {
    scopes.push(['back-out-step', { kind: 'step', step: cell.step }])
    if (cell.target !== NO_HOST) scopes.push(['back-out-host', { kind: 'host', host: cell.target }])
    const workstream = stepAt(run, cell.step)?.workstream
    if (workstream !== undefined && run.workstreams.length > 1)
      scopes.push(['back-out-workstream', { kind: 'workstream', workstream }])
  }
  const useful = scopes.filter(([, scope]) => hasSomethingToUndo(run, scope))
  return [...useful, ['back-out-run', { kind: 'run' }] as [string, BackoutScope]].map(([key, scope]) =>
    option(key, { do: 'backOut', scope, reason: '' }, { needsReason: true, isDestructive: true }),
  )
}

function heldQuestion(run: Run): Question[] {
  if (run.held === null) return []
  return [
    {
      id: 'held',
      kind: 'held',
      step: null,
      target: null,
      cells: [],
      sinceMs: run.held.sinceMs,
      byMs: null,
      options: [option('resume', { do: 'resume' }), ...backoutOptions(run, null)],
    },
  ]
}

function gateQuestions(run: Run, atMs: number): Question[] {
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

function manualQuestions(run: Run, atMs: number): Question[] {
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

/** A step waits for cells that were undone or cancelled: without an answer it would wait for ever. */
function stuckQuestions(run: Run): Question[] {
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
function endOptions(run: Run): Option[] {
  const isInTheAir =
    openCells(run).some((cell) => cell.open !== null || (cell.state === 'unknown' && !cell.isExcluded)) ||
    backoutsOf(run).some((backout) => isBackoutOpen(backout))
  if (isInTheAir) return []
  const close = { do: 'close', result: 'failed', reason: '' } as const
  return [option('close-failed', close, { needsReason: true, isDestructive: true })]
}

function backoutQuestions(run: Run): Question[] {
  const due = new Set(dueBackouts(run))
  const all = backoutsOf(run).filter(
    (backout) => backout.open === null || stepAt(run, backout.step)?.backout?.by === 'person',
  )
  return all.flatMap((backout): Question[] => {
    const { step, target } = backout
    const cells = [{ step, target }]
    const ask = (kind: QuestionKind, options: Option[]): Question[] => [
      { id: `${kind} ${step} ${target}`, kind, step, target, cells, sinceMs: backout.sinceMs, byMs: null, options },
    ]
    const again = option('retry', { do: 'retryBackout', step, target })
    const giveUp = option(
      'give-up',
      { do: 'giveUpBackout', cells, reason: '' },
      { needsReason: true, isDestructive: true },
    )
    if (backout.state === 'failed') return ask('backout-failed', [again, giveUp])
    if (backout.state === 'unknown') {
      const settle = (as: 'passed' | 'failed') =>
        option(`settle-${as}`, { do: 'settle', cells, as, phase: 'backout', reason: '' }, { needsReason: true })
      return ask('backout-unknown', [settle('passed'), settle('failed'), again, giveUp])
    }
    const isByPerson = stepAt(run, step)?.backout?.by === 'person'
    if (!isByPerson || (backout.state !== 'running' && !due.has(backout))) return []
    const record = (outcome: 'passed' | 'failed') =>
      option(outcome, { do: 'recordOutcome', step, target, outcome, phase: 'backout' }, { needsReason: false })
    return ask('backout-manual', [record('passed'), record('failed')])
  })
}

function closeQuestion(run: Run): Question {
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

/** All cells that something may be asked about. */
function openCells(run: Run): Cell[] {
  return run.order.flatMap((id) => (isQuiet(run, id) ? [] : cellsOf(run, id)))
}

function ids(cell: Cell): CellId {
  return { step: cell.step, target: cell.target }
}
