/** A long run of two hundred steps on fifty hosts, decided and folded as the engine does it, in memory. */
import {
  asRunEvent,
  type Epoch,
  type Recorded,
  type RecordedRunEvent,
  type RunEvent,
} from '../../shared/model/events.ts'
import { type EngineCommand, isRefusal } from '../../shared/model/commands.ts'
import type { Plan, StepPlan } from '../../shared/model/plan.ts'
import type { BlobRef, EntryRef } from '../../shared/model/words.ts'
import { triesOf } from '../../shared/run/lookup.ts'
import { authorityOf, decide } from '../../shared/run/decide.ts'
import { fold } from '../../shared/run/fold.ts'
import { planRun } from '../../shared/run/plan-run.ts'
import { type Due, dueAttempts } from '../../shared/run/rules.ts'
import type { Run } from '../../shared/run/state.ts'

const STREAMS = 4
/** Of an attempt: what a script of some minutes writes, bound each five seconds. */
const SEGMENTS = 4

export type LongRun = {
  /** All but the last are whole thoughts: what one command led to. */
  readonly events: readonly RecordedRunEvent[]
  readonly run: Run
  /** ms of processor time that each decision of the engine took, what follows by the rules included. */
  readonly decideMs: readonly number[]
  /** The same for looking at what is due, after each. */
  readonly dueMs: readonly number[]
}

export type LongRunOptions = {
  readonly steps: number
  readonly hosts: number
  /** Stops at so many events. */
  readonly events: number
  readonly id?: string
  readonly origin?: string
  /** When there are events already in the journal. */
  readonly firstSeq?: number
}

const START_MS = Date.UTC(2026, 11, 5, 21)

export function longRun(options: LongRunOptions): LongRun {
  const { steps, hosts, id = 'orders-1', origin = 'holdpoint/00000000-0000-4000-8000-000000000000/00000000' } = options
  const epoch: Epoch = { number: 1, origin }
  const events: RecordedRunEvent[] = []
  const decideMs: number[] = []
  const dueMs: number[] = []
  let run: Run | null = null
  let full: Run | null = null
  const state = (): Run => {
    if (run === null) throw new Error('no run')
    return run
  }
  const at = () => new Date(START_MS + events.length * 25).toISOString()
  const record = (decided: readonly RunEvent[], act: string | null, cause: EntryRef | null) => {
    const first = (options.firstSeq ?? 0) + events.length
    for (const [index, event] of decided.entries()) {
      const isAct = act !== null && index === 0
      const entry: Recorded = {
        ...event,
        ref: { origin, seq: first + index },
        at: at(),
        act: isAct ? { act, subject: id, role: 'lead', name: 'Anna Lead', key: `SHA256:${'A'.repeat(43)}` } : null,
        cause: isAct ? null : act === null ? (cause?.seq ?? null) : first,
      }
      const read = asRunEvent(entry)
      if (read === null) throw new Error(`no event: ${JSON.stringify(entry)}`)
      run = fold(run, read)
      events.push(read)
      // The last command may lead to more than was asked for.
      if (events.length === options.events) full = run
    }
    if (state().conflicts.length > 0) throw new Error(state().conflicts[0]?.message)
  }
  const engine = (command: EngineCommand) => {
    const began = performance.now()
    const decided = decide(state(), command, at())
    decideMs.push(performance.now() - began)
    if (isRefusal(decided)) throw new Error(decided.message)
    record(decided, null, authorityOf(state(), command))
  }
  const due = (): readonly Due[] => {
    const began = performance.now()
    const found = dueAttempts(state(), Date.parse(at()))
    dueMs.push(performance.now() - began)
    return found
  }
  const isFull = () => events.length >= options.events

  const planned = planRun(id, {
    do: 'planRun',
    version: 'a'.repeat(64),
    mode: 'live',
    practice: false,
    ...planOf(steps, hosts),
    variables: { version: '15.4' },
    files: {},
    blobs: [],
    epoch,
  })
  if (isRefusal(planned)) throw new Error(planned.message)
  record(planned, 'plan', null)
  const start = decide(state(), { do: 'startRun' }, at())
  if (isRefusal(start)) throw new Error(start.message)
  record(start, 'start', null)
  for (let waiting = due(); waiting.length > 0 && !isFull(); waiting = due()) {
    for (const one of waiting) {
      if (isFull()) break
      engine({ do: 'beginAttempt', ...one, epoch })
      perform(state(), one, engine)
      due()
    }
  }
  return { events: events.slice(0, options.events), run: full ?? state(), decideMs, dueMs }
}

function perform(run: Run, one: Due, engine: (command: EngineCommand) => void): void {
  const attempt = { ...one, try: triesOf(run, one.step, one.target, one.purpose) }
  const segments = one.purpose === 'main' ? SEGMENTS : 1
  for (let segment = 0; segment < segments; segment++) {
    const range = { from: segment * 4096, to: (segment + 1) * 4096 }
    const blob = blobOf(`${one.step}-${one.target}-${segment}`)
    engine({ do: 'bindOutput', ...attempt, stream: 'stdout', segment, raw: range, stored: range, blob })
  }
  const verdict = one.purpose === 'check' ? 'pass' : null
  engine({ do: 'finishAttempt', ...attempt, outcome: { kind: 'exit', code: 0, ok: true }, verdict, durationMs: 20_000 })
}

function blobOf(name: string): BlobRef {
  const digest = Buffer.from(name).toString('hex').padStart(64, '0').slice(-64)
  return { name: 'stdout', sha256: digest, size: 4096, chunk: 65_536, tree: digest }
}

/** Four workstreams side by side, each a chain; each step on all hosts, with a check. */
function planOf(steps: number, hosts: number) {
  const all = Array.from({ length: steps }, (_, index): StepPlan => {
    const before = index - STREAMS
    return {
      id: `step-${index}`,
      kind: 'script',
      workstream: `stream-${index % STREAMS}`,
      needs: before < 0 ? [] : [`step-${before}`],
      targets: 'all',
      waves: [1, Math.ceil(hosts / 2), hosts],
      expectedMs: 60_000,
      timeoutMs: 600_000,
      silentMs: null,
      retry: { times: 1, afterMs: 0 },
      onFailure: 'ask',
      successExit: [0],
      hasCheck: true,
      hasVerify: false,
      hasDiagnostics: false,
      hasCondition: false,
      backout: { expectedMs: 30_000, by: 'script', hasCheck: false },
      approvals: {},
      evidenceRequired: false,
      pointOfNoReturn: false,
      notBefore: null,
      latestStart: null,
      timeboxMs: null,
    }
  })
  const workstreams = Array.from({ length: STREAMS }, (_, index) => `stream-${index}`)
  const plan: Plan = {
    runbook: 'orders',
    window: { start: '2026-12-05T21:00:00.000Z', end: '2026-12-06T03:00:00.000Z', zone: 'Europe/Berlin' },
    outage: null,
    workstreams,
    sets: [{ name: 'all', hosts: Array.from({ length: hosts }, (_, index) => `host${index + 1}`) }],
    steps: all,
  }
  const words = {
    title: 'Orders',
    owner: 'dba-lead',
    workstreams: Object.fromEntries(workstreams.map((name) => [name, { owner: 'dba-lead' }])),
    steps: Object.fromEntries(all.map(({ id }) => [id, { title: `Title of ${id}` }])),
  }
  return { plan, words }
}
