/**
 * fold(state, event) → state: the only place where a run's state comes from. Total: an event that contradicts the state is
 * kept as a conflict for a person to see, and changes nothing else. Reads headers only, never a payload.
 */
import type { RecordedRunEvent } from '../model/events.ts'
import type { EntryRef, StepId, Target } from '../model/words.ts'
import { assertNever, NO_HOST } from '../model/words.ts'
import { backoutAt, cellAt, own, stepAt } from './lookup.ts'
import type { Backout, Cell, Run } from './state.ts'

export function fold(run: Run | null, event: RecordedRunEvent): Run | null {
  if (run === null) return event.type === 'run.planned' ? planned(event) : null
  if (event.data.run !== run.id) return run
  const next = step(run, event)
  return { ...next, lastRef: event.ref, lastAtMs: Date.parse(event.at) }
}

/** Folds many, in order. */
export function foldAll(run: Run | null, events: Iterable<RecordedRunEvent>): Run | null {
  let state = run
  for (const event of events) state = fold(state, event)
  return state
}

type Planned = Extract<RecordedRunEvent, { type: 'run.planned' }>

function planned(event: Planned): Run {
  const { data } = event
  return {
    id: data.run,
    runbook: data.runbook,
    mode: data.mode,
    isPractice: data.practice,
    phase: 'planned',
    result: null,
    plannedAtMs: Date.parse(event.at),
    startedAtMs: null,
    closedAtMs: null,
    shiftMs: 0,
    window: data.window,
    outage: data.outage,
    workstreams: data.workstreams,
    expectedSteps: data.steps,
    sets: {},
    steps: {},
    order: [],
    cells: {},
    backouts: {},
    conditions: {},
    approvals: {},
    gates: {},
    excluded: [],
    held: null,
    backingOut: null,
    noReturn: null,
    deviations: [],
    decisions: [],
    epoch: data.epoch,
    conflicts: [],
    starts: 0,
    cause: event.ref,
    lastRef: event.ref,
    lastAtMs: Date.parse(event.at),
  }
}

