/**
 * Starts one attempt over one exec and follows it to its end. What is reported is what is known: `exit` and `signal` come
 * from the host itself, `not-started` only when nothing can have run, `lost` whenever that cannot be told.
 */
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import type { Outcome } from '../../shared/model/cell.ts'
import { FailureCode } from '../../shared/model/words.ts'
import type { AttemptEnd, AttemptRequest, ReachFailure, StreamName } from '../engine/ports.ts'
import { endCommand, type EndResult, endResult } from './end-program.ts'
import { isFailure, place, seconds } from './failure.ts'
import type { Link } from './link.ts'
import { startRequest } from './start-program.ts'
import { createStreamReader } from './start-reader.ts'

export type AttemptContext = {
  readonly link: Link
  /** A connection of its own, for ending what runs when the host allows no further channel on this one. */
  another(): Promise<Link | ReachFailure>
  readonly graceMs: number
}

type Output = (stream: StreamName, bytes: Uint8Array) => Promise<void>
type Exit = { readonly code: number } | { readonly signal: string }

/** After the script's own end: how long its output may be silent, and may go on, while something else holds it open. */
const LINGER_IDLE_MS = 1000
const LINGER_MOST_MS = 60_000
/** Beyond the grace, for looking and for a slow link. */
const ENDING_MARGIN_MS = 20_000

export async function runAttempt(
  context: AttemptContext,
  request: AttemptRequest,
  output: Output,
  signal?: AbortSignal,
): Promise<AttemptEnd> {
  const { link } = context
  const nonce = randomBytes(16).toString('hex')
  const start = startRequest(request, nonce)
  if ('wrong' in start) return notStarted('upload-failed', `Nothing was started on ${link.host.name}: ${start.wrong}.`)
  if (signal?.aborted === true) return notStarted('cancelled', 'It was stopped before it began. Nothing ran.')
  const channel = await link.channels.exec(start.command, signal)
  if (isFailure(channel)) return notStarted(channel.code, channel.message)
  return follow({ ...context, nonce, request, output, channel, input: start.input }, signal)
}

type Running = AttemptContext & {
  readonly nonce: string
  readonly request: AttemptRequest
  readonly output: Output
  readonly channel: ClientChannel
  readonly input: readonly Uint8Array[]
}

