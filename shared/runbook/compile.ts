/** Runbook → plan: durations in ms, times in UTC, targets frozen. What decide and fold work on. */
import { type Refusal, refusal } from '../model/commands.ts'
import type { Host } from '../model/inventory.ts'
import type { Plan, PlanWords, StepPlan, StepWords, TargetSet } from '../model/plan.ts'
import type { Runbook, Step } from '../model/runbook.ts'
import { parseDuration } from '../text/duration.ts'
import { backoutOf } from './references.ts'
import { type Selector, selectHosts, waveCounts } from './select.ts'
import { resolveTime, zoneOf } from './times.ts'

/** The lane of steps that name none. */
const MAIN = 'main'

export type Compiled = { readonly plan: Plan; readonly words: PlanWords }

/**
 * @param document one that `checkRunbook` found clean against the same hosts
 * @param given.hosts the inventory with defaults applied, in its order
 * @returns or a refusal: `no-host` where a selector matches none, `bad-time` where a time is not one moment
 */
export function compile(document: Runbook, given: { hosts: readonly Host[] }): Compiled | Refusal {
  const zone = zoneOf(document)
  const window = document.window && {
    start: resolveTime(document.window.start, zone),
    end: resolveTime(document.window.end, zone),
    zone: document.window.zone,
  }
  const outage = document.outage && {
    start: resolveTime(document.outage.start, zone),
    end: resolveTime(document.outage.end, zone),
  }
  if (window !== undefined && (window.start === null || window.end === null)) return badTime('window')
  if (outage !== undefined && (outage.start === null || outage.end === null)) return badTime('outage')
  const sets: TargetSet[] = []
  const steps: StepPlan[] = []
  for (const step of document.steps) {
    const set = 'on' in step && step.on !== undefined ? targetSet(step.on, given.hosts, sets) : null
    if (set !== null && set.hosts.length === 0) {
      return refusal('no-host', `Step ${step.id}: ${set.name} matches no host of the inventory.`)
    }
    const planned = stepPlan(step, set, zone)
    if (planned === null) return badTime(`step ${step.id}`)
    steps.push(planned)
  }
  return {
    plan: {
      runbook: document.id,
      window: window === undefined ? null : { start: window.start ?? '', end: window.end ?? '', zone: window.zone },
      outage: outage === undefined ? null : { start: outage.start ?? '', end: outage.end ?? '' },
      workstreams: [...new Set([...Object.keys(document.workstreams ?? {}), ...steps.map((step) => step.workstream)])],
      sets,
      steps,
    },
    words: wordsOf(document, steps),
  }
}

function badTime(where: string): Refusal {
  return refusal('bad-time', `A time of ${where} is not one moment: check the runbook.`)
}

/** Finds or adds the set; equal sets are one, named as it was first selected. */
function targetSet(selector: Selector, hosts: readonly Host[], sets: TargetSet[]): TargetSet {
  const names = selectHosts(selector, hosts).map((host) => host.name)
  const known = sets.find((set) => set.hosts.length === names.length && set.hosts.every((name, i) => name === names[i]))
  if (known !== undefined) return known
  const set: TargetSet = { name: typeof selector === 'string' ? selector : selector.join(', '), hosts: names }
  if (names.length > 0) sets.push(set)
  return set
}

const ms = (text: string | undefined): number | null => (text === undefined ? null : parseDuration(text))

function stepPlan(step: Step, set: TargetSet | null, zone: string | null): StepPlan | null {
  const notBefore = resolveTime(step.notBefore, zone)
  const latestStart = resolveTime(step.latestStart, zone)
  if (
    (step.notBefore !== undefined && notBefore === null) ||
    (step.latestStart !== undefined && latestStart === null)
  ) {
    return null
  }
  const script = step.kind === 'script' ? step : null
  const onHosts = step.kind === 'script' || step.kind === 'probe' ? step : null
  return {
    id: step.id,
    kind: step.kind,
    workstream: step.workstream ?? MAIN,
    needs: [...new Set(step.needs)],
    targets: set?.name ?? null,
    waves: waveCounts(onHosts?.waves, set?.hosts.length ?? 0),
    expectedMs: ms(step.duration?.expected) ?? 0,
    timeoutMs: ms(step.duration?.timeout),
    silentMs: ms(step.duration?.silent),
    retry: { times: onHosts?.retry?.times ?? 0, afterMs: ms(onHosts?.retry?.after) ?? 0 },
    onFailure: step.onFailure ?? 'ask',
    successExit: script?.success?.exit ?? [0],
    hasCheck: script?.check !== undefined,
    hasVerify: script?.verify !== undefined,
    hasDiagnostics: script?.diagnostics !== undefined,
    hasCondition: step.when !== undefined,
    backout: backoutPlan(step),
    approvals: step.kind === 'gate' ? (step.approvals ?? {}) : {},
    evidenceRequired: step.kind === 'manual' && step.evidence === 'required',
    pointOfNoReturn: step.pointOfNoReturn ?? false,
    notBefore,
    latestStart,
    timeboxMs: ms(step.timebox),
  }
}

function backoutPlan(step: Step): StepPlan['backout'] {
  const backout = backoutOf(step)
  if (backout === null) return null
  const isScript = backout.file !== undefined || backout.run !== undefined
  return {
    expectedMs: ms(backout.duration) ?? 0,
    by: isScript ? 'script' : 'person',
    hasCheck: backout.check !== undefined,
  }
}

function wordsOf(document: Runbook, steps: readonly StepPlan[]): PlanWords {
  const workstreams: Record<string, { owner: string; deputy?: string }> = {}
  for (const [id, { owner, deputy }] of Object.entries(document.workstreams ?? {})) {
    workstreams[id] = { owner, ...given({ deputy }) }
  }
  if (steps.some((step) => step.workstream === MAIN)) workstreams[MAIN] ??= { owner: document.owner }
  return {
    title: document.title,
    owner: document.owner,
    ...given({ ticket: document.ticket }),
    workstreams,
    steps: Object.fromEntries(document.steps.map((step) => [step.id, stepWords(step)])),
  }
}

function stepWords(step: Step): StepWords {
  const instructions = step.kind === 'manual' || step.kind === 'gate' ? step.instructions : undefined
  return {
    title: step.title,
    ...given({
      owner: step.owner,
      deputy: step.deputy,
      instructions,
      backoutInstructions: backoutOf(step)?.instructions,
      contingency: step.contingency,
      command: commandOf(step),
    }),
    ...(step.waitsFor === undefined
      ? {}
      : {
          waitsFor: {
            who: step.waitsFor.who,
            ...given({ ticket: step.waitsFor.ticket, promisedAt: step.waitsFor.promisedAt }),
          },
        }),
  }
}

/** What runs, as the runbook names it. */
function commandOf(step: Step): string | undefined {
  if (step.kind === 'script') return step.file ?? step.run
  return step.kind === 'probe' ? step.probe : undefined
}

/** Only the keys that have a value. */
function given<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  const kept: { [K in keyof T]?: string } = {}
  for (const key in values) {
    const value = values[key]
    if (value !== undefined) kept[key] = value
  }
  return kept
}
