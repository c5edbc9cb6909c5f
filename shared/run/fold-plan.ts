/** The plan of a run: its head, and its steps with their cells. */
import type { RecordedRunEvent } from '../model/events.ts'
import type { StepId, Target } from '../model/words.ts'
import { NO_HOST } from '../model/words.ts'
import { conflict } from './fold-parts.ts'
import { own, stepAt } from './lookup.ts'
import type { Cell, Run } from './state.ts'

type Recorded<T extends RecordedRunEvent['type']> = Extract<RecordedRunEvent, { type: T }>

export function planned(event: Recorded<'run.planned'>): Run {
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

export function stepPlanned(run: Run, event: Recorded<'step.planned'>, atMs: number): Run {
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
    isVerifyAsked: false,
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
