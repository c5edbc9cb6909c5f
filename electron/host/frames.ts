/** The contract over frames of text, whatever carries them: a WebSocket or a MessagePort. */
import { onError } from '@orpc/server'
import type { AnyRouter } from '@orpc/server'
import { StandardRPCHandler } from '@orpc/server/standard'
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer'
import { ServerPeer } from '@orpc/standard-server-peer'

export type Log = (line: string) => void

/** The handlers of the contract, and what they are called with. */
export type Service = {
  readonly router: AnyRouter
  readonly context?: Readonly<Record<string, unknown>>
  readonly log: Log
}

export type Served = {
  /** Takes a client's frame. Rejects when it is none of the protocol: the connection is of no more use. */
  frame(text: string): Promise<void>
  /** Nobody listens any more: every call is aborted and every stream returned. */
  end(): void
}

/** Serves the contract to one client. */
export type Serve = (
  /** Resolves when the client can take more. A stream waits for it, so its bounded queue fills here and not in memory. */
  send: (text: string) => Promise<void>,
) => Served

export function serveFrames({ router, context = {}, log }: Service): Serve {
  const handler = new StandardRPCHandler(router, {
    interceptors: [
      onError((error, { request }) => {
        log(`${request.url.pathname}: ${error instanceof Error ? (error.stack ?? error.message) : 'failed'}`)
      }),
    ],
  })
  const handle = createServerPeerHandleRequestFn(handler, { context })
  return (send) => {
    const peer = new ServerPeer(async (message) => {
      if (typeof message !== 'string') throw new TypeError('the contract has no binary answers')
      await send(message)
    })
    return {
      async frame(text) {
        await peer.message(text, handle)
      },
      end: () => peer.close(),
    }
  }
}
