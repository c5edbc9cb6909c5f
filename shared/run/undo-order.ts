/**
 * In which order work is undone: the reverse of what ran. Of two cells that ran, the later one is undone first where both
 * are on one host, where its step needs the other's, or where it is a later wave of the same step.
 */
import type { StepId } from '../model/words.ts'
import { NO_HOST } from '../model/words.ts'
import { cellAt, stepAt } from './lookup.ts'
import type { Cell, Run } from './state.ts'

type Closure = ReadonlyMap<StepId, ReadonlySet<StepId>>

// The steps of a run never change once planned: what follows from them is found once.
const known = new WeakMap<Run['steps'], Closure>()

/** step → every step that needs it, directly or through others. */
export function transitiveDependents(run: Run): Closure {
  const before = known.get(run.steps)
  if (before !== undefined) return before
  const direct = new Map<StepId, StepId[]>(run.order.map((id) => [id, []]))
  for (const id of run.order) for (const need of stepAt(run, id)?.needs ?? []) direct.get(need)?.push(id)
  const closure = new Map(run.order.map((id) => [id, reachable(direct, id)]))
  known.set(run.steps, closure)
  return closure
}

function reachable(direct: ReadonlyMap<StepId, readonly StepId[]>, from: StepId): ReadonlySet<StepId> {
  const found = new Set<StepId>()
  const open = [...(direct.get(from) ?? [])]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    open.push(...(direct.get(id) ?? []))
  }
  return found
}

type At = Pick<Cell, 'step' | 'target'>

/**
 * Walks over work newest first and gives each cell a height: that of the highest work which is undone before it, plus its
 * own. With 1 for each cell it is a place in the order, with durations the time until it is undone.
 * @param newestFirst by `startedNth`, descending
 * @returns heights, in the order given
 */
export function heights<C extends Pick<Cell, 'step' | 'target' | 'wave'>>(
  run: Run,
  newestFirst: readonly C[],
  own: (cell: C) => number,
): readonly number[] {
  const dependents = transitiveDependents(run)
  const needs = new Map<StepId, StepId[]>(run.order.map((id) => [id, []]))
  for (const [id, others] of dependents) for (const other of others) needs.get(other)?.push(id)
  const ofHost = new Map<string, number>()
  const ofStep = new Map<StepId, number>()
  const ofDependents = new Map<StepId, number>()
  const ofWaves = new Map<StepId, number[]>()
  return newestFirst.map((cell) => {
    const waves = ofWaves.get(cell.step) ?? []
    ofWaves.set(cell.step, waves)
    let before = Math.max(
      cell.target === NO_HOST ? 0 : (ofHost.get(cell.target) ?? 0),
      ofDependents.get(cell.step) ?? 0,
    )
    for (let wave = cell.wave + 1; wave < waves.length; wave += 1) before = Math.max(before, waves[wave] ?? 0)
    const height = before + own(cell)
    raise(ofHost, cell.target, height)
    waves[cell.wave] = Math.max(waves[cell.wave] ?? 0, height)
    if (raise(ofStep, cell.step, height))
      for (const need of needs.get(cell.step) ?? []) raise(ofDependents, need, height)
    return height
  })
}

function raise<K>(map: Map<K, number>, key: K, value: number): boolean {
  if ((map.get(key) ?? 0) >= value) return false
  map.set(key, value)
  return true
}

/** @returns says of a cell whether any of `unfinished` has to be undone before it */
export function waitsForLater(run: Run, unfinished: readonly At[]): (at: At) => boolean {
  const ofHost = new Map<string, number>()
  const ofStep = new Map<StepId, number>()
  const ofWaves = new Map<StepId, number[]>()
  for (const { step, target } of unfinished) {
    const cell = cellAt(run, step, target)
    if (cell === undefined || cell.startedNth === null) continue
    const nth = cell.startedNth + 1
    if (target !== NO_HOST) raise(ofHost, target, nth)
    raise(ofStep, step, nth)
    const waves = ofWaves.get(step) ?? []
    waves[cell.wave] = Math.max(waves[cell.wave] ?? 0, nth)
    ofWaves.set(step, waves)
  }
  const dependents = transitiveDependents(run)
  const ofDependents = new Map<StepId, number>()
  const newestDependent = (step: StepId): number => {
    const found = ofDependents.get(step)
    if (found !== undefined) return found
    const newest = Math.max(0, ...[...(dependents.get(step) ?? [])].map((id) => ofStep.get(id) ?? 0))
    ofDependents.set(step, newest)
    return newest
  }
  return ({ step, target }) => {
    const cell = cellAt(run, step, target)
    const nth = (cell?.startedNth ?? -1) + 1
    return (
      (target !== NO_HOST && (ofHost.get(target) ?? 0) > nth) ||
      newestDependent(step) > nth ||
      (ofWaves.get(step) ?? []).some((newest, wave) => wave > (cell?.wave ?? 0) && newest > nth)
    )
  }
}
