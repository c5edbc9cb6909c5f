/** Attempts: intents and ends, of a cell and of its backout. */
import type { RecordedRunEvent } from '../model/events.ts'
import type { EntryRef } from '../model/words.ts'
import { assertNever, cellName } from '../model/words.ts'
import { conflict, eachBackout, eachCell, withBackout, withCell } from './fold-parts.ts'
import { backoutAt, cellAt, stepAt, triesOf } from './lookup.ts'
import type { Cell, Run } from './state.ts'

type Started = Extract<RecordedRunEvent, { type: 'attempt.started' }>

export function attemptStarted(run: Run, event: Started, atMs: number, cause: EntryRef | null): Run {
  const { step, target, purpose, epoch } = event.data
  const open = { purpose, try: event.data.try, startedAtMs: atMs, epoch }
  if (event.data.try <= triesOf(run, step, target, purpose)) {
    return conflict(run, event, `${cellName(step, target)}: ${purpose} ${event.data.try} was started before.`)
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
    return conflict(run, event, `${cellName(step, target)} has another try open.`)
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
        isVerifyAsked: false,
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

export function attemptFinished(
  run: Run,
  event: Extract<RecordedRunEvent, { type: 'attempt.finished' }>,
  atMs: number,
): Run {
  const { step, target, purpose, outcome, verdict, durationMs } = event.data
  const last = { purpose, try: event.data.try, outcome, verdict, durationMs, atMs }
  const matches = (open: Cell['open']) => open !== null && open.purpose === purpose && open.try === event.data.try
  if (purpose === 'backout' || purpose === 'backout-check') {
    const was = backoutAt(run, step, target)
    if (was === undefined || !matches(was.open))
      return conflict(run, event, `${cellName(step, target)}: no such try was open.`)
    return withBackout(run, { ...was, open: null, last, ref: event.ref })
  }
  const was = cellAt(run, step, target)
  if (was === undefined || !matches(was.open))
    return conflict(run, event, `${cellName(step, target)}: no such try was open.`)
  return withCell(run, { ...was, open: null, last: purpose === 'diagnostics' ? was.last : last, ref: event.ref })
}
