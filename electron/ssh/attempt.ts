/**
 * Starts one attempt over one exec and follows it to its end. What is reported is what is known: `exit` and `signal` come
 * from the host itself, `not-started` only when nothing can have run, `lost` whenever that cannot be told.
 */
import { setMaxListeners } from 'node:events'
import type { AttemptEnd, AttemptRequest, ReachFailure, StreamName } from '../engine/ports.ts'
import { ended, neverBegan, notStarted, type Stop, stopped, unanswered } from './attempt-end.ts'
import { refusesCommands } from './deaf-host.ts'
import { endTree } from './end-tree.ts'
import { type Execution, follow } from './execution.ts'
import { isFailure } from './failure.ts'
import type { Link } from './link.ts'
import { quoted } from './quoting.ts'
import { newNonce, type Starter } from './standby.ts'
import { startCommand, startInput, wrongWith } from './start-program.ts'

export type AttemptContext = {
  readonly link: Link
  /** A connection of its own, for ending what runs when the host allows no further channel on this one. */
  another(): Promise<Link | ReachFailure>
  readonly graceMs: number
  /** For the host to begin once it has been asked: a login shell may hang on a dead home. */
  readonly startTimeoutMs: number
}

/** What is still asked of a host after nobody waits for it any more. */
const LAST_WAIT_MS = 5000

export async function runAttempt(
  context: AttemptContext,
  request: AttemptRequest,
  output: (stream: StreamName, bytes: Uint8Array) => Promise<void>,
  signal?: AbortSignal,
): Promise<AttemptEnd> {
  const { link } = context
  const wrong = wrongWith(request)
  if (wrong !== null) return notStarted('upload-failed', `Nothing was started on ${link.host.name}: ${wrong}.`)
  // One signal may stop a whole run: hundreds listen to it, and that is no leak.
  if (signal !== undefined) setMaxListeners(0, signal)
  let starter = link.standby.take()
  for (;;) {
    if (signal?.aborted === true) return notStarted('cancelled', 'It was stopped before it began. Nothing ran.')
    const over = starter ?? (await askStarter(link, signal))
    if (isFailure(over)) return notStarted(over.code, over.message)
    const end = await runOver(context, over, request, output, signal)
    if (end !== 'never-told') return end
    link.standby.stop()
    starter = null
  }
}

/** @returns never-told: the starter had waited too long, and ended instead of beginning the attempt */
async function runOver(
  context: AttemptContext,
  { channel, nonce, hasWaited }: Starter,
  request: AttemptRequest,
  output: (stream: StreamName, bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<AttemptEnd | 'never-told'> {
  const { link, graceMs, startTimeoutMs } = context
  const execution = follow(channel, nonce, startInput(request, nonce), output, link.answered)
  void execution.going.then(() => link.standby.refill())
  const stop = watchForStop(execution, { timeoutMs: request.timeoutMs, startTimeoutMs, signal })
  try {
    const first = await Promise.race([execution.over, stop.wanted])
    if (first === 'closed' || first === 'held-open') {
      if (first === 'held-open') link.channels.abandon(channel)
      const facts = execution.facts()
      if (facts.phase === 'going') return ended(link, facts, first)
      // Another start is safe whatever became of this one: the claim on the host lets one of them run.
      if (hasWaited && facts.failed?.code !== 'already-started' && link.isOpen()) return 'never-told'
      // Only where nothing was heard, so that no attempt that went well costs a second exec.
      const isRefusing = facts.exit !== null && !facts.isHeard && (await refusesCommands(link, facts.exit))
      const said = quoted(facts.noise, nonce, Object.values(request.secrets))
      return neverBegan(link.host, facts, { isRefusing, said })
    }
    if (first === 'never-began') {
      channel.close()
      return unanswered(link.host, stop.isCancelled())
    }
    const result = await endTree({
      link,
      another: () => context.another(),
      pid: execution.facts().pid,
      token: nonce,
      graceMs,
    })
    const last = await Promise.race([execution.over, after(LAST_WAIT_MS)])
    if (last !== 'closed') link.channels.abandon(channel)
    const facts = execution.facts()
    // Nothing was left to end: it had come to its end by itself at that moment.
    if (result?.kind === 'none' && facts.exit !== null) return ended(link, facts, last ?? 'held-open')
    return stopped(
      link.host,
      { stop: first, timeoutMs: request.timeoutMs, graceMs, isHeard: last !== null },
      result,
      facts,
    )
  } finally {
    stop.disarm()
    await execution.dropOutput()
  }
}

async function askStarter(link: Link, signal: AbortSignal | undefined): Promise<Starter | ReachFailure> {
  const nonce = newNonce()
  const channel = await link.channels.exec(startCommand(nonce), signal)
  return isFailure(channel) ? channel : { channel, nonce, hasWaited: false }
}

/** Tells when the attempt must end: its time is over, counted from its start, or nobody wants it any more. */
function watchForStop(
  execution: Execution,
  limits: {
    readonly timeoutMs: number | null
    readonly startTimeoutMs: number
    readonly signal: AbortSignal | undefined
  },
): { readonly wanted: Promise<Stop | 'never-began'>; isCancelled(): boolean; disarm(): void } {
  const { timeoutMs, startTimeoutMs, signal } = limits
  const wanted = Promise.withResolvers<Stop | 'never-began'>()
  let isGoing = false
  let isDisarmed = false
  let timer = setTimeout(() => wanted.resolve('never-began'), startTimeoutMs)
  const onAbort = () => {
    if (isGoing) return wanted.resolve('abort')
    // It may begin at this very moment: then it can be ended, and that is better than not to know.
    clearTimeout(timer)
    timer = setTimeout(() => wanted.resolve('never-began'), LAST_WAIT_MS)
  }
  void execution.going.then(() => {
    isGoing = true
    clearTimeout(timer)
    if (isDisarmed) return
    if (signal?.aborted === true) wanted.resolve('abort')
    else if (timeoutMs !== null) timer = setTimeout(() => wanted.resolve('timeout'), timeoutMs)
  })
  if (signal?.aborted === true) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  return {
    wanted: wanted.promise,
    isCancelled: () => signal?.aborted === true,
    disarm() {
      isDisarmed = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

function after(ms: number): Promise<null> {
  return new Promise((done) => void setTimeout(() => done(null), ms).unref())
}
