/** One run of this console: its log, what drives it, what is only in memory about it, and who watches. */
import type { Recorded } from '../../shared/model/events.ts'
import type { Material } from './material.ts'
import type { OutputStore, ReachFailure, Transport } from './ports.ts'
import type { RunLog } from './run-log.ts'
import { type LiveOutput, type Runner, startRunner } from './runner.ts'
import { openSessions, type Sessions } from './sessions.ts'

export type RunListener = {
  events?(events: readonly Recorded[]): void
  live?(live: LiveOutput): void
  /** Secrets or host keys that are waited for have changed. */
  needs?(): void
}

export type RunHandle = {
  readonly log: RunLog
  readonly sessions: Sessions
  /** null: this console reads the run and does not drive it; `whyNotDriven` says why. */
  readonly material: Material | null
  readonly whyNotDriven: string | null
  missingSecrets(): readonly string[]
  /** Something is being connected to, is under way on a host, or is about to be begun. */
  isBusy(): boolean
  giveSecrets(values: Readonly<Record<string, string>>): void
  /** Hosts whose key a person has to look at. */
  hostKeysWaiting(): readonly { readonly host: string; readonly failure: ReachFailure }[]
  watch(listener: RunListener): () => void
  /** Output that is written and not bound yet. */
  tail: OutputStore['tail']
  /** The journal could not be written or another console drives: nothing more starts. */
  broken(): unknown
  close(): Promise<void>
}

export type HandleParts = {
  readonly log: RunLog
  readonly material: Material | null
  readonly whyNotDriven: string | null
  readonly transport: Transport
  readonly outputs: OutputStore
  mask(text: string, secrets: readonly string[]): string
  nowMs(): number
  sha256(bytes: Uint8Array): string
}

export function openRunHandle(parts: HandleParts): RunHandle {
  const { log, material } = parts
  const listeners = new Set<RunListener>()
  const secrets = new Map<string, string>()
  const sessions = openSessions(parts.transport)
  let broken: unknown = null
  // Nothing is done on hosts any more: no way to them stays open, and no secret is known.
  const retire = (): void => {
    secrets.clear()
    void sessions[Symbol.asyncDispose]()
  }
  const tellNeeds = (): void => {
    for (const listener of listeners) listener.needs?.()
  }
  log.onChange((events) => {
    for (const listener of listeners) listener.events?.(events)
    if (log.state().phase === 'closed') retire()
  })
  sessions.onChange(tellNeeds)
  const runner: Runner | null =
    material === null
      ? null
      : startRunner({
          log,
          material,
          sessions,
          outputs: parts.outputs,
          secrets,
          mask: parts.mask,
          nowMs: parts.nowMs,
          sha256: parts.sha256,
          onLive(live) {
            for (const listener of listeners) listener.live?.(live)
          },
          onNeeds: tellNeeds,
          onBroken(cause) {
            broken = cause
            tellNeeds()
          },
        })

  return {
    log,
    sessions,
    material,
    whyNotDriven: parts.whyNotDriven,
    missingSecrets: () => runner?.missingSecrets() ?? [],
    isBusy: () => runner?.isBusy() ?? false,
    giveSecrets(values) {
      for (const [name, value] of Object.entries(values)) secrets.set(name, value)
      runner?.poke()
    },
    hostKeysWaiting() {
      const hosts = Object.values(log.state().sets).flat()
      return [...new Set(hosts)].flatMap((host) => {
        const failure = sessions.failureOf(host)
        return failure?.hostKey === undefined ? [] : [{ host, failure }]
      })
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tail: (attempt, stream) => parts.outputs.tail(attempt, stream),
    broken: () => broken,
    async close() {
      // What runs on hosts is left there. Whoever owns the links cuts them, so that nothing here waits for it.
      const stopped = runner?.stop()
      await sessions[Symbol.asyncDispose]()
      await stopped
    },
  }
}
