/**
 * Channels of one connection. A host allows so many at once (sshd: MaxSessions, 10); one that it refuses waits until
 * another closes and is asked for again. It fails only when none is open and the host goes on refusing, or when the
 * connection is gone: then all that wait are told so.
 */
import type { Client, ClientChannel } from 'ssh2'
import type { Host } from '../../shared/model/inventory.ts'
import type { ReachFailure } from '../engine/ports.ts'
import { failure, isFailure, linkLost, place } from './failure.ts'

export type Channels = {
  /** @param signal gives up waiting; what is open stays open */
  exec(command: string, signal?: AbortSignal): Promise<ClientChannel | ReachFailure>
  /** One that nobody needs yet: asked for once, and given up when its place is needed. null: not to be had. */
  spare(command: string): Promise<ClientChannel | null>
  /** It is needed now. False: it was given up. */
  claim(channel: ClientChannel): boolean
  /** Nobody follows this one any more. It stays open for what still writes to it, until its place is needed. */
  abandon(channel: ClientChannel): void
}

type Request = {
  readonly command: string
  readonly settle: (result: ClientChannel | ReachFailure) => void
  readonly isSpare: boolean
  refusals: number
}

const MOST_REFUSALS = 5
const PAUSE_MS = 200

export function createChannels(client: Client, host: Host, isOpen: () => boolean, lost: Promise<unknown>): Channels {
  const waiting: Request[] = []
  // Open, and closed when somebody waits for a place: first what nobody has needed yet.
  const spares = new Set<ClientChannel>()
  const abandoned = new Set<ClientChannel>()
  let open = 0
  let asking = 0

  const ask = (request: Request) => {
    if (!isOpen()) return fail(request, 'it ended before the command was sent')
    asking++
    try {
      client.exec(request.command, (error, channel) => {
        asking--
        if (error === undefined) return take(request, channel)
        if (!isOpen()) return fail(request, error.message)
        refuse(request, error)
      })
    } catch (error) {
      asking--
      fail(request, error instanceof Error ? error.message : String(error))
    }
  }

  /** It had no channel whose end would call the next one: that is done here. */
  const fail = (request: Request, why: string) => {
    request.settle(linkLost(host, why))
    askNext()
  }

  const take = (request: Request, channel: ClientChannel) => {
    open++
    channel.once('close', () => {
      open--
      spares.delete(channel)
      abandoned.delete(channel)
      askNext()
    })
    if (request.isSpare) spares.add(channel)
    request.settle(channel)
    if (waiting.length > 0) giveUpAbandoned()
  }

  const refuse = (request: Request, error: Error) => {
    if (request.isSpare) return fail(request, error.message)
    // Something of ours is open: its end is the moment to ask again.
    if (open + asking > 0) {
      waiting.unshift(request)
      giveUpAbandoned()
      return
    }
    request.refusals++
    if (request.refusals < MOST_REFUSALS) {
      setTimeout(() => ask(request), PAUSE_MS * request.refusals)
      return
    }
    request.settle(
      failure(
        'channel-refused',
        `${place(host)} let Holdpoint in and then refused ${MOST_REFUSALS} times to run a command: “${error.message}”. Look at MaxSessions and ForceCommand in sshd_config there.`,
      ),
    )
    askNext()
  }

  const giveUpAbandoned = () => {
    const [channel] = [...spares, ...abandoned]
    if (channel === undefined) return
    spares.delete(channel)
    abandoned.delete(channel)
    channel.close()
  }

  const askNext = () => {
    const next = waiting.shift()
    if (next !== undefined) ask(next)
  }

  // Nothing may be open whose end would reach those that wait.
  void lost.then(askNext)

  return {
    abandon(channel) {
      abandoned.add(channel)
      if (waiting.length > 0) giveUpAbandoned()
    },
    claim: (channel) => spares.delete(channel),
    async spare(command) {
      if (waiting.length > 0) return null
      const answer = await new Promise<ClientChannel | ReachFailure>((settle) =>
        ask({ command, settle, isSpare: true, refusals: 0 }),
      )
      return isFailure(answer) ? null : answer
    },
    exec(command, signal) {
      return new Promise((done) => {
        const request: Request = {
          command,
          isSpare: false,
          refusals: 0,
          settle: (result) => {
            signal?.removeEventListener('abort', onAbort)
            done(result)
          },
        }
        const onAbort = () => {
          const index = waiting.indexOf(request)
          if (index < 0) return
          waiting.splice(index, 1)
          request.settle(failure('cancelled', `It was stopped while it waited for a channel to ${host.name}.`))
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        // What already waits goes first.
        if (waiting.length > 0) waiting.push(request)
        else ask(request)
      })
    },
  }
}
