/**
 * In which order work is undone: the reverse of what ran, by each cell's latest start. Of two cells that ran, the later one
 * is undone first where both are on one host, where one's step needs the other's, or where they are different waves of one
 * step. Mostly the later one is what needs the other, or the later wave; not so where a failure was passed over and what
 * failed was tried again afterwards.
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

const knownNeeds = new WeakMap<Closure, ReadonlyMap<StepId, readonly StepId[]>>()

/** step → every step that it needs, directly or through others. */
function transitiveNeeds(dependents: Closure): ReadonlyMap<StepId, readonly StepId[]> {
  const before = knownNeeds.get(dependents)
  if (before !== undefined) return before
  const needs = new Map<StepId, StepId[]>([...dependents.keys()].map((id) => [id, []]))
  for (const [id, others] of dependents) for (const other of others) needs.get(other)?.push(id)
  knownNeeds.set(dependents, needs)
  return needs
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
  const needs = transitiveNeeds(dependents)
  const ofHost = new Map<string, number>()
  const ofStep = new Map<StepId, number>()
  const ofRelated = new Map<StepId, number>()
  const ofWaves = new Map<StepId, number[]>()
  return newestFirst.map((cell) => {
    const waves = ofWaves.get(cell.step) ?? []
    ofWaves.set(cell.step, waves)
    const before = Math.max(
      cell.target === NO_HOST ? 0 : (ofHost.get(cell.target) ?? 0),
      ofRelated.get(cell.step) ?? 0,
      ...waves.filter((_, wave) => wave !== cell.wave),
    )
    const height = before + own(cell)
    raise(ofHost, cell.target, height)
    waves[cell.wave] = Math.max(waves[cell.wave] ?? 0, height)
    if (raise(ofStep, cell.step, height)) {
      for (const need of needs.get(cell.step) ?? []) raise(ofRelated, need, height)
      for (const dependent of dependents.get(cell.step) ?? []) raise(ofRelated, dependent, height)
    }
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
  const needs = transitiveNeeds(dependents)
  const ofRelated = new Map<StepId, number>()
  const newestRelated = (step: StepId): number => {
    const found = ofRelated.get(step)
    if (found !== undefined) return found
    let newest = 0
    for (const id of dependents.get(step) ?? []) newest = Math.max(newest, ofStep.get(id) ?? 0)
    for (const id of needs.get(step) ?? []) newest = Math.max(newest, ofStep.get(id) ?? 0)
    ofRelated.set(step, newest)
    return newest
  }
  return ({ step, target }) => {
    const cell = cellAt(run, step, target)
    const nth = (cell?.startedNth ?? -1) + 1
    return (
      (target !== NO_HOST && (ofHost.get(target) ?? 0) > nth) ||
      newestRelated(step) > nth ||
      (ofWaves.get(step) ?? []).some((newest, wave) => wave !== cell?.wave && newest > nth)
    )
  }
}
