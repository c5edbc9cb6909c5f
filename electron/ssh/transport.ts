/**
 * The way to hosts over SSH. Connections are made at most `fanout` at a time, kept, and shared: one to a host, many
 * channels on it.
 */
import { setMaxListeners } from 'node:events'
import type { Host } from '../../shared/model/inventory.ts'
import type { Credentials, HostKey, ReachFailure, Session, Transport } from '../engine/ports.ts'
import { type AttemptContext, runAttempt } from './attempt.ts'
import { connect, type Route } from './connect.ts'
import { cancelled, failure, isFailure } from './failure.ts'
import { createGate } from './gate.ts'
import { createIdentities, identityFromText } from './identities.ts'
import { createLink, type Link } from './link.ts'
import { lookUp, parseKnownHosts } from './known-hosts.ts'
import { openKnownHosts } from './known-hosts-files.ts'

/** How practice hosts are reached: with a key of their own, and pinned host keys. Neither touches the user's files. */
export type PracticeReach = {
  /** A private key as text. */
  readonly privateKey: string
  /** Name of the host → `ssh-ed25519 AAAA…` */
  readonly hostKeys: Readonly<Record<string, string>>
}

export type TransportOptions = {
  readonly credentials: Credentials
  /** `own` is Holdpoint's file, the only one written to; `user` are read as well, `~/.ssh/known_hosts` among them. */
  readonly knownHosts: { readonly own: string; readonly user: readonly string[] }
  /** Hosts being connected to at once. */
  readonly fanout?: number
  /** For hosts without a user. */
  readonly defaultUser: string
  /** undefined: that of SSH_AUTH_SOCK; null: none. */
  readonly agentSocket?: string | null
  /** Asked each time, for practice hosts may start later; null while there are none. */
  readonly practice?: () => PracticeReach | null
  /** For a host to answer, in each phase of connecting; time a person needs does not count. */
  readonly connectTimeoutMs?: number
  /** A host that answers nothing for about four times this long is lost. */
  readonly keepaliveMs?: number
  /** Between TERM and KILL when an attempt is ended. */
  readonly graceMs?: number
  /** For a host to begin an attempt once it has been asked to. */
  readonly startTimeoutMs?: number
  /** A connection of which nothing was asked for this long gets a start program that waits; null: never. */
  readonly standbyAfterMs?: number | null
  /** A connection that no session uses is closed after this long. */
  readonly idleMs?: number
}

type Kept = {
  readonly opening: Promise<Link | ReachFailure>
  readonly unwanted: AbortController
  users: number
  idle: NodeJS.Timeout | null
}

