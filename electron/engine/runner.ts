/**
 * Drives one run: begins what is due, follows it to its end, records both. The order is the promise: the intent is on disk
 * before the first byte goes to a host; what came back is on disk before anybody is told.
 */
import type { CellId } from '../../shared/model/events.ts'
import { isRefusal } from '../../shared/model/commands.ts'
import type { FailureCode, Purpose, Verdict } from '../../shared/model/words.ts'
import { evaluateCondition } from '../../shared/criteria/condition.ts'
import { typedVariables } from '../../shared/runbook/variables.ts'
import { worstVerdict } from '../../shared/criteria/verdict.ts'
import { cellsOf, type Due, dueAttempts, dueConditions, nextWakeMs } from '../../shared/run/rules.ts'
import { triesOf } from '../../shared/run/lookup.ts'
import type { Run } from '../../shared/run/state.ts'
import { jobFor } from './jobs.ts'
import type { AttemptContext, AttemptReport } from './kinds/attempt.ts'
import { runProbe } from './kinds/probe.ts'
import { runScript } from './kinds/script.ts'
import { type Material, stepOf } from './material.ts'
import type { OutputStore, StreamName } from './ports.ts'
import type { RunLog } from './run-log.ts'
import { isReachFailure, type Sessions } from './sessions.ts'

export type LiveOutput = CellId & {
  readonly purpose: Purpose
  readonly try: number
  readonly stream: StreamName
  readonly from: number
  readonly bytes: Uint8Array
}

export type Runner = {
  /** Looks at what is due and begins it. Called by itself after each change. */
  poke(): void
  /** Names of secrets that something due waits for. */
  missingSecrets(): readonly string[]
  /** Something is being connected to, is under way, or is about to be looked at. */
  isBusy(): boolean
  /** Begins nothing more; what runs on hosts is left to its end there. Resolves when nothing is being recorded. */
  stop(): Promise<void>
}

export type RunnerParts = {
  readonly log: RunLog
  readonly material: Material
  readonly sessions: Sessions
  readonly outputs: OutputStore
  /** Values of secret variables: in memory only. */
  readonly secrets: ReadonlyMap<string, string>
  mask(text: string, secrets: readonly string[]): string
  nowMs(): number
  sha256(bytes: Uint8Array): string
  onLive(live: LiveOutput): void
  /** What is needed from a person beside decisions has changed: secrets, host keys. */
  onNeeds(): void
  /** The journal cannot be written, or a defect: the runner has stopped. */
  onBroken(cause: unknown): void
}

