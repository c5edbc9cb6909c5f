/**
 * A start program that waits at a host for its attempt. When a go is signed, hundreds of attempts are due at the same
 * moment; what then costs most is a login shell on each host. Where an attempt has begun before, so that the account is
 * known to run what it is given, one is there already: a process that reads its standard input, knows nothing yet, and
 * ends with its channel.
 */
import { randomBytes } from 'node:crypto'
import type { ClientChannel } from 'ssh2'
import type { Channels } from './channels.ts'
import { startCommand } from './start-program.ts'

/** A start program on a channel of its own. Nothing was sent to it. */
export type Starter = {
  readonly channel: ClientChannel
  readonly nonce: string
  /** It may have ended meanwhile, and this is not known here yet. */
  readonly hasWaited: boolean
}

export type Standby = {
  /** The one that waits; it is the caller's from then on. null: none does. */
  take(): Starter | null
  /** Have one ready, once nothing was asked of the host for a while. */
  refill(): void
  /** The host does not like to be waited at (TMOUT, a limit of processes): never again on this connection. */
  stop(): void
}

export const NO_STANDBY: Standby = { take: () => null, refill: () => undefined, stop: () => undefined }

export function newNonce(): string {
  return randomBytes(10).toString('hex')
}

export type StandbyOptions = {
  readonly channels: Channels
  readonly isOpen: () => boolean
  /** Something more urgent goes on: it is asked again after the same time. */
  readonly isBusy: () => boolean
  /** Without anything being asked of the host. */
  readonly afterMs: number
}

export function createStandby({ channels, isOpen, isBusy, afterMs }: StandbyOptions): Standby {
  let waiting: Starter | null = null
  let isOpening = false
  let isStopped = false
  let timer: NodeJS.Timeout | null = null

  const open = async () => {
    if (waiting !== null || isOpening || isStopped || !isOpen()) return
    if (isBusy()) return refill()
    isOpening = true
    const nonce = newNonce()
    const channel = await channels.spare(startCommand(nonce))
    isOpening = false
    if (channel === null) return
    const starter = { channel, nonce, hasWaited: true }
    waiting = starter
    channel.on('error', () => undefined)
    // What a login shell says at its start is read away: only so is the end of it all noticed at once.
    channel.resume()
    channel.stderr.resume()
    for (const end of ['exit', 'end', 'close']) {
      channel.once(end, () => {
        if (waiting !== starter) return
        waiting = null
        // Unless it was closed here, for its place.
        if (channels.claim(channel)) isStopped = true
      })
    }
  }
  const refill = () => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => void open(), afterMs)
    timer.unref()
  }

  return {
    refill,
    stop() {
      isStopped = true
    },
    take() {
      const taken = waiting
      waiting = null
      return taken !== null && channels.claim(taken.channel) ? taken : null
    },
  }
}
