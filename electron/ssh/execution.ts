/**
 * One exec under way: sends the input, separates what the start program says from what the script says, hands the
 * script's output on at the pace of whoever takes it, and keeps the facts from which the outcome is told.
 */
import type { Readable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import type { StreamName } from '../engine/ports.ts'
import { createStreamReaders, type StreamReader } from './start-reader.ts'

export type Exit = { readonly code: number } | { readonly signal: string }

export type Facts = {
  /** sent: nothing heard yet. ready: about to claim. going: the script has begun. */
  readonly phase: 'sent' | 'ready' | 'going'
  /** The start program was heard, whatever it said. */
  readonly isHeard: boolean
  /** All of the input has left. While it has not, the script cannot have arrived whole. */
  readonly isSent: boolean
  /** What the start program says went wrong: then nothing ran. */
  readonly failed: { readonly code: string; readonly detail: string } | null
  /** Process id of the script on the host. */
  readonly pid: string
  readonly exit: Exit | null
  readonly outputError: Error | null
  /** Since the script began. */
  readonly durationMs: number
  /** What the login shell said, if anything. Whoever shows it looks for secrets in it first (quoting.ts). */
  readonly noise: string
}

export type Execution = {
  /** Resolves when the script has begun. */
  readonly going: Promise<void>
  /**
   * closed: the exec is over, or the link is gone. held-open: the script has ended, and something that it left running
   * still holds its output.
   */
  readonly over: Promise<'closed' | 'held-open'>
  facts(): Facts
  /** From now on output is read and dropped (a full window would stall the link); resolves when none is in hand. */
  dropOutput(): Promise<void>
}

type Output = (stream: StreamName, bytes: Uint8Array) => Promise<void>
type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** After the script's own end: how long its output may be silent, and may go on at all, while it is held open. */
const LINGER_IDLE_MS = 1000
const LINGER_MOST_MS = 60_000
const LINGER_LOOK_MS = 100
/** After so many answers, with nothing in hand before each, what the host had kept back for a full window is here too. */
const LINGER_ANSWERS = 3

/** @param answered asks the host something, over the same link (Link.answered) */
export function follow(
  channel: ClientChannel,
  nonce: string,
  input: readonly Uint8Array[],
  output: Output,
  answered: () => Promise<boolean>,
): Execution {
  const facts: Writable<Omit<Facts, 'durationMs' | 'noise'>> = {
    phase: 'sent',
    isHeard: false,
    isSent: false,
    failed: null,
    pid: '',
    exit: null,
    outputError: null,
  }
  const flow = { isDropped: false, isClosed: false, busy: 0, lastSeen: 0 }
  const handing = new Set<Promise<void>>()
  let began = performance.now()
  const going = Promise.withResolvers<void>()
  const exited = Promise.withResolvers<void>()

  const hear = (line: string) => {
    const [word, ...rest] = line.split(' ')
    facts.isHeard = true
    if (word === 'ready' && facts.phase === 'sent') facts.phase = 'ready'
    if (word === 'fail') facts.failed = { code: rest[0] ?? '', detail: rest.slice(1).join(' ').trim() }
    // It comes once on each stream; the first tells.
    if (word !== 'go' || facts.phase === 'going') return
    facts.phase = 'going'
    facts.pid = rest[0] ?? ''
    began = performance.now()
    going.resolve()
  }
  const { stdout, stderr } = createStreamReaders(nonce, hear)

  const hand = async (name: StreamName, bytes: Buffer) => {
    flow.busy++
    try {
      await output(name, bytes)
    } catch (error) {
      facts.outputError = error instanceof Error ? error : new Error(String(error))
    } finally {
      flow.busy--
      flow.lastSeen = performance.now()
    }
  }
  const handOn = async (name: StreamName, own: Buffer | null) => {
    if (own === null || flow.isDropped || facts.outputError !== null) return
    const handed = hand(name, own)
    handing.add(handed)
    await handed
    handing.delete(handed)
  }
  const pump = async (stream: Readable, name: StreamName, reader: StreamReader) => {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      flow.lastSeen = performance.now()
      await handOn(name, reader.read(bytes))
    }
    await handOn(name, reader.end())
  }

  channel.on('exit', (code: number | null, signal?: string) => {
    facts.exit = code === null ? { signal: signalName(signal) } : { code }
    exited.resolve()
  })
  channel.on('error', () => undefined)
  channel.once('finish', () => {
    facts.isSent = true
  })
  const pumps = Promise.allSettled([pump(channel, 'stdout', stdout), pump(channel.stderr, 'stderr', stderr)])
  const closed = new Promise<void>((done) => channel.once('close', () => done()))
  const over = Promise.all([pumps, closed]).then(() => {
    flow.isClosed = true
    return 'closed' as const
  })
  for (const part of input) channel.write(part)
  channel.end()

  return {
    going: going.promise,
    over: Promise.race([over, exited.promise.then(() => lingered(flow, answered)).then((how) => how ?? over)]),
    facts: () => ({
      ...facts,
      durationMs: Math.max(0, Math.round(performance.now() - began)),
      noise: `${stderr.noise()} ${stdout.noise()}`.trim(),
    }),
    async dropOutput() {
      flow.isDropped = true
      await Promise.all(handing)
    },
  }
}

type Flow = { readonly isClosed: boolean; readonly busy: number; readonly lastSeen: number }

/**
 * Resolves when the output has been silent, or went on for too long, with nothing to hand on. A link that stands still is
 * silent as well: the host is asked something, and only what is not there when it has answered was not sent.
 * @returns null when the exec came to its end, or the link did
 */
async function lingered(flow: Flow, answered: () => Promise<boolean>): Promise<'held-open' | null> {
  const since = performance.now()
  const isLong = () => performance.now() - since > LINGER_MOST_MS
  const look = () => new Promise((done) => void setTimeout(done, LINGER_LOOK_MS).unref())
  for (let answers = 0; ; ) {
    await look()
    if (flow.isClosed) return null
    const seen = flow.lastSeen
    const isQuiet = performance.now() - Math.max(since, seen) > LINGER_IDLE_MS
    if (flow.busy > 0 || !(isQuiet || isLong())) continue
    if (!(await answered())) return null
    // What came with the answer is read meanwhile.
    await look()
    if (flow.isClosed) return null
    if (flow.busy === 0 && flow.lastSeen === seen) return 'held-open'
    if (isLong() && ++answers >= LINGER_ANSWERS) return 'held-open'
  }
}

function signalName(name: string | undefined): string {
  const short = (name ?? '').replace(/^SIG/, '')
  // Signals without a name in RFC 4254 come as `SIG@openssh.com`.
  return /^[A-Z0-9+]{1,16}$/.test(short) ? short : 'OTHER'
}