async function follow(running: Running, signal?: AbortSignal): Promise<AttemptEnd> {
  const { channel, nonce, link, request } = running
  const state = {
    began: performance.now(),
    isSent: false,
    phase: 'sent' as 'sent' | 'ready' | 'going',
    pid: '',
    failed: null as { readonly code: string; readonly detail: string } | null,
    exit: null as Exit | null,
    outputError: null as Error | null,
    busy: 0,
    lastSeen: 0,
    isDone: false,
  }
  const going = Promise.withResolvers<void>()
  const exited = Promise.withResolvers<void>()
  const stdout = createStreamReader(nonce, (line) => line === 'go')
  const stderr = createStreamReader(
    nonce,
    (line) => line.startsWith('go '),
    (line) => {
      const [word, ...rest] = line.split(' ')
      if (word === 'ready') state.phase = 'ready'
      if (word === 'fail') state.failed = { code: rest[0] ?? '', detail: rest.slice(1).join(' ') }
      if (word !== 'go') return
      state.phase = 'going'
      state.pid = rest[0] ?? ''
      state.began = performance.now()
      going.resolve()
    },
  )

  const pump = async (stream: Readable, name: StreamName, reader: typeof stdout) => {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      state.lastSeen = performance.now()
      const own = reader.read(bytes)
      // What arrives after the attempt was told to have ended is read and dropped: a full window would stall the link.
      if (own === null || state.isDone || state.outputError !== null) continue
      state.busy++
      try {
        await running.output(name, own)
      } catch (error) {
        state.outputError = error instanceof Error ? error : new Error(String(error))
      } finally {
        state.busy--
        state.lastSeen = performance.now()
      }
    }
  }
  channel.on('exit', (code: number | null, name?: string) => {
    state.exit = code === null ? { signal: signalName(name) } : { code }
    exited.resolve()
  })
  channel.on('error', () => undefined)
  channel.once('finish', () => {
    state.isSent = true
  })
  const pumps = Promise.allSettled([pump(channel, 'stdout', stdout), pump(channel.stderr, 'stderr', stderr)])
  const ended = Promise.all([pumps, new Promise<void>((done) => channel.once('close', () => done()))])

  for (const part of running.input) channel.write(part)
  channel.end()

  const stop = watchForStop(running, going.promise, signal)
  const first = await Promise.race([ended.then(() => 'ended' as const), lingered(state, exited.promise), stop.wanted])
  stop.disarm()
  const durationMs = () => Math.max(0, Math.round(performance.now() - state.began))

  if (typeof first === 'object') {
    const result = await endTree(running, state.pid)
    await Promise.race([ended, exited.promise, after(ENDING_MARGIN_MS)])
    if (result?.kind !== 'none' || state.exit === null) {
      state.isDone = true
      return stopped(running, first.stop, result, state.exit, durationMs())
    }
    // It had come to its end by itself just before.
    await Promise.race([ended, lingered(state, exited.promise)])
  }
  const wasHeldOpen = first === 'held-open'
  const result: AttemptEnd =
    state.phase === 'going'
      ? conclude(state, link, wasHeldOpen, durationMs())
      : neverWent(state, running, stdout.noise(), stderr.noise())
  state.isDone = true
  return result
  function neverWent(
    { failed, phase, isSent, exit }: typeof state,
    { link: { host }, request: { name } }: Running,
    saidOut: string,
    saidErr: string,
  ): AttemptEnd {
    const where = place(host)
    if (failed !== null) {
      if (failed.code === 'already-started') {
        return lost(
          'already-started',
          `${where} holds this attempt already (${failed.detail}): it was started before, and it is never started twice. Look there what became of it.`,
        )
      }
      return notStarted(
        FailureCode.safeParse(failed.code).data ?? 'upload-failed',
        `Nothing was started on ${where}: ${failed.detail}.`,
      )
    }
    if (exit !== null && phase === 'sent') {
      const said = excerpt(`${saidErr}\n${saidOut}`)
      return notStarted(
        'no-shell',
        `${where} did not start /bin/sh for this account (${exitWords(exit)}).${said === '' ? '' : ` It said: “${said}”`}`,
      )
    }
    if (!isSent) {
      return notStarted('link-lost', `The link to ${where} was lost before the whole script was sent. Nothing ran.`)
    }
    return lost(
      'link-lost',
      `The link to ${where} was lost as ${request.name === name ? 'the attempt' : name} was being started. Whether it ran is not known.`,
    )
  }
}

/** The script had begun, and its exec is over, or only its output is still held open. */
function conclude(
  state: { readonly exit: Exit | null; readonly outputError: Error | null },
  link: Link,
  wasHeldOpen: boolean,
  durationMs: number,
): AttemptEnd {
  const notes: string[] = []
  if (wasHeldOpen) {
    notes.push('Something that the script left running holds its output open; what that still says is not recorded.')
  }
  if (state.outputError !== null) notes.push(`Its output could not be kept: ${state.outputError.message}.`)
  const { exit } = state
  if (exit === null) {
    const what = link.isOpen()
      ? 'The host closed the channel without telling how the script ended'
      : 'The link was lost'
    return {
      ...lost(
        'link-lost',
        `${what} while the script was running on ${place(link.host)}. What became of it is not known.`,
      ),
      durationMs,
    }
  }
  const outcome: Outcome =
    'signal' in exit ? { kind: 'signal', signal: exit.signal } : { kind: 'exit', code: exit.code, ok: exit.code === 0 }
  return notes.length === 0 ? { outcome, durationMs } : { outcome, durationMs, message: notes.join(' ') }
}

type Stop = 'timeout' | 'abort'

