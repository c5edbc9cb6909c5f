/** Backing out: what is to be undone, and how each of it came to its end. */
import type { RecordedRunEvent } from '../model/events.ts'
import type { EntryRef, StepId, Target } from '../model/words.ts'
import { assertNever, cellName } from '../model/words.ts'
import { conflict, decided, eachBackout } from './fold-parts.ts'
import { cellAt, own } from './lookup.ts'
import type { Backout, Run } from './state.ts'

export const BACKOUT_EVENTS = [
  'backout.planned',
  'backout.readied',
  'backout.ended',
  'backout.retried',
  'backout.givenUp',
] as const
type BackoutEvent = Extract<RecordedRunEvent, { type: (typeof BACKOUT_EVENTS)[number] }>

export function foldBackout(run: Run, event: BackoutEvent, cause: EntryRef | null): Run {
  const atMs = Date.parse(event.at)
  const { ref } = event
  switch (event.type) {
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
    default:
      return assertNever(event)
  }
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
      next = conflict(next, event, `${cellName(step, target)} is not part of this run.`)
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
