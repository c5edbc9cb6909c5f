/** Small changes of a run's state, which the folds of all events are made of. */
import type { RecordedRunEvent } from '../model/events.ts'
import type { EntryRef, StepId, Target } from '../model/words.ts'
import { cellName } from '../model/words.ts'
import { own } from './lookup.ts'
import type { Backout, Cell, Run } from './state.ts'

export function isOf<T extends RecordedRunEvent['type']>(
  types: readonly T[],
  event: RecordedRunEvent,
): event is Extract<RecordedRunEvent, { type: T }> {
  return (types as readonly string[]).includes(event.type)
}

/** The acts that a reviewer counts as decisions. */
export function decided(run: Run, event: RecordedRunEvent, atMs: number): Run {
  if (event.act === null) return run
  const { act, subject, key } = event.act
  return { ...run, decisions: [...run.decisions, { ref: event.ref, atMs, act, subject, by: key }] }
}

export function conflict(run: Run, event: RecordedRunEvent, message: string): Run {
  return { ...run, conflicts: [...run.conflicts, { ref: event.ref, type: event.type, message }] }
}

export function causeRef(event: RecordedRunEvent): EntryRef | null {
  if (event.act !== null) return event.ref
  if (event.cause === null) return null
  if (typeof event.cause === 'number') return { origin: event.ref.origin, seq: event.cause }
  const at = event.cause.lastIndexOf('#')
  return { origin: event.cause.slice(0, at), seq: Number(event.cause.slice(at + 1)) }
}

export type At = { readonly step: StepId; readonly target: Target }

/** Changes cells that are in one of the allowed states; any other is a conflict. */
export function eachCell(
  run: Run,
  event: RecordedRunEvent,
  at: readonly At[],
  allowed: readonly Cell['state'][],
  change: (cell: Cell) => Cell,
): Run {
  const { table, misfits } = changeEach(run.cells, at, allowed, change)
  return misfits.reduce(
    (state, { name, was }) =>
      conflict(state, event, was === null ? `${name} is not part of this run.` : `${name} was ${was}.`),
    { ...run, cells: table },
  )
}

export function eachBackout(
  run: Run,
  event: RecordedRunEvent,
  at: readonly At[],
  allowed: readonly Backout['state'][],
  change: (was: Backout) => Backout,
): Run {
  const { table, misfits } = changeEach(run.backouts, at, allowed, change)
  return misfits.reduce(
    (state, { name, was }) =>
      conflict(
        state,
        event,
        was === null ? `No backout of ${name} was planned.` : `The backout of ${name} was ${was}.`,
      ),
    { ...run, backouts: table },
  )
}

type Table<T> = Readonly<Record<StepId, Readonly<Record<Target, T>>>>
/** `was`: the state that did not allow the change; null: there is no such place. */
type Misfit = { readonly name: string; readonly was: string | null }

function changeEach<T extends { readonly state: string }>(
  table: Table<T>,
  at: readonly At[],
  allowed: readonly T['state'][],
  change: (was: T) => T,
): { readonly table: Table<T>; readonly misfits: readonly Misfit[] } {
  const rows = new Map<StepId, Record<Target, T>>()
  const misfits: Misfit[] = []
  for (const { step, target } of at) {
    const row = rows.get(step) ?? own(table, step)
    const was = row === undefined ? undefined : own(row, target)
    if (row === undefined || was === undefined || !allowed.includes(was.state)) {
      misfits.push({ name: cellName(step, target), was: was?.state ?? null })
      continue
    }
    const changed = rows.get(step) ?? { ...row }
    changed[target] = change(was)
    rows.set(step, changed)
  }
  return { table: rows.size === 0 ? table : { ...table, ...Object.fromEntries(rows) }, misfits }
}

export function withCell(run: Run, cell: Cell): Run {
  return { ...run, cells: { ...run.cells, [cell.step]: { ...run.cells[cell.step], [cell.target]: cell } } }
}

export function withBackout(run: Run, backout: Backout): Run {
  return {
    ...run,
    backouts: { ...run.backouts, [backout.step]: { ...run.backouts[backout.step], [backout.target]: backout } },
  }
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}
