/**
 * fold(state, event) → state: the only place where a run's state comes from. Total: an event that contradicts the state is
 * kept as a conflict for a person to see, and changes nothing else. Reads headers only, never a payload.
 */
import type { RecordedRunEvent } from '../model/events.ts'
import type { StepId } from '../model/words.ts'
import { assertNever } from '../model/words.ts'
import { attemptFinished, attemptStarted } from './fold-attempt.ts'
import { BACKOUT_EVENTS, foldBackout } from './fold-backout.ts'
import { CELL_EVENTS, foldCell, withoutVerifyAsked } from './fold-cells.ts'
import { causeRef, conflict, decided, isOf } from './fold-parts.ts'
import { planned, stepPlanned } from './fold-plan.ts'
import { own } from './lookup.ts'
import type { Run } from './state.ts'

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

function step(run: Run, event: RecordedRunEvent): Run {
  const atMs = Date.parse(event.at)
  const { ref } = event
  const cause = causeRef(event)
  const misplaced = outOfPlace(run, event)
  if (misplaced !== null) return conflict(run, event, misplaced)
  if (isOf(CELL_EVENTS, event)) return foldCell(run, event, cause)
  if (isOf(BACKOUT_EVENTS, event)) return foldBackout(run, event, cause)
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
      return decided(
        { ...withoutVerifyAsked(run), held: { sinceMs: atMs, by: event.data.by, ref, isForwardOnly: false } },
        event,
        atMs,
      )
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
    case 'condition.evaluated':
      return { ...run, conditions: { ...run.conditions, [event.data.step]: event.data.result } }
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

type ApprovalData = { readonly gate: StepId; readonly role: string; readonly key: string }

function approval(run: Run, data: ApprovalData, state: 'given' | 'refused' | 'withdrawn', atMs: number): Run {
  const others = (own(run.approvals, data.gate) ?? []).filter((was) => was.role !== data.role || was.key !== data.key)
  const all = [...others, { role: data.role, key: data.key, atMs, state }]
  return { ...run, approvals: { ...run.approvals, [data.gate]: all } }
}
