/** Rows of the board, made from the folded state: one row is one step, read straight across. */
import type { ShownState } from '../../../shared/model/cell.ts'
import type { StepPlan } from '../../../shared/model/plan.ts'
import { NO_HOST } from '../../../shared/model/words.ts'
import { backoutAt, cellsOf } from '../../../shared/run/lookup.ts'
import type { Schedule, StepTimes } from '../../../shared/run/schedule.ts'
import { mostTelling, shownCell } from '../../../shared/run/shown.ts'
import type { Cell, Run } from '../../../shared/run/state.ts'
import type { RunWords } from '../../../shared/run/wording.ts'
import { type Bar, barsOf } from './bars.ts'

export type BoardCell = {
  readonly target: string
  readonly state: ShownState
  readonly wave: number
  readonly isNew: boolean
}

export type StepRow = {
  readonly kind: 'step'
  readonly id: string
  readonly number: number
  readonly title: string
  readonly state: ShownState
  /** `7/12` hosts, or what acts where no host does. */
  readonly hosts: string
  readonly noHost: string | null
  readonly lateMs: number
  readonly times: StepTimes | null
  readonly bars: readonly Bar[]
  readonly cells: ReadonlyMap<string, BoardCell>
  readonly isNoReturn: boolean
}
export type StreamRow = {
  readonly kind: 'stream'
  readonly id: string
  readonly title: string
  readonly owner: string
  readonly done: number
  readonly total: number
}
export type FoldRow = {
  readonly kind: 'fold'
  readonly id: string
  readonly steps: readonly StepRow[]
  readonly isOpen: boolean
}
export type BoardRow = StepRow | StreamRow | FoldRow

const DONE: readonly ShownState[] = ['passed', 'warned', 'skipped']
/** What recedes: nothing of it calls for anybody any more. */
const QUIET: readonly ShownState[] = ['passed', 'skipped', 'cancelled']

/** What is not going to be done is neither late nor early. */
const WITHOUT_TIME: readonly ShownState[] = ['cancelled', 'backing-out', 'backed-out', 'backout-failed']

export type RowOptions = {
  readonly run: Run
  readonly words: RunWords
  readonly schedule: Schedule
  readonly nowMs: number
  /** Quiet steps that stand together are one row. */
  readonly isFolded: boolean
  /** Folds that a person opened, by the id of their first step. */
  readonly opened: ReadonlySet<string>
  /** A chosen step is never folded away. */
  readonly chosen: string | null
}

export function boardRows(options: RowOptions): readonly BoardRow[] {
  const { run, words } = options
  const numbers = new Map(run.order.map((id, index) => [id, index + 1]))
  const streams = new Map<string, StepRow[]>(run.workstreams.map((id) => [id, []]))
  for (const id of run.order) {
    const plan = run.steps[id]
    if (plan === undefined) continue
    const rows = streams.get(plan.workstream) ?? []
    rows.push(stepRow(options, plan, numbers.get(id) ?? 0))
    streams.set(plan.workstream, rows)
  }
  return [...streams].flatMap(([id, steps]): BoardRow[] => {
    if (steps.length === 0) return []
    const done = steps.filter((step) => DONE.includes(step.state)).length
    const head: StreamRow = {
      kind: 'stream',
      id,
      title: id,
      owner: words.workstreams[id]?.owner ?? '',
      done,
      total: steps.length,
    }
    return [head, ...(options.isFolded ? folded(steps, options) : steps)]
  })
}

function folded(steps: readonly StepRow[], options: RowOptions): readonly BoardRow[] {
  const rows: BoardRow[] = []
  let quiet: StepRow[] = []
  const flush = (): void => {
    const first = quiet[0]
    if (first !== undefined && quiet.length > 1) {
      const isOpen = options.opened.has(first.id)
      rows.push({ kind: 'fold', id: first.id, steps: quiet, isOpen })
      if (isOpen) rows.push(...quiet)
    } else rows.push(...quiet)
    quiet = []
  }
  for (const step of steps) {
    const isQuiet = QUIET.includes(step.state) && step.id !== options.chosen
    if (!isQuiet) flush()
    if (isQuiet) quiet.push(step)
    else rows.push(step)
  }
  flush()
  return rows
}

const NO_HOST_WORDS = { manual: 'person', gate: 'hold point', milestone: 'mark', script: '', probe: '' } as const

function stepRow(options: RowOptions, plan: StepPlan, number: number): StepRow {
  const { run, words, schedule, nowMs } = options
  const cells = cellsOf(run, plan.id)
  const shown = cells.map((cell) => ({ cell, state: shownCell(cell, backoutAt(run, cell.step, cell.target)) }))
  const times = schedule.steps[plan.id] ?? null
  const onHosts = shown.filter(({ cell }) => cell.target !== NO_HOST)
  const state = mostTelling(shown.map((one) => one.state))
  const counted = onHosts.filter(({ cell }) => !cell.isExcluded)
  return {
    kind: 'step',
    id: plan.id,
    number,
    title: words.steps[plan.id]?.title ?? plan.id,
    state,
    hosts:
      onHosts.length === 0
        ? NO_HOST_WORDS[plan.kind]
        : `${counted.filter(({ state }) => DONE.includes(state)).length}/${counted.length}`,
    noHost:
      onHosts.length > 0
        ? null
        : plan.kind === 'gate'
          ? 'no host: approvals'
          : plan.kind === 'manual'
            ? 'no host: a person'
            : 'no host',
    lateMs:
      times === null || run.phase === 'planned' || WITHOUT_TIME.includes(state) ? 0 : times.endMs - times.plannedEndMs,
    times,
    bars: barsOf(run, plan, times, nowMs),
    cells: new Map(onHosts.map(({ cell, state }) => [cell.target, boardCell(cell, state, nowMs)])),
    isNoReturn: plan.pointOfNoReturn,
  }
}

/** How long a cell that changed is marked. */
const NEW_MS = 1200

function boardCell(cell: Cell, state: ShownState, nowMs: number): BoardCell {
  const ageMs = nowMs - cell.sinceMs
  return { target: cell.target, state, wave: cell.wave, isNew: state !== 'waiting' && ageMs >= 0 && ageMs < NEW_MS }
}

/** All hosts of a run in the order in which its steps name them. */
export function hostsOf(run: Run): readonly string[] {
  const hosts = new Set<string>()
  for (const id of run.order) for (const { target } of cellsOf(run, id)) if (target !== NO_HOST) hosts.add(target)
  return [...hosts]
}