function step(run: Run, event: RecordedRunEvent): Run {
  const atMs = Date.parse(event.at)
  const { ref } = event
  const cause = causeRef(event)
  const misplaced = outOfPlace(run, event)
  if (misplaced !== null) return conflict(run, event, misplaced)
  switch (event.type) {
    case 'run.planned':
      return conflict(run, event, 'This run was planned before.')
    case 'targets.frozen': {
      const { set, hosts } = event.data
      return { ...run, sets: { ...run.sets, [set]: [...(own(run.sets, set) ?? []), ...hosts] } }
    }
    case 'step.planned':
      return stepPlanned(run, event, atMs)
    case 'run.started':
      return { ...run, phase: 'running', startedAtMs: atMs, shiftMs: event.data.shiftMs, cause: ref }
    case 'run.held':
      return decided({ ...run, held: { sinceMs: atMs, by: event.data.by, ref, isForwardOnly: false } }, event, atMs)
    case 'run.resumed':
      return decided({ ...run, held: null, cause: event.act === null ? run.cause : ref }, event, atMs)
    case 'run.closed':
      return decided({ ...run, phase: 'closed', result: event.data.result, closedAtMs: atMs }, event, atMs)
    case 'attempt.started':
      return attemptStarted(run, event, atMs, cause)
    case 'attempt.finished':
      return attemptFinished(run, event, atMs)
    case 'output.bound':
    case 'note.recorded':
      return run
    case 'cells.readied':
      return eachCell(
        run,
        event,
        event.data.targets.map((target) => ({ step: event.data.step, target })),
        ['waiting'],
        (cell) => ({
          ...cell,
          state: 'ready',
          sinceMs: atMs,
          ref,
          cause,
        }),
      )
    case 'cell.ended':
      return decided(
        eachCell(run, event, [event.data], ['waiting', 'ready', 'running'], (cell) => ({
          ...cell,
          state: event.data.state,
          sinceMs: atMs,
          endedMs: atMs,
          failure: event.data.failure,
          open: null,
          ref,
        })),
        event,
        atMs,
      )
    case 'cell.retried':
      return cellRetried(run, event, atMs, cause)
    case 'cell.accepted':
      return decided(
        eachCell(run, event, [event.data], ['failed'], (cell) => ({ ...cell, isAccepted: true, ref })),
        event,
        atMs,
      )
    case 'cells.skipped':
      return decided(
        eachCell(run, event, event.data.cells, ['waiting', 'ready', 'failed'], (cell) => ({
          ...cell,
          state: 'skipped',
          sinceMs: atMs,
          endedMs: atMs,
          ref,
        })),
        event,
        atMs,
      )
    case 'cells.cancelled':
      return eachCell(run, event, event.data.cells, ['waiting', 'ready'], (cell) => ({
        ...cell,
        state: 'cancelled',
        sinceMs: atMs,
        endedMs: atMs,
        ref,
      }))
    case 'cells.settled':
      return decided(cellsSettled(run, event, atMs), event, atMs)
    case 'condition.evaluated':
      return { ...run, conditions: { ...run.conditions, [event.data.step]: event.data.result } }
    case 'host.excluded':
      return decided(hostExcluded(run, event.data.host), event, atMs)
    case 'noreturn.passed':
      return run.noReturn === null ? { ...run, noReturn: { step: event.data.step, atMs } } : run
    case 'approval.given':
      return approval(run, event.data, 'given', atMs)
    case 'approval.refused':
      return approval(run, event.data, 'refused', atMs)
    case 'approval.withdrawn':
      return approval(run, event.data, 'withdrawn', atMs)
    case 'gate.decided': {
      const isGo = event.data.decision !== 'no-go'
      const gates = { ...run.gates, [event.data.gate]: event.data.decision }
      return decided({ ...run, gates, cause: isGo && event.act !== null ? ref : run.cause }, event, atMs)
    }
    case 'backout.planned':
      return decided(backoutPlanned(run, event, atMs, cause), event, atMs)
    case 'backout.readied':
      return eachBackout(run, event, event.data.cells, ['waiting'], (was) => ({
        ...was,
        state: 'ready',
        sinceMs: atMs,
        ref,
      }))
    case 'backout.ended':
      return eachBackout(run, event, [event.data], ['waiting', 'ready', 'running'], (was) => ({
        ...was,
        state: event.data.state,
        sinceMs: atMs,
        endedMs: atMs,
        failure: event.data.failure,
        open: null,
        ref,
      }))
    case 'backout.retried':
      if (run.noReturn !== null) return conflict(run, event, 'The point of no return was passed before this backout.')
      return decided(
        eachBackout(run, event, [event.data], ['failed', 'unknown', 'given-up'], (was) => ({
          ...was,
          // Later work may have come to be undone meanwhile: it waits for its turn again.
          state: 'waiting',
          sinceMs: atMs,
          endedMs: null,
          failure: null,
          ref,
          cause,
        })),
        event,
        atMs,
      )
    case 'backout.givenUp':
      return decided(
        eachBackout(run, event, event.data.cells, ['waiting', 'ready', 'failed', 'unknown'], (was) => ({
          ...was,
          state: 'given-up',
          sinceMs: atMs,
          endedMs: atMs,
          ref,
        })),
        event,
        atMs,
      )
    case 'deviation.recorded':
      return { ...run, deviations: [...run.deviations, { ref, subject: event.data.subject }] }
    case 'driver.taken': {
      const { epoch } = event.data
      if (epoch.number <= run.epoch.number)
        return conflict(run, event, `Epoch ${epoch.number} is not above ${run.epoch.number}.`)
      return decided({ ...run, epoch }, event, atMs)
    }
    default:
      return assertNever(event)
  }
}

type EventType = RecordedRunEvent['type']

const PLANS: readonly EventType[] = ['targets.frozen', 'step.planned', 'run.started']
const AFTER_CLOSE: readonly EventType[] = ['note.recorded', 'output.bound']
const BEFORE_START: readonly EventType[] = [
  'run.planned',
  ...PLANS,
  'run.closed',
  'cells.skipped',
  'cells.cancelled',
  'host.excluded',
  'approval.given',
  'approval.refused',
  'approval.withdrawn',
  'deviation.recorded',
  'driver.taken',
  ...AFTER_CLOSE,
]

/** What has no place in this phase of a run, and why. */
function outOfPlace(run: Run, { type }: RecordedRunEvent): string | null {
  if (run.phase === 'closed') return AFTER_CLOSE.includes(type) ? null : 'The run was closed before.'
  if (run.phase === 'planned') return BEFORE_START.includes(type) ? null : 'The run had not started.'
  return PLANS.includes(type) ? 'The run had started: its plan is fixed.' : null
}