export function startRunner(parts: RunnerParts): Runner {
  const { log, material, sessions, outputs, secrets } = parts
  const inFlight = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let isClosing = false
  let missing: readonly string[] = []
  let wake: ReturnType<typeof setTimeout> | null = null
  let isPoked = false

  const unsubscribe = log.onChange(() => poke())

  function poke(): void {
    if (isPoked || stopping.signal.aborted) return
    isPoked = true
    queueMicrotask(() => {
      isPoked = false
      if (!stopping.signal.aborted) look()
    })
  }

  function look(): void {
    const run = log.state()
    const atMs = parts.nowMs()
    for (const step of dueConditions(run, atMs)) once(`condition ${step}`, () => evaluate(run, step))
    const lacking = new Set<string>()
    for (const due of dueAttempts(run, atMs)) {
      const absent = run.mode === 'walkthrough' ? [] : secretsOf(run, due).filter((name) => !secrets.has(name))
      if (absent.length > 0) for (const name of absent) lacking.add(name)
      else once(`${due.step} ${due.target} ${due.purpose}`, () => attempt(run, due))
    }
    const names = [...lacking].toSorted()
    if (names.join() !== missing.join()) {
      missing = names
      parts.onNeeds()
    }
    sleepUntil(nextWakeMs(run, atMs), atMs)
  }

  /** Time alone makes things due: a retry's delay, a notBefore. */
  function sleepUntil(wakeMs: number | null, atMs: number): void {
    if (wake !== null) clearTimeout(wake)
    wake = null
    if (wakeMs === null) return
    wake = setTimeout(
      () => {
        log.engine({ do: 'advance' }).then(poke, breakDown)
      },
      Math.min(Math.max(0, wakeMs - atMs) + 1, 3_600_000),
    )
  }

  /** Nothing more is begun; what is under way on hosts is still followed, and recorded where that can be done. */
  function breakDown(cause: unknown): void {
    stopping.abort()
    parts.onBroken(cause)
  }

  function once(key: string, work: () => Promise<void>): void {
    if (inFlight.has(key)) return
    const running = work()
      .catch(breakDown)
      .finally(() => {
        inFlight.delete(key)
        poke()
      })
    inFlight.set(key, running)
  }

  function secretsOf(run: Run, due: Due): string[] {
    const job = jobFor(run, material, due)
    return job.kind === 'script' ? [...new Set(Object.values(job.secrets))] : []
  }

  async function evaluate(run: Run, id: string): Promise<void> {
    const when = stepOf(material, id)?.when
    const result =
      when === undefined
        ? null
        : evaluateCondition(when, {
            vars: typedVariables(material.runbook, material.variables),
            verdicts: verdictsOf(run),
          })
    await log.engine({ do: 'evaluateCondition', step: id, result })
  }

  async function attempt(run: Run, due: Due): Promise<void> {
    if (run.mode === 'walkthrough') return walk(due)
    const job = jobFor(run, material, due)
    if (job.kind === 'none') return cannotBegin(due, 'probe-unreadable', job.message)
    const host = material.host(due.target)
    if (host === null) return cannotBegin(due, 'unreachable', `${due.target} is not in the inventory of this run.`)
    // Connecting changes nothing on the host, so it comes before the intent: a dead host does not spend a try, and does
    // not pass a point of no return.
    const session = await sessions.get(host)
    if (stopping.signal.aborted) return
    if (isReachFailure(session)) {
      await cannotBegin(due, session.code, session.message)
      parts.onNeeds()
      return
    }
    const number = await begin(due)
    if (number === null) return
    const cell = { step: due.step, target: due.target, purpose: due.purpose, try: number }
    const name = `${run.id}/${due.step}/${due.target}/${due.purpose}-${number}`
    const values = job.kind === 'script' ? secretValues(job.secrets) : {}
    const writer = outputs.open({
      attempt: name,
      secrets: [...secrets.values()],
      onSegment: async (segment) => {
        const answer = await log.engine({ do: 'bindOutput', ...cell, ...segment })
        if (isRefusal(answer)) throw new Error(answer.message)
      },
      onLive: (stream, from, bytes) => parts.onLive({ ...cell, stream, from, bytes }),
    })
    const context: AttemptContext = {
      name,
      session,
      output: (stream, bytes) => writer.write(stream, bytes),
      sha256: parts.sha256,
    }
    const report = job.kind === 'script' ? await runScript(job, context, values) : await runProbe(job, context)
    const lost = await writer.close().then(
      () => null,
      (cause: unknown) => ({ cause }),
    )
    // The console is closing, and the link was cut by it: what is known says so on the next start.
    if (isClosing) return
    // How it ended is a fact of the host, and is recorded also where its output could not be kept; nothing follows from it.
    if (lost !== null) breakDown(lost.cause)
    await finish(cell, lost === null ? report : withoutOutput(report, lost.cause))
  }

  async function begin(due: Due): Promise<number | null> {
    const number = triesOf(log.state(), due.step, due.target, due.purpose) + 1
    const answer = await log.engine({ do: 'beginAttempt', ...due, epoch: log.state().epoch })
    // Held, cancelled or skipped while the connection was made: nothing was started.
    if (!isRefusal(answer)) return number
    if (answer.code === 'not-driving') breakDown(answer)
    return null
  }

  async function cannotBegin(due: Due, failure: FailureCode, message: string): Promise<void> {
    await log.engine({ do: 'cannotBegin', ...due, failure, message: masked(message) })
  }

  async function finish(cell: CellId & { purpose: Purpose; try: number }, report: AttemptReport): Promise<void> {
    const { message, values } = report
    const answer = await log.engine({
      do: 'finishAttempt',
      ...cell,
      ...report,
      ...(message === undefined ? {} : { message: masked(message) }),
      ...(values === undefined
        ? {}
        : { values: values.map((one) => ({ ...one, value: one.value === null ? null : masked(one.value) })) }),
    })
    if (isRefusal(answer)) throw new Error(answer.message)
  }

  /** A host's words, and what was measured there, may hold a secret as well as its output may. */
  function masked(text: string): string {
    return parts.mask(text, [...secrets.values()])
  }

  async function walk(due: Due): Promise<void> {
    const number = await begin(due)
    if (number === null) return
    await finish({ ...due, try: number }, { outcome: { kind: 'walked' }, verdict: null, durationMs: 0 })
  }

  function secretValues(names: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(names).map(([variable, secret]) => [variable, secrets.get(secret) ?? '']))
  }

  poke()
  return {
    poke,
    missingSecrets: () => missing,
    isBusy: () => isPoked || inFlight.size > 0,
    async stop() {
      isClosing = true
      stopping.abort()
      unsubscribe()
      if (wake !== null) clearTimeout(wake)
      await Promise.allSettled(inFlight.values())
      await log.idle()
    },
  }
}

/** What a probe printed and was not kept whole was perhaps not read whole either. */
function withoutOutput(report: AttemptReport, cause: unknown): AttemptReport {
  const { outcome, verdict, durationMs } = report
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = report.message ?? `Its output could not be kept whole: ${why}`
  return { outcome, verdict: verdict === null ? null : 'unknown', durationMs, message }
}

const VERDICT_OF: Readonly<Record<string, Verdict>> = {
  passed: 'pass',
  warned: 'warn',
  failed: 'fail',
  skipped: 'pass',
}
/** The worst verdict of each step over its hosts, as conditions read it. */
function verdictsOf(run: Run): Record<string, Verdict> {
  const result: Record<string, Verdict> = {}
  for (const id of run.order) {
    const verdicts = cellsOf(run, id)
      .filter((cell) => !cell.isExcluded)
      .map((cell) => VERDICT_OF[cell.state] ?? 'unknown')
    result[id] = worstVerdict(verdicts) ?? 'unknown'
  }
  return result
}
