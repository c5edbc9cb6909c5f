/** The contract over a MessagePort, with Node's own channel between page and console. */
import { EventEmitter } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { expect, test } from 'vitest'
import { servePort } from '../../../electron/host/serve-port.ts'
import type { Taken } from '../../../shared/api/port.ts'
import { type Client, newTrace, routerFor, settled } from './stage.ts'

function openChannel(options: { readonly pauseBytes: number; readonly unreadBytes: number }) {
  const { port1, port2 } = new MessageChannel()
  const trace = newTrace()
  const log: string[] = []
  const served = servePort({ router: routerFor(trace), log: (line) => log.push(line) }, port1, options)
  const client: Client = createORPCClient(new RPCLink({ port: port2 }))
  /** The page's side of back-pressure, as renderer/api/port.ts does it. */
  const tell = () =>
    port2.addEventListener('message', (event) => {
      const taken: Taken = { taken: String((event as MessageEvent).data).length }
      port2.postMessage(taken)
    })
  port2.start()
  return { served, client, trace, log, page: port2, tell, [Symbol.dispose]: () => port2.close() }
}

const WIDE = { pauseBytes: 1_048_576, unreadBytes: 16_777_216 }

test('calls and streams go through, failures too', async () => {
  using channel = openChannel(WIDE)
  expect(await channel.client.add({ a: 2, b: 3 })).toBe(5)
  await expect(channel.client.fail()).rejects.toThrow('Internal server error')
  expect(channel.log.join()).toContain('told to')
  expect(await channel.client.add({ a: 1, b: 1 })).toBe(2)
})

test('a stream ends when the page does', async () => {
  using channel = openChannel(WIDE)
  const stream = await channel.client.wait()
  expect((await stream.next()).value).toBe('waiting')
  expect(channel.trace.open).toBe(1)
  channel.page.close()
  await channel.trace.ended.promise
  await channel.served.ended
  expect(channel.trace.open).toBe(0)
})

test('a page that is busy is waited for, then gets everything', async () => {
  using channel = openChannel(WIDE)
  channel.tell()
  await channel.client.add({ a: 1, b: 1 })
  // The page's thread is this one: what is awaited below is taken, so the page is stopped by not listening.
  const taken: unknown[] = []
  const post = channel.page.postMessage.bind(channel.page)
  let isBusy = true
  channel.page.postMessage = (message: unknown) => {
    if (isBusy && typeof message === 'object') taken.push(message)
    else post(message)
  }
  const pieces = 200
  const stream = await channel.client.flood({ pieces })
  await settled(() => channel.trace.sent)
  expect(channel.trace.sent).toBeLessThan(20)
  isBusy = false
  for (const message of taken) post(message)
  let count = 0
  for await (const _piece of stream) count += 1
  expect(count).toBe(pieces)
})

test('a page for which too much waits is cut off', async () => {
  using channel = openChannel({ pauseBytes: 1_000_000, unreadBytes: 3_000_000 })
  channel.page.postMessage({ taken: 0 } satisfies Taken)
  for (let call = 0; call < 4; call += 1) channel.client.large({ bytes: 900_000 }).catch(() => {})
  await channel.served.ended
  expect(channel.log).toContain('a page was disconnected: too slow')
})

test('a frame of no protocol ends the page, one beside it is served', async () => {
  using channel = openChannel(WIDE)
  using other = openChannel(WIDE)
  channel.page.postMessage('{"')
  await channel.served.ended
  expect(channel.log).toEqual(['a page was disconnected: bad frame'])
  expect(await other.client.add({ a: 1, b: 2 })).toBe(3)
})

test("a port that is listened to as Electron's is served the same", async () => {
  const events = new EventEmitter()
  const posted = Promise.withResolvers<unknown>()
  const port = {
    on: events.on.bind(events),
    postMessage: (message: unknown) => posted.resolve(message),
    start() {},
    close: () => events.emit('close'),
  }
  const served = servePort({ router: routerFor(newTrace()), log: () => {} }, port)
  events.emit('message', { data: JSON.stringify({ i: '1', p: { u: '/add', b: { json: { a: 2, b: 2 } } } }) })
  expect(JSON.parse(String(await posted.promise))).toEqual({ i: '1', p: { b: { json: 4 } } })
  port.close()
  await served.ended
})