function stepPlanned(run: Run, event: Extract<RecordedRunEvent, { type: 'step.planned' }>, atMs: number): Run {
  const plan = event.data.step
  if (stepAt(run, plan.id) !== undefined) return conflict(run, event, `Step ${plan.id} was planned before.`)
  const targets = plan.targets === null ? [NO_HOST] : (own(run.sets, plan.targets) ?? [])
  const cells = Object.fromEntries(
    targets.map((target, index) => [target, newCell(plan.id, target, waveOf(plan.waves, index), atMs)]),
  )
  return {
    ...run,
    steps: { ...run.steps, [plan.id]: plan },
    order: [...run.order, plan.id],
    cells: { ...run.cells, [plan.id]: cells },
  }
}

function waveOf(waves: readonly number[], index: number): number {
  const wave = waves.findIndex((upTo) => index < upTo)
  return wave === -1 ? Math.max(0, waves.length - 1) : wave
}

function newCell(step: StepId, target: Target, wave: number, atMs: number): Cell {
  return {
    step,
    target,
    wave,
    state: 'waiting',
    sinceMs: atMs,
    tries: 0,
    checkTries: 0,
    verifyTries: 0,
    diagnosticsTries: 0,
    open: null,
    last: null,
    firstStartMs: null,
    endedMs: null,
    failure: null,
    isAccepted: false,
    isExcluded: false,
    policyRetries: 0,
    notBeforeMs: null,
    startedNth: null,
    ref: null,
    cause: null,
  }
}

type Started = Extract<RecordedRunEvent, { type: 'attempt.started' }>

function attemptStarted(run: Run, event: Started, atMs: number, cause: EntryRef | null): Run {
  const { step, target, purpose, epoch } = event.data
  const open = { purpose, try: event.data.try, startedAtMs: atMs, epoch }
  if (event.data.try <= triesBefore(run, event)) {
    return conflict(run, event, `${name(step, target)}: ${purpose} ${event.data.try} was started before.`)
  }
  if (purpose === 'backout' || purpose === 'backout-check') {
    return eachBackout(run, event, [{ step, target }], purpose === 'backout' ? ['ready'] : ['running'], (was) => ({
      ...was,
      state: 'running',
      sinceMs: was.state === 'running' ? was.sinceMs : atMs,
      open,
      tries: purpose === 'backout' ? event.data.try : was.tries,
      checkTries: purpose === 'backout-check' ? event.data.try : was.checkTries,
      startedMs: was.startedMs ?? atMs,
      ref: event.ref,
    }))
  }
  const cell = cellAt(run, step, target)
  if (cell !== undefined && cell.open !== null)
    return conflict(run, event, `${name(step, target)} has another try open.`)
  switch (purpose) {
    case 'main': {
      const next = eachCell(run, event, [{ step, target }], ['ready'], (was) => ({
        ...was,
        state: 'running',
        sinceMs: atMs,
        open,
        tries: event.data.try,
        firstStartMs: was.firstStartMs ?? atMs,
        startedNth: run.starts,
        endedMs: null,
        notBeforeMs: null,
        ref: event.ref,
        cause: was.cause ?? cause,
      }))
      if (next.conflicts.length > run.conflicts.length) return next
      // With the intent, not with the entry after it that says so.
      const passes = stepAt(run, step)?.pointOfNoReturn === true && run.noReturn === null
      return {
        ...next,
        starts: run.starts + 1,
        noReturn: passes ? { step, atMs } : run.noReturn,
      }
    }
    case 'check':
      return eachCell(run, event, [{ step, target }], ['running'], (was) => ({
        ...was,
        open,
        checkTries: event.data.try,
        ref: event.ref,
      }))
    case 'verify':
      return eachCell(run, event, [{ step, target }], ['unknown'], (was) => ({
        ...was,
        open,
        verifyTries: event.data.try,
        ref: event.ref,
      }))
    case 'diagnostics':
      return eachCell(run, event, [{ step, target }], ['failed', 'unknown'], (was) => ({
        ...was,
        open,
        diagnosticsTries: event.data.try,
        ref: event.ref,
      }))
    default:
      return assertNever(purpose)
  }
}

function triesBefore(run: Run, { data: { step, target, purpose } }: Started): number {
  const cell = cellAt(run, step, target)
  const backout = backoutAt(run, step, target)
  const tries: Record<Started['data']['purpose'], number | undefined> = {
    main: cell?.tries,
    check: cell?.checkTries,
    verify: cell?.verifyTries,
    diagnostics: cell?.diagnosticsTries,
    backout: backout?.tries,
    'backout-check': backout?.checkTries,
  }
  return tries[purpose] ?? 0
}

