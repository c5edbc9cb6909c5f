/**
 * A run without hosts, disk or clock: decides, records and folds as the console does, in memory, and refuses to go on when
 * decide emitted what the schema or fold does not take. Time moves only when a test moves it.
 */
import {
  actOf,
  type EngineCommand,
  isRefusal,
  type PersonCommand,
  type Refusal,
} from '../../../shared/model/commands.ts'
import {
  asRunEvent,
  type Epoch,
  type Recorded,
  type RecordedRunEvent,
  type RunEvent,
} from '../../../shared/model/events.ts'
import type { Plan, PlanWords, StepPlan } from '../../../shared/model/plan.ts'
import { type EntryRef, type Mode, NO_HOST } from '../../../shared/model/words.ts'
import { type Lead, leadAfter, missingAuthority, NO_LEAD } from '../../../shared/journal/entry-rules.ts'
import { authorityOf, decide } from '../../../shared/run/decide.ts'
import { fold } from '../../../shared/run/fold.ts'
import { planRun } from '../../../shared/run/plan-run.ts'
import { triesOf } from '../../../shared/run/lookup.ts'
import { type Due, dueAttempts, dueConditions } from '../../../shared/run/rules.ts'
import type { Backout, Cell, Run } from '../../../shared/run/state.ts'

export const ORIGIN = 'holdpoint/00000000-0000-4000-8000-000000000000/00000000'
export const EPOCH: Epoch = { number: 1, origin: ORIGIN }
export const RUN = 'orders-1'
export const WINDOW_START = Date.parse('2026-12-05T21:00:00.000Z')
export const WINDOW_END = Date.parse('2026-12-06T03:00:00.000Z')
export const MINUTE = 60_000

export type RunCommand = Exclude<PersonCommand, { do: 'planRun' }>
export type StepSketch = Partial<StepPlan> & { readonly id: string }

/** A step of a plan: a script on no particular terms, unless said otherwise. */
export function step(sketch: StepSketch): StepPlan {
  const kind = sketch.kind ?? 'script'
  const isOnHosts = kind === 'script' || kind === 'probe'
  return {
    kind,
    workstream: 'main',
    needs: [],
    targets: isOnHosts ? 'all' : null,
    waves: [],
    expectedMs: 10 * MINUTE,
    timeoutMs: null,
    silentMs: null,
    retry: { times: 0, afterMs: 0 },
    onFailure: 'ask',
    successExit: [0],
    hasCheck: false,
    hasVerify: false,
    hasDiagnostics: false,
    hasCondition: false,
    backout: kind === 'script' ? { expectedMs: 5 * MINUTE, by: 'script', hasCheck: false } : null,
    approvals: {},
    evidenceRequired: false,
    pointOfNoReturn: false,
    notBefore: null,
    latestStart: null,
    timeboxMs: null,
    ...sketch,
  }
}

export function plan(
  steps: readonly StepSketch[],
  hosts: readonly string[] = ['h1', 'h2'],
  more: Partial<Plan> = {},
): Plan {
  const all = steps.map(step)
  return {
    runbook: 'orders',
    window: {
      start: new Date(WINDOW_START).toISOString(),
      end: new Date(WINDOW_END).toISOString(),
      zone: 'Europe/Berlin',
    },
    outage: null,
    workstreams: [...new Set(all.map((one) => one.workstream))],
    sets: [{ name: 'all', hosts: [...hosts] }],
    steps: all,
    ...more,
  }
}

export function wordsFor(of: Plan): PlanWords {
  return {
    title: 'Orders',
    owner: 'dba-lead',
    workstreams: Object.fromEntries(of.workstreams.map((id) => [id, { owner: 'dba-lead' }])),
    steps: Object.fromEntries(of.steps.map((one) => [one.id, { title: `Title of ${one.id}` }])),
  }
}

export function planCommand(
  of: Plan,
  mode: Mode = 'live',
  practice = false,
): Extract<PersonCommand, { do: 'planRun' }> {
  return {
    do: 'planRun',
    version: 'a'.repeat(64),
    mode,
    practice,
    plan: of,
    words: wordsFor(of),
    variables: { version: '15.4' },
    files: {},
    blobs: [],
    epoch: EPOCH,
  }
}

export type World = {
  readonly plan: Plan
  readonly journal: readonly RecordedRunEvent[]
  /** The state right after the entry of the same index. */
  readonly states: readonly Run[]
  readonly run: Run
  atMs: number
  person(command: RunCommand): readonly RecordedRunEvent[] | Refusal
  engine(command: EngineCommand): readonly RecordedRunEvent[] | Refusal
}

