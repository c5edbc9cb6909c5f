/** Cells: what becomes of them by the rules, and by what people say of them. */
import type { RecordedRunEvent } from '../model/events.ts'
import type { EntryRef, StepId, Target } from '../model/words.ts'
import { assertNever } from '../model/words.ts'
import { decided, eachBackout, eachCell, withCell, without } from './fold-parts.ts'
import { cellAt, cellsOf, own, stepAt } from './lookup.ts'
import type { Cell, Run } from './state.ts'

export const CELL_EVENTS = [
  'cells.readied',
  'cell.ended',
  'cell.retried',
  'cell.accepted',
  'cells.skipped',
  'cells.cancelled',
  'cells.settled',
  'verify.asked',
  'cell.verified',
  'host.excluded',
] as const
type CellEvent = Extract<RecordedRunEvent, { type: (typeof CELL_EVENTS)[number] }>

export function foldCell(run: Run, event: CellEvent, cause: EntryRef | null): Run {
  const atMs = Date.parse(event.at)
  const { ref } = event
  switch (event.type) {
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
    case 'verify.asked':
      return eachCell(run, event, event.data.cells, ['unknown'], (cell) => ({
        ...cell,
        isVerifyAsked: true,
        ref,
        cause: ref,
      }))
    case 'cell.verified':
      return eachCell(run, event, [event.data], ['unknown'], (cell) => ({
        ...cell,
        state: event.data.state,
        sinceMs: atMs,
        endedMs: atMs,
        failure: null,
        ref,
      }))
    case 'host.excluded':
      return decided(hostExcluded(run, event.data.host), event, atMs)
    default:
      return assertNever(event)
  }
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
    isVerifyAsked: false,
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

/** A hold takes back what was asked for and has not begun. */
export function withoutVerifyAsked(run: Run): Run {
  const asked = run.order.flatMap((id) => cellsOf(run, id)).filter((cell) => cell.isVerifyAsked)
  return asked.reduce((state, cell) => withCell(state, { ...cell, isVerifyAsked: false }), run)
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
      isVerifyAsked: false,
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