function attemptFinished(run: Run, event: Extract<RecordedRunEvent, { type: 'attempt.finished' }>, atMs: number): Run {
  const { step, target, purpose, outcome, verdict, durationMs } = event.data
  const last = { purpose, try: event.data.try, outcome, verdict, durationMs, atMs }
  const matches = (open: Cell['open']) => open !== null && open.purpose === purpose && open.try === event.data.try
  if (purpose === 'backout' || purpose === 'backout-check') {
    const was = backoutAt(run, step, target)
    if (was === undefined || !matches(was.open))
      return conflict(run, event, `${name(step, target)}: no such try was open.`)
    return withBackout(run, { ...was, open: null, last, ref: event.ref })
  }
  const was = cellAt(run, step, target)
  if (was === undefined || !matches(was.open))
    return conflict(run, event, `${name(step, target)}: no such try was open.`)
  return withCell(run, { ...was, open: null, last: purpose === 'diagnostics' ? was.last : last, ref: event.ref })
}

function cellRetried(
  run: Run,
  event: Extract<RecordedRunEvent, { type: 'cell.retried' }>,
  atMs: number,
  cause: EntryRef | null,
): Run {
  const { step, target, by, notBefore } = event.data
  const allowed: readonly Cell['state'][] = by === 'policy' ? ['running', 'ready'] : ['failed', 'unknown']
  // Never begun: its condition comes first, and is asked again where it had no answer. Each cell of a step for itself.
  const reopensCondition =
    by === 'person' && stepAt(run, step)?.hasCondition === true && cellAt(run, step, target)?.tries === 0
  const next = eachCell(run, event, [{ step, target }], allowed, (cell) => ({
    ...cell,
    state: reopensCondition ? 'waiting' : 'ready',
    sinceMs: atMs,
    endedMs: null,
    failure: null,
    isAccepted: false,
    policyRetries: by === 'policy' ? cell.policyRetries + 1 : 0,
    notBeforeMs: notBefore === null ? null : Date.parse(notBefore),
    ref: event.ref,
    cause: by === 'person' ? cause : cell.cause,
  }))
  if (next.conflicts.length > run.conflicts.length) return next
  const open = { ...next }
  if (reopensCondition && own(run.conditions, step) === null) open.conditions = without(run.conditions, step)
  if (own(run.gates, step) === 'no-go') {
    open.gates = without(run.gates, step)
    open.approvals = without(run.approvals, step)
  }
  return by === 'person' ? decided(open, event, atMs) : open
}

function cellsSettled(run: Run, event: Extract<RecordedRunEvent, { type: 'cells.settled' }>, atMs: number): Run {
  const { cells, as, phase } = event.data
  if (phase === 'forward') {
    return eachCell(run, event, cells, ['unknown'], (cell) => ({
      ...cell,
      state: as,
      sinceMs: atMs,
      endedMs: atMs,
      open: null,
      failure: null,
      ref: event.ref,
    }))
  }
  return eachBackout(run, event, cells, ['unknown'], (was) => ({
    ...was,
    state: as,
    sinceMs: atMs,
    endedMs: atMs,
    open: null,
    failure: null,
    ref: event.ref,
  }))
}

function hostExcluded(run: Run, host: string): Run {
  if (run.excluded.includes(host)) return run
  const cells: Record<StepId, Readonly<Record<Target, Cell>>> = { ...run.cells }
  for (const [id, row] of Object.entries(run.cells)) {
    const cell = own(row, host)
    if (cell !== undefined) cells[id] = { ...row, [host]: { ...cell, isExcluded: true } }
  }
  return { ...run, excluded: [...run.excluded, host], cells }
}

type ApprovalData = { readonly gate: StepId; readonly role: string; readonly key: string }

function approval(run: Run, data: ApprovalData, state: 'given' | 'refused' | 'withdrawn', atMs: number): Run {
  const others = (own(run.approvals, data.gate) ?? []).filter((was) => was.role !== data.role || was.key !== data.key)
  const all = [...others, { role: data.role, key: data.key, atMs, state }]
  return { ...run, approvals: { ...run.approvals, [data.gate]: all } }
}

