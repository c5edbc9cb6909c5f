/** The way to the console in the desktop shell: the page asks its preload for a port, and is posted one. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { CONNECT, PORT } from '../../shared/api/port.ts'
import type { Client, Link } from './client.ts'

const PATIENCE_MS = 10_000

/** @throws Error when no port arrives in time */
export async function openPort(): Promise<Link> {
  const port = await new Promise<MessagePort>((resolve, reject) => {
    const patience = setTimeout(() => {
      window.removeEventListener('message', listen)
      reject(new Error('The console does not answer.'))
    }, PATIENCE_MS)
    const listen = (event: MessageEvent<unknown>): void => {
      const offered = event.ports[0]
      if (event.source !== window || event.data !== PORT || offered === undefined) return
      clearTimeout(patience)
      window.removeEventListener('message', listen)
      resolve(offered)
    }
    window.addEventListener('message', listen)
    window.postMessage(CONNECT, location.origin)
  })
  const closed = new Promise<string>((resolve) => {
    port.addEventListener('close', () => resolve('The connection to the console ended.'), { once: true })
  })
  const client: Client = createORPCClient(new RPCLink({ port }))
  port.start()
  return { client, closed, close: () => port.close() }
}
