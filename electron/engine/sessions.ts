/** Ways to hosts, kept open for the run: one per host, opened when first needed, forgotten when lost. */
import type { Host } from '../../shared/model/inventory.ts'
import type { ReachFailure, Session, Transport } from './ports.ts'

export type Sessions = AsyncDisposable & {
  get(host: Host): Promise<Session | ReachFailure>
  /** Names of hosts with an open way. */
  connected(): readonly string[]
  /** The last failure of a host that is not connected: what to show and, for a host key, to ask. */
  failureOf(host: string): ReachFailure | null
  onChange(listener: () => void): () => void
}

export function isReachFailure(value: Session | ReachFailure): value is ReachFailure {
  return 'failed' in value
}

export function openSessions(transport: Transport): Sessions {
  const opening = new Map<string, Promise<Session | ReachFailure>>()
  const open = new Map<string, Session>()
  const failures = new Map<string, ReachFailure>()
  const listeners = new Set<() => void>()
  const closing = new AbortController()
  const tell = (): void => {
    for (const listener of listeners) listener()
  }

  async function connect(host: Host): Promise<Session | ReachFailure> {
    const session = await transport.open(host, closing.signal)
    if (isReachFailure(session)) {
      opening.delete(host.name)
      failures.set(host.name, session)
    } else {
      open.set(host.name, session)
      failures.delete(host.name)
      void session.lost.then((failure) => {
        if (open.get(host.name) === session) {
          open.delete(host.name)
          opening.delete(host.name)
          failures.set(host.name, failure)
          tell()
        }
      })
    }
    tell()
    return session
  }

  return {
    async get(host) {
      const known = open.get(host.name)
      if (known?.isOpen() === true) return known
      if (known !== undefined) {
        open.delete(host.name)
        opening.delete(host.name)
      }
      const pending = opening.get(host.name) ?? connect(host)
      opening.set(host.name, pending)
      return pending
    },
    connected: () => [...open.keys()],
    failureOf: (host) => failures.get(host) ?? null,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      const all = [...open.values()]
      open.clear()
      await Promise.allSettled(all.map((session) => session[Symbol.asyncDispose]()))
    },
  }
}