function backoutPlanned(
  run: Run,
  event: Extract<RecordedRunEvent, { type: 'backout.planned' }>,
  atMs: number,
  cause: EntryRef | null,
): Run {
  const { scope, cells } = event.data
  if (run.noReturn !== null) return conflict(run, event, 'The point of no return was passed before this backout.')
  let next: Run = run
  const rows = new Map<StepId, Record<Target, Backout>>()
  for (const { step, target, order } of cells) {
    if (cellAt(run, step, target) === undefined) {
      next = conflict(next, event, `${name(step, target)} is not part of this run.`)
      continue
    }
    const row = rows.get(step) ?? { ...own(run.backouts, step) }
    rows.set(step, row)
    row[target] = own(row, target) ?? {
      step,
      target,
      state: 'waiting',
      sinceMs: atMs,
      order,
      tries: 0,
      checkTries: 0,
      open: null,
      last: null,
      failure: null,
      startedMs: null,
      endedMs: null,
      ref: event.ref,
      cause,
    }
  }
  const isWhole = scope.kind === 'run'
  return {
    ...next,
    backouts: { ...run.backouts, ...Object.fromEntries(rows) },
    held: event.data.by === 'policy' ? run.held : heldAfter(run, isWhole),
    backingOut: isWhole ? (run.backingOut ?? { scope, sinceMs: atMs, ref: event.ref }) : run.backingOut,
    cause: event.act === null ? run.cause : event.ref,
  }
}

/**
 * A person who backs out means it to begin: the whole run's ends a hold, a part's leaves the rest held. A rule of the
 * runbook never ends what a person held.
 */
function heldAfter(run: Run, isWhole: boolean): Run['held'] {
  return isWhole || run.held === null ? null : { ...run.held, isForwardOnly: true }
}

/** The acts that a reviewer counts as decisions. */
function decided(run: Run, event: RecordedRunEvent, atMs: number): Run {
  if (event.act === null) return run
  const { act, subject, key } = event.act
  return { ...run, decisions: [...run.decisions, { ref: event.ref, atMs, act, subject, by: key }] }
}

function conflict(run: Run, event: RecordedRunEvent, message: string): Run {
  return { ...run, conflicts: [...run.conflicts, { ref: event.ref, type: event.type, message }] }
}

function causeRef(event: RecordedRunEvent): EntryRef | null {
  if (event.act !== null) return event.ref
  if (event.cause === null) return null
  if (typeof event.cause === 'number') return { origin: event.ref.origin, seq: event.cause }
  const at = event.cause.lastIndexOf('#')
  return { origin: event.cause.slice(0, at), seq: Number(event.cause.slice(at + 1)) }
}

type At = { readonly step: StepId; readonly target: Target }

/** Changes cells that are in one of the allowed states; any other is a conflict. */
function eachCell(
  run: Run,
  event: RecordedRunEvent,
  cells: readonly At[],
  allowed: readonly Cell['state'][],
  change: (cell: Cell) => Cell,
): Run {
  let next = run
  const rows = new Map<StepId, Record<Target, Cell>>()
  for (const { step, target } of cells) {
    const row = rows.get(step) ?? own(run.cells, step)
    const cell = row === undefined ? undefined : own(row, target)
    if (row === undefined || cell === undefined)
      next = conflict(next, event, `${name(step, target)} is not part of this run.`)
    else if (!allowed.includes(cell.state)) next = conflict(next, event, `${name(step, target)} was ${cell.state}.`)
    else {
      const changed = rows.get(step) ?? { ...row }
      changed[target] = change(cell)
      rows.set(step, changed)
    }
  }
  return rows.size === 0 ? next : { ...next, cells: { ...next.cells, ...Object.fromEntries(rows) } }
}

function eachBackout(
  run: Run,
  event: RecordedRunEvent,
  cells: readonly At[],
  allowed: readonly Backout['state'][],
  change: (was: Backout) => Backout,
): Run {
  let next = run
  const rows = new Map<StepId, Record<Target, Backout>>()
  for (const { step, target } of cells) {
    const row = rows.get(step) ?? own(run.backouts, step)
    const was = row === undefined ? undefined : own(row, target)
    if (row === undefined || was === undefined)
      next = conflict(next, event, `No backout of ${name(step, target)} was planned.`)
    else if (!allowed.includes(was.state))
      next = conflict(next, event, `The backout of ${name(step, target)} was ${was.state}.`)
    else {
      const changed = rows.get(step) ?? { ...row }
      changed[target] = change(was)
      rows.set(step, changed)
    }
  }
  return rows.size === 0 ? next : { ...next, backouts: { ...next.backouts, ...Object.fromEntries(rows) } }
}

function withCell(run: Run, cell: Cell): Run {
  return { ...run, cells: { ...run.cells, [cell.step]: { ...run.cells[cell.step], [cell.target]: cell } } }
}

function withBackout(run: Run, backout: Backout): Run {
  return {
    ...run,
    backouts: { ...run.backouts, [backout.step]: { ...run.backouts[backout.step], [backout.target]: backout } },
  }
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

function name(step: StepId, target: Target): string {
  return target === NO_HOST ? step : `${step} on ${target}`
}
