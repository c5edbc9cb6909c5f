/** The way to the console in the browser shell: a WebSocket to the host that served the page, with a right as first frame. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { Client, Link, Refused } from './client.ts'
import { firstFrame, forgetSession, keepSession, readAnswer } from './session.ts'

const NO_RIGHT =
  'This page has no link to the console. Run “holdpoint open” in a terminal: it prints a new link, good for one use.'

/**
 * Connects and shows this page's right to come in.
 * @returns a link; a refusal when the host turned the page away
 * @throws Error when the host cannot be reached, or ended the connection before it answered
 */
export async function openSocket(): Promise<Link | Refused> {
  const frame = firstFrame(location.hash, sessionStorage)
  if (frame === null) return { refused: true, message: NO_RIGHT }
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`)
  // Heard from the start, so that a close between answer and link is not missed.
  const closed = new Promise<string>((resolve) => {
    socket.addEventListener('close', () => resolve('The connection to the console ended.'), { once: true })
  })
  const answer = await new Promise<unknown>((resolve, reject) => {
    socket.addEventListener('open', () => socket.send(JSON.stringify(frame)), { once: true })
    socket.addEventListener('message', (event: MessageEvent<unknown>) => resolve(event.data), { once: true })
    socket.addEventListener('close', () => reject(new Error('The console does not answer.')), { once: true })
  })
  const read = readAnswer(answer)
  if (read === null) {
    socket.close()
    throw new Error('What answers here is not a Holdpoint console.')
  }
  if ('refused' in read) {
    socket.close()
    if ('session' in frame) forgetSession(sessionStorage)
    return retryWithSession(frame, read.message)
  }
  keepSession(read.session, sessionStorage)
  if ('token' in frame) dropToken()
  const client: Client = createORPCClient(new RPCLink({ websocket: quietAfterClose(socket) }))
  return { client, closed, close: () => socket.close() }
}

/** A page that was reloaded by its bookmarked address brings a used token, and has a session that is still good. */
function retryWithSession(
  frame: { readonly token: string } | { readonly session: string },
  said: string,
): Promise<Link | Refused> | Refused {
  if (!('token' in frame)) return { refused: true, message: said }
  dropToken()
  if (firstFrame('', sessionStorage) === null) return { refused: true, message: said }
  return openSocket()
}

/** The token is spent: it does not stay in the address, the history or a screenshot. */
function dropToken(): void {
  history.replaceState(null, '', `${location.pathname}${location.search}#/`)
}

/**
 * What the link still wants to say when the connection is gone (that nobody listens to a stream any more) goes nowhere,
 * and is no error. Questions that are asked then are ended by `closed`.
 */
function quietAfterClose(
  socket: WebSocket,
): Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState'> {
  return {
    readyState: WebSocket.OPEN,
    addEventListener: socket.addEventListener.bind(socket),
    removeEventListener: socket.removeEventListener.bind(socket),
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data)
    },
  }
}