/** Plans a run; it is not started. @throws when decide and fold do not agree, at any time from now on */
export function world(of: Plan, options: { mode?: Mode; practice?: boolean; atMs?: number } = {}): World {
  const journal: RecordedRunEvent[] = []
  const states: Run[] = []
  let run: Run | null = null

  function record(events: readonly RunEvent[], act: { act: string; subject: string } | null, cause: EntryRef | null) {
    const first = journal.length
    let lead: Lead = NO_LEAD
    for (const [index, event] of events.entries()) {
      const isLead = act !== null && index === 0
      const entry: Recorded = {
        ref: { origin: ORIGIN, seq: first + index },
        at: new Date(made.atMs).toISOString(),
        type: event.type,
        data: event.data,
        text: event.text,
        act: isLead ? { ...act, role: 'lead', name: 'Ada', key: `SHA256:${'A'.repeat(43)}` } : null,
        cause: isLead ? null : act === null ? (cause?.seq ?? null) : first,
      }
      const parsed = asRunEvent(structuredClone(entry))
      if (parsed === null || parsed.text === null) throw new Error(`not an event: ${JSON.stringify(entry)}`)
      const header = {
        type: entry.type,
        data: entry.data,
        ...(entry.act === null ? {} : { act: entry.act }),
        ...(entry.cause === null ? {} : { cause: entry.cause }),
      }
      const missing = missingAuthority(header, lead)
      lead = leadAfter(lead, first + index, header)
      if (missing !== null) throw new Error(`${missing}: ${JSON.stringify(entry)}`)
      const size = JSON.stringify(entry.data).length
      if (size > 60_000) throw new Error(`${event.type} has a header of ${size} bytes`)
      const known: number = run?.conflicts.length ?? 0
      run = fold(run, parsed)
      if (run === null) throw new Error('no run')
      if (run.conflicts.length > known)
        throw new Error(`fold refuses ${JSON.stringify(parsed)}: ${run.conflicts.at(-1)?.message}`)
      journal.push(parsed)
      states.push(run)
    }
    return journal.slice(first)
  }

  const made: World = {
    plan: of,
    journal,
    states,
    atMs: options.atMs ?? WINDOW_START,
    get run() {
      if (run === null) throw new Error('no run')
      return run
    },
    person(command) {
      const decided = decide(made.run, command, new Date(made.atMs).toISOString())
      return isRefusal(decided) ? decided : record(decided, { act: actOf(command), subject: 'it' }, null)
    },
    engine(command) {
      const decided = decide(made.run, command, new Date(made.atMs).toISOString())
      return isRefusal(decided) ? decided : record(decided, null, authorityOf(made.run, command))
    },
  }
  const planned = planRun(RUN, planCommand(of, options.mode, options.practice))
  if (isRefusal(planned)) throw new Error(planned.message)
  record(planned, { act: 'plan', subject: of.runbook }, null)
  return made
}

/** Plans and starts. */
export function started(of: Plan, options: Parameters<typeof world>[1] = {}): World {
  const made = world(of, options)
  must(made.person({ do: 'startRun' }))
  return made
}

/** What was decided. @throws when it was refused */
export function must<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.code}: ${answer.message}`)
  return answer
}

/** The code of a refusal; null where it was not refused. */
export function codeOf(answer: unknown): string | null {
  return isRefusal(answer) ? answer.code : null
}

export function due(of: World): readonly Due[] {
  return dueAttempts(of.run, of.atMs)
}

/** `step@target purpose` of what is due. */
export function dueNames(of: World): string[] {
  return due(of).map(({ step: id, target, purpose }) => `${id}@${target} ${purpose}`)
}

export function conditionsDue(of: World): readonly string[] {
  return dueConditions(of.run, of.atMs)
}

export type Ending = Pick<Extract<EngineCommand, { do: 'finishAttempt' }>, 'outcome' | 'verdict'>

export const OK: Ending = { outcome: { kind: 'exit', code: 0, ok: true }, verdict: 'pass' }
export const BAD: Ending = { outcome: { kind: 'exit', code: 1, ok: false }, verdict: 'fail' }
export const LOST: Ending = { outcome: { kind: 'lost', code: 'link-lost' }, verdict: null }

export function begin(of: World, what: Due): readonly RecordedRunEvent[] {
  return must(of.engine({ do: 'beginAttempt', ...what, epoch: of.run.epoch }))
}

export function finish(of: World, what: Due, ending: Ending): readonly RecordedRunEvent[] {
  const number = triesOf(of.run, what.step, what.target, what.purpose)
  return must(of.engine({ do: 'finishAttempt', ...what, try: number, durationMs: 1000, ...ending }))
}

/** Begins and finishes one attempt. */
export function perform(
  of: World,
  id: string,
  target: string,
  ending: Ending = OK,
  purpose: Due['purpose'] = 'main',
): void {
  begin(of, { step: id, target, purpose })
  finish(of, { step: id, target, purpose }, ending)
}

/** Begins and finishes whatever is due on hosts, until nothing is. */
export function performAll(of: World, ending: Ending = OK): void {
  for (let round = 0; round < 1000; round += 1) {
    const [next] = due(of)
    if (next === undefined) return
    perform(of, next.step, next.target, ending, next.purpose)
  }
  throw new Error('it never ends')
}

export function cell(of: World, id: string, target: string = NO_HOST): Cell {
  const found = of.run.cells[id]?.[target]
  if (found === undefined) throw new Error(`no cell ${id} on ${target}`)
  return found
}

export function backout(of: World, id: string, target: string = NO_HOST): Backout {
  const found = of.run.backouts[id]?.[target]
  if (found === undefined) throw new Error(`no backout of ${id} on ${target}`)
  return found
}

/** Attempts whose intent is recorded and whose end is not, on hosts. */
export function openOnHosts(run: Run): readonly (Due & { readonly try: number })[] {
  const forward = run.order.flatMap((id) => Object.values(run.cells[id] ?? {}))
  const backouts = Object.values(run.backouts).flatMap((row) => Object.values(row))
  return [...forward, ...backouts].flatMap((one) => {
    const kind = run.steps[one.step]?.kind
    if (one.open === null || (kind === 'manual' && one.open.purpose === 'main')) return []
    return [{ step: one.step, target: one.target, purpose: one.open.purpose, try: one.open.try }]
  })
}
