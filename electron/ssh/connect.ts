/**
 * Makes one connection: socket, key exchange, host key, authentication; each with its own failure. Nothing is sent to a
 * host whose key is not known, and nothing of what a person types counts against the clock.
 */
import { connect as connectSocket, type Socket } from 'node:net'
import ssh2, { type Client } from 'ssh2'
import type { Host } from '../../shared/model/inventory.ts'
import type { Credentials, ReachFailure } from '../engine/ports.ts'
import { CIPHERS, KEY_EXCHANGES, MACS } from './algorithms.ts'
import { type Authentication, authenticate } from './authentication.ts'
import {
  authenticationRefused,
  cancelled,
  closedEarly,
  isClosedEarly,
  failure,
  hostKeyFailure,
  isFailure,
  linkLost,
  place,
  silent,
  socketFailure,
  timedOut,
} from './failure.ts'
import { hostKeyAlgorithms } from './host-key.ts'
import type { Found, Identity } from './identities.ts'
import type { HostKeyVerdict, KnownHost } from './known-hosts.ts'
import { askServerAlgorithms } from './server-algorithms.ts'

/** All that one connection needs to know. */
export type Route = {
  readonly host: Host
  readonly user: string
  readonly knownHost: KnownHost
  findIdentities(): Promise<Found>
  readonly credentials: Credentials
  readonly connectTimeoutMs: number
  readonly keepaliveMs: number
}

/** A host that turns callers away when too many come at once (MaxStartups) is asked again, after a growing pause. */
const PAUSES_MS = [150, 400, 1000]

export async function connect(route: Route, signal?: AbortSignal): Promise<Client | ReachFailure> {
  for (let tries = 0; ; tries++) {
    const made = await connectOnce(route, signal)
    const pause = PAUSES_MS[tries]
    if (!isFailure(made) || !isClosedEarly(made) || pause === undefined) return made
    // The spread keeps a crowd from coming back all at once.
    await wait(pause * (0.5 + Math.random()), signal)
    if (signal?.aborted === true) return cancelled(route.host)
  }
}

async function connectOnce(route: Route, signal?: AbortSignal): Promise<Client | ReachFailure> {
  const socket = await openSocket(route, signal)
  if ('failed' in socket) return socket
  const made = await handshake(route, socket, signal)
  if (made !== 'no-agreement') return made
  return noCommonAlgorithm(route)
}

function openSocket({ host, connectTimeoutMs }: Route, signal?: AbortSignal): Promise<Socket | ReachFailure> {
  return new Promise((done) => {
    if (signal?.aborted === true) return done(cancelled(host))
    const socket = connectSocket({ host: host.address, port: host.port, noDelay: true, keepAlive: true })
    const end = (result: Socket | ReachFailure) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.off('connect', onConnect)
      if (isFailure(result)) socket.destroy()
      done(result)
    }
    const onConnect = () => end(socket)
    const onAbort = () => end(cancelled(host))
    const timer = setTimeout(() => end(timedOut(host, connectTimeoutMs)), connectTimeoutMs)
    signal?.addEventListener('abort', onAbort, { once: true })
    socket.once('connect', onConnect)
    // Kept for good: an error after the first one must not end the program.
    socket.on('error', (error) => end(socketFailure(host, error, connectTimeoutMs)))
  })
}

type Phase = 'greeting' | 'key-exchange' | 'authentication' | 'done'

