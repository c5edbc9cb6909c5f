/** One authenticated connection to one host, with its channels; shared by every session to that host. */
import type { Client } from 'ssh2'
import type { Host } from '../../shared/model/inventory.ts'
import type { ReachFailure } from '../engine/ports.ts'
import { type Channels, createChannels } from './channels.ts'
import { linkLost } from './failure.ts'
import { createStandby, NO_STANDBY, type Standby, type StandbyOptions } from './standby.ts'

export type Link = {
  readonly host: Host
  readonly channels: Channels
  readonly standby: Standby
  readonly lost: Promise<ReachFailure>
  isOpen(): boolean
  /**
   * Resolves when the host has answered a question asked now: all that it sent before has arrived. False: the link was
   * lost meanwhile.
   */
  answered(): Promise<boolean>
  end(): void
}

/** @param standby how one is kept; null: none is */
export function createLink(
  client: Client,
  host: Host,
  standby: Pick<StandbyOptions, 'isBusy' | 'afterMs'> | null,
): Link {
  let isOpen = true
  let why = 'the host closed it'
  const lost = Promise.withResolvers<ReachFailure>()
  const close = () => {
    if (!isOpen) return
    isOpen = false
    lost.resolve(linkLost(host, why))
  }
  client.on('error', (error: Error & { readonly level?: string }) => {
    why = error.level === 'client-timeout' ? 'the host no longer answers (keepalive)' : error.message
    // Not every error is followed by a close in time; nothing more is started on a connection that told of one.
    close()
    client.destroy()
  })
  client.on('end', close)
  client.on('close', close)
  const channels = createChannels(client, host, () => isOpen, lost.promise)
  return {
    host,
    channels,
    standby: standby === null ? NO_STANDBY : createStandby({ ...standby, channels, isOpen: () => isOpen }),
    lost: lost.promise,
    isOpen: () => isOpen,
    answered: () =>
      new Promise((done) => {
        if (!isOpen) return done(false)
        try {
          // A global request that changes nothing, for nothing was ever forwarded: every server answers it, with a no.
          client.unforwardIn('127.0.0.1', 0, () => done(isOpen))
        } catch {
          done(false)
        }
      }),
    end() {
      why = 'it was closed here'
      client.end()
    },
  }
}