/** Tells when the attempt must end: its time is over (counted from its start), or nobody wants it any more. */
function watchForStop(
  { request }: Running,
  going: Promise<void>,
  signal: AbortSignal | undefined,
): { readonly wanted: Promise<{ readonly stop: Stop }>; disarm(): void } {
  const wanted = Promise.withResolvers<{ readonly stop: Stop }>()
  let timer: NodeJS.Timeout | null = null
  let isDisarmed = false
  const onAbort = () => void going.then(() => wanted.resolve({ stop: 'abort' }))
  if (signal?.aborted === true) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  void going.then(() => {
    if (request.timeoutMs === null || isDisarmed) return
    timer = setTimeout(() => wanted.resolve({ stop: 'timeout' }), request.timeoutMs)
  })
  return {
    wanted: wanted.promise,
    disarm() {
      isDisarmed = true
      if (timer !== null) clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** @returns null when the host could not be asked or did not answer in time */
async function endTree(running: Running, pid: string): Promise<EndResult | null> {
  const { link, graceMs, nonce: token } = running
  const nonce = randomBytes(16).toString('hex')
  const command = endCommand({ nonce, pid, token, graceMs })
  const limit = graceMs + ENDING_MARGIN_MS
  const own = await endOver(link, command, nonce, limit)
  if (own !== 'no-channel') return own
  const other = await running.another()
  if (isFailure(other)) return null
  try {
    const result = await endOver(other, command, nonce, limit)
    return result === 'no-channel' ? null : result
  } finally {
    other.end()
  }
}

const CHANNEL_WAIT_MS = 1500

async function endOver(
  link: Link,
  command: string,
  nonce: string,
  limitMs: number,
): Promise<EndResult | 'no-channel' | null> {
  const channel = await link.channels.exec(command, AbortSignal.timeout(CHANNEL_WAIT_MS))
  if (isFailure(channel)) return 'no-channel'
  let said = ''
  channel.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
  channel.stderr.resume()
  channel.on('error', () => undefined)
  channel.end()
  await Promise.race([new Promise<void>((done) => channel.once('close', () => done())), after(limitMs)])
  return endResult(nonce, said)
}

function stopped(
  { link, graceMs, request }: Running,
  stop: Stop,
  result: EndResult | null,
  exit: Exit | null,
  durationMs: number,
): AttemptEnd {
  const where = place(link.host)
  const why = stop === 'timeout' ? `Its time of ${seconds(request.timeoutMs ?? 0)} was over` : 'It was cancelled'
  if (result === null) {
    return {
      ...lost('still-running', `${why}, and ${where} could not be asked to end it: it may still be running there.`),
      durationMs,
    }
  }
  if (result.kind === 'alive') {
    const who = result.processes.join(', ')
    return {
      ...lost('still-running', `${why}, and these of its processes on ${where} could not be ended: ${who}.`),
      durationMs,
    }
  }
  const how = exit === null ? '' : ` Its last word was ${exitWords(exit)}.`
  const message = `${why}. It was ended with all it had started (TERM, then KILL after ${seconds(graceMs)}); nothing of it is left.${how}`
  if (stop === 'timeout') return { outcome: { kind: 'timeout' }, durationMs, message }
  const signal = exit !== null && 'signal' in exit ? exit.signal : 'TERM'
  return { outcome: { kind: 'signal', signal }, durationMs, message }
}

/** Resolves when the script has ended and its output has been silent, or went on for too long, with nothing to write. */
async function lingered(
  state: { readonly busy: number; readonly lastSeen: number },
  exited: Promise<void>,
): Promise<'held-open'> {
  await exited
  const since = performance.now()
  for (;;) {
    await after(100)
    const now = performance.now()
    if (state.busy > 0) continue
    if (now - Math.max(since, state.lastSeen) > LINGER_IDLE_MS || now - since > LINGER_MOST_MS) return 'held-open'
  }
}

function signalName(name: string | undefined): string {
  const short = (name ?? '').replace(/^SIG/, '')
  // Signals without a name in RFC 4254 come as `SIG@openssh.com`.
  return /^[A-Z0-9+]{1,16}$/.test(short) ? short : 'OTHER'
}

function exitWords(exit: Exit): string {
  return 'signal' in exit ? `signal ${exit.signal}` : `exit code ${exit.code}`
}

function excerpt(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}

function notStarted(code: FailureCode, message: string): AttemptEnd {
  return { outcome: { kind: 'not-started', code }, durationMs: 0, message }
}

function lost(code: FailureCode, message: string): AttemptEnd {
  return { outcome: { kind: 'lost', code }, durationMs: 0, message }
}

function after(ms: number): Promise<void> {
  return new Promise((done) => void setTimeout(done, ms).unref())
}