export function createTransport(options: TransportOptions): Transport & AsyncDisposable {
  const {
    credentials,
    fanout = 64,
    graceMs = 5000,
    startTimeoutMs = 60_000,
    idleMs = 600_000,
    standbyAfterMs = 1000,
  } = options
  const gate = createGate(fanout)
  const files = openKnownHosts(options.knownHosts)
  const identities = createIdentities({
    credentials,
    agentSocket: options.agentSocket === undefined ? (process.env['SSH_AUTH_SOCK'] ?? null) : options.agentSocket,
  })
  const kept = new Map<string, Kept>()
  const links = new Set<Link>()
  const closing = new AbortController()

  const routeTo = async (host: Host): Promise<Route | ReachFailure> => {
    const shared = {
      host,
      user: host.user ?? options.defaultUser,
      credentials,
      connectTimeoutMs: options.connectTimeoutMs ?? 15_000,
      keepaliveMs: options.keepaliveMs ?? 15_000,
    }
    if (!host.isPractice) {
      const knownHost = await files.find(host.address, host.port)
      return { ...shared, knownHost, findIdentities: () => identities.of(host) }
    }
    const practice = options.practice?.() ?? null
    const pinned = practice?.hostKeys[host.name]
    if (practice === null || pinned === undefined) {
      return failure('unreachable', `${host.name} is a practice host, and the practice hosts are not running.`)
    }
    const lines = parseKnownHosts(`${host.address} ${pinned}`, 'practice hosts')
    const found = identityFromText(practice.privateKey, 'the key of the practice hosts')
    return {
      ...shared,
      knownHost: lookUp(lines, host.address, 22),
      findIdentities: () => Promise.resolve(found),
    }
  }

  const openLink = async (host: Host, wanted?: AbortSignal): Promise<Link | ReachFailure> => {
    const signal = wanted === undefined ? closing.signal : AbortSignal.any([wanted, closing.signal])
    const leave = await gate.enter(signal).catch(() => null)
    if (leave === null) return cancelled(host)
    try {
      const route = await routeTo(host)
      if (isFailure(route)) return route
      const client = await connect(route, signal)
      if (isFailure(client)) return client
      const standby = standbyAfterMs === null ? null : { isBusy: () => !gate.isEmpty(), afterMs: standbyAfterMs }
      const link = createLink(client, host, standby)
      links.add(link)
      void link.lost.then(() => links.delete(link))
      return link
    } finally {
      leave()
    }
  }

  const share = (host: Host): Kept => {
    const key = JSON.stringify([host.name, host.address, host.port, host.user, host.identity, host.isPractice])
    const known = kept.get(key)
    if (known !== undefined && !known.unwanted.signal.aborted) return known
    const unwanted = new AbortController()
    const fresh: Kept = { opening: openLink(host, unwanted.signal), unwanted, users: 0, idle: null }
    kept.set(key, fresh)
    const forget = () => {
      if (kept.get(key) === fresh) kept.delete(key)
    }
    void fresh.opening.then((link) => (isFailure(link) ? forget() : link.lost.then(forget)), forget)
    return fresh
  }

  /** The last who leaves stops what is still connecting, and gives an idle connection its time. */
  const release = (entry: Kept, link: Link | null) => {
    entry.users--
    if (entry.users > 0) return
    if (link === null) return entry.unwanted.abort()
    if (!link.isOpen()) return
    entry.idle = setTimeout(() => link.end(), idleMs)
    entry.idle.unref()
  }

  return {
    async open(host, signal) {
      if (closing.signal.aborted || signal?.aborted === true) return cancelled(host)
      // One signal may stop a whole run: hundreds listen to it, and that is no leak.
      if (signal !== undefined) setMaxListeners(0, signal)
      const entry = share(host)
      entry.users++
      if (entry.idle !== null) clearTimeout(entry.idle)
      const link = await unlessAborted(entry.opening, signal)
      if (link === null || isFailure(link)) {
        release(entry, null)
        return link ?? cancelled(host)
      }
      return sessionOver(link, {
        another: () => openLink(host),
        graceMs,
        startTimeoutMs,
        release: () => release(entry, link),
      })
    },
    acceptHostKey: (host: Host, key: HostKey) => files.accept(host.address, host.port, key),
    async [Symbol.asyncDispose]() {
      closing.abort()
      // Those that are just being opened come to nothing first.
      await Promise.all([...kept.values()].map((entry) => entry.opening))
      const open = [...links]
      for (const link of open) link.end()
      await Promise.all(open.map((link) => link.lost))
    },
  }
}

function sessionOver(link: Link, more: Omit<AttemptContext, 'link'> & { release(): void }): Session {
  let isReleased = false
  return {
    host: link.host,
    lost: link.lost,
    isOpen: () => !isReleased && link.isOpen(),
    run: (request, output, signal) => runAttempt({ ...more, link }, request, output, signal),
    [Symbol.asyncDispose]() {
      if (!isReleased) more.release()
      isReleased = true
      return Promise.resolve()
    },
  }
}

/** @returns null when the signal came first */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> {
  if (signal === undefined) return work
  const aborted = Promise.withResolvers<null>()
  const onAbort = () => aborted.resolve(null)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
