/** How a row is measured: both sides in turn in one run, medians of their rounds, and a verdict that cannot be guessed. */

import { type Target, targetOf } from './targets.ts'

/** What one side took, or gave: each round, in the unit of the row. */
type Side = { readonly median: number; readonly rounds: readonly number[] }

/** `not measured` is never ok: something that the row needs is not on this machine, or the measuring failed. */
type Verdict = 'ok' | 'missed' | 'report' | 'not measured'

export type Row = {
  readonly name: string
  readonly unit: string
  readonly ours: Side | null
  readonly theirs: Side | null
  /** Ours by theirs, of the medians. */
  readonly ratio: number | null
  /** The least and the greatest ratio of the two sides of one round. */
  readonly spread: readonly [number, number] | null
  readonly target: Target | null
  readonly verdict: Verdict
  /** What both sides did, exactly. */
  readonly ourWork: string
  readonly theirWork: string | null
  /** Why it was not measured, or what else was seen. */
  readonly notes: readonly string[]
}

/** How much is done: all of it, or, to see that a row works at all, a tenth in two rounds. */
export type Size = { readonly rounds: (usual: number) => number; readonly count: (usual: number) => number }

export function sizeOf(isQuick: boolean): Size {
  return isQuick
    ? { rounds: () => 2, count: (usual) => Math.ceil(usual / 10) }
    : { rounds: (usual) => usual, count: (usual) => usual }
}

type Rounds = { readonly ours: readonly number[]; readonly theirs: readonly number[] }

/** One measured round of each side after the other, A B A B …, after one of each that does not count. */
export async function inTurn(
  rounds: number,
  sides: { readonly ours: () => Promise<number> | number; readonly theirs: () => Promise<number> | number },
): Promise<Rounds> {
  const ours: number[] = []
  const theirs: number[] = []
  await sides.ours()
  await sides.theirs()
  for (let round = 0; round < rounds; round++) {
    ours.push(await sides.ours())
    theirs.push(await sides.theirs())
  }
  return { ours, theirs }
}

type Words = {
  readonly name: string
  readonly unit: string
  readonly ourWork: string
  readonly notes?: readonly string[]
}

/** A row against something else. */
export function compared(words: Words & { readonly theirWork: string; readonly target?: Target }, rounds: Rounds): Row {
  const ours = sideOf(rounds.ours)
  const theirs = sideOf(rounds.theirs)
  const ratio = ours.median / theirs.median
  const ratios = rounds.ours.map((one, round) => one / (rounds.theirs[round] ?? Number.NaN))
  const target = targetOf(words.name)
  return {
    notes: [],
    ...words,
    ours,
    theirs,
    ratio,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    target,
    verdict: target === null ? 'report' : isMet(target, ratio) ? 'ok' : 'missed',
  }
}

/** A row of our own alone: reported, not judged. */
export function reported(words: Words, rounds: readonly number[]): Row {
  return {
    notes: [],
    ...words,
    theirWork: null,
    ours: sideOf(rounds),
    theirs: null,
    ratio: null,
    spread: null,
    target: null,
    verdict: 'report',
  }
}

export function notMeasured(name: string, why: string): Row {
  return {
    name,
    unit: '',
    ours: null,
    theirs: null,
    ratio: null,
    spread: null,
    target: targetOf(name),
    verdict: 'not measured',
    ourWork: '',
    theirWork: null,
    notes: [why],
  }
}

function isMet(target: Target, ratio: number): boolean {
  return 'atMost' in target ? ratio <= target.atMost : ratio >= target.atLeast
}

function sideOf(rounds: readonly number[]): Side {
  return { median: quantile(rounds, 0.5), rounds }
}

/** @param at 0 to 1; of an even number the mean of the middle two for 0.5, else the next measured value above */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = at * (sorted.length - 1)
  const [below, above] = at === 0.5 ? [Math.floor(place), Math.ceil(place)] : [Math.ceil(place), Math.ceil(place)]
  return ((sorted[below] ?? Number.NaN) + (sorted[above] ?? Number.NaN)) / 2
}

/** @returns ms by the clock */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** @returns ms of processor time of this process: others on the machine do not count */
export async function worked(work: () => unknown): Promise<number> {
  const began = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}

/** Three figures that say something. */
export function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 1
        ? value.toFixed(2)
        : value.toPrecision(2)
}