function handshake(
  route: Route,
  socket: Socket,
  signal?: AbortSignal,
): Promise<Client | ReachFailure | 'no-agreement'> {
  const { host, user, knownHost, connectTimeoutMs } = route
  const client = new ssh2.Client()
  return new Promise((done) => {
    let phase: Phase = 'greeting'
    let judged: HostKeyVerdict | null = null
    const clock = createClock(connectTimeoutMs, () => end(silent(host, connectTimeoutMs, WORDS[phase])))
    const authentication = authenticate({
      host,
      user,
      findIdentities: async () => {
        const { identities, notes } = await clock.paused(route.findIdentities())
        const sign =
          (identity: Identity): Identity['sign'] =>
          (data, hash) =>
            clock.paused(identity.sign(data, hash))
        return { identities: identities.map((identity) => ({ ...identity, sign: sign(identity) })), notes }
      },
      credentials: {
        password: (of) => clock.paused(route.credentials.password(of)),
        prompt: (of, prompts) => clock.paused(route.credentials.prompt(of, prompts)),
      },
    })
    const end = (result: Client | ReachFailure | 'no-agreement') => {
      if (phase === 'done') return
      phase = 'done'
      clock.stop()
      signal?.removeEventListener('abort', onAbort)
      if (!(result instanceof ssh2.Client)) socket.destroy()
      done(result)
    }
    const onAbort = () => end(cancelled(host))
    signal?.addEventListener('abort', onAbort, { once: true })
    const said: Buffer[] = []
    const listen = (bytes: Buffer) => {
      said.push(bytes)
      if (!Buffer.concat(said).includes('SSH-')) return
      socket.off('data', listen)
      if (phase === 'greeting') phase = 'key-exchange'
    }
    socket.on('data', listen)
    client.on('handshake', () => {
      phase = 'authentication'
      clock.restart()
    })
    client.on('ready', () => end(client))
    // One connection may tell of several errors; the first that matters decides. An agent's refusal is not one: the
    // next way of authentication follows.
    client.on('error', (error) => {
      if (error.level === 'agent') return
      if (phase === 'greeting') return end(closedEarly(host, Buffer.concat(said).toString('utf8')))
      end(explain(route, error, phase, judged, authentication))
    })
    client.on('close', () => {
      if (phase === 'greeting') end(closedEarly(host, Buffer.concat(said).toString('utf8')))
      else end(linkLost(host, `it was closed during ${WORDS[phase]}`))
    })
    try {
      client.connect({
        sock: socket,
        username: user,
        ident: 'Holdpoint',
        readyTimeout: 0,
        keepaliveInterval: route.keepaliveMs,
        keepaliveCountMax: 3,
        algorithms: {
          kex: KEY_EXCHANGES,
          cipher: CIPHERS,
          hmac: MACS,
          compress: ['none'],
          serverHostKey: hostKeyAlgorithms(knownHost.types),
        },
        hostVerifier: (blob: Buffer) => {
          judged = knownHost.judge(blob)
          return judged.verdict === 'known'
        },
        authHandler: authentication.handler,
      })
    } catch (error) {
      end(failure('unreachable', `${place(host)} cannot be connected to: ${messageOf(error)}.`))
    }
  })
}

const WORDS: Record<Phase, string> = {
  greeting: 'waiting for its greeting',
  'key-exchange': 'the key exchange',
  authentication: 'authentication',
  done: 'work',
}

function explain(
  { host, user }: Route,
  error: Error & { readonly level?: string; readonly code?: unknown },
  phase: Phase,
  judged: HostKeyVerdict | null,
  authentication: Authentication,
): ReachFailure | 'no-agreement' {
  if (judged !== null && judged.verdict !== 'known') return hostKeyFailure(host, judged)
  if (error.level === 'client-authentication') {
    return authenticationRefused(host, user, authentication.tried, authentication.accepts())
  }
  if (phase === 'key-exchange' && error.level === 'handshake') return 'no-agreement'
  // A number is the reason of an SSH_MSG_DISCONNECT: the host itself ended it, and said why.
  if (phase === 'authentication' && typeof error.code === 'number') {
    const tried = [...authentication.tried, `then the host ended it: “${error.message}”`]
    return authenticationRefused(host, user, tried, authentication.accepts())
  }
  return linkLost(host, `${messageOf(error)}, during ${WORDS[phase]}`)
}

async function noCommonAlgorithm({ host, knownHost, connectTimeoutMs }: Route): Promise<ReachFailure> {
  const theirs = await askServerAlgorithms(host.address, host.port, connectTimeoutMs)
  const what = (
    [
      ['key exchange', KEY_EXCHANGES, theirs?.keyExchanges],
      ['host key', hostKeyAlgorithms(knownHost.types), theirs?.hostKeys],
      ['cipher', CIPHERS, theirs?.ciphers],
      ['MAC', MACS, theirs?.macs],
    ] satisfies [string, readonly string[], readonly string[] | undefined][]
  ).flatMap(([name, ours, their]) => {
    if (their === undefined || ours.some((algorithm) => their.includes(algorithm))) return []
    return [`${name}: it offers ${their.join(', ')}; Holdpoint has ${ours.join(', ')}`]
  })
  if (what.length === 0) {
    return linkLost(host, 'the key exchange failed, though both sides have algorithms in common')
  }
  return failure(
    'no-common-algorithm',
    `${place(host)} and Holdpoint have no algorithm in common. ${what.join('. ')}. Allow one of these in sshd_config there.`,
  )
}

type Clock = {
  restart(): void
  stop(): void
  /** While this is under way the clock stands still: a person is asked, or a key is opened. */
  paused<T>(work: Promise<T>): Promise<T>
}

function createClock(limitMs: number, onEnd: () => void): Clock {
  let timer: NodeJS.Timeout | null = setTimeout(onEnd, limitMs)
  let isStopped = false
  let pauses = 0
  const clear = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const restart = () => {
    clear()
    if (!isStopped && pauses === 0) timer = setTimeout(onEnd, limitMs)
  }
  return {
    restart,
    stop() {
      isStopped = true
      clear()
    },
    async paused(work) {
      pauses++
      clear()
      try {
        return await work
      } finally {
        pauses--
        restart()
      }
    },
  }
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true })
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
