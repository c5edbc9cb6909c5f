/**
 * Serves built screens over a staged console, with the product's own policy: for looking at states that are hard to reach.
 * `node test/renderer/stage/serve.ts [--port N] [--screens DIR] [--first-start | --empty]`
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { RPCHandler } from '@orpc/server/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { contentSecurityPolicy, mimeTypeOf, pageWithNonce, staticPathOf } from '../../../shared/api/csp.ts'
import { stageRouter } from './router.ts'
import { StagedConsole } from './staged-console.ts'

export type Stage = AsyncDisposable & {
  readonly url: string
  readonly console: StagedConsole
  refuseConnections(isRefusing: boolean): Promise<void>
}

const TICK_MS = 500

export async function startStage(options: {
  screens: string
  port?: number
  needsSetup?: boolean
  isEmpty?: boolean
}): Promise<Stage> {
  const staged = new StagedConsole(options)
  const handler = new RPCHandler(stageRouter(staged))
  const server = createServer((request, response) => {
    const path = staticPathOf(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
    const file = path === null ? null : join(options.screens, path)
    if (path === null || file === null || !existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    const nonce = randomBytes(16).toString('base64')
    const origin = `ws://${request.headers.host}`
    response.setHeader('content-type', mimeTypeOf(path) ?? 'text/plain')
    response.setHeader('content-security-policy', contentSecurityPolicy(nonce, [origin]))
    response.end(path === 'index.html' ? pageWithNonce(readFileSync(file, 'utf8'), nonce) : readFileSync(file))
  })
  const sockets = new WebSocketServer({ server, path: '/rpc' })
  sockets.on('connection', (socket: WebSocket) => {
    socket.once('message', (data: Buffer) => {
      const first = JSON.parse(data.toString()) as { token?: string; session?: string }
      if (first.token !== 'stage' && first.session !== 'stage') {
        socket.send(JSON.stringify({ refused: 'This link was used before. Run “holdpoint open” for a new one.' }))
        socket.close()
        return
      }
      socket.send(JSON.stringify({ session: 'stage' }))
      void handler.upgrade(socket, { context: {} })
    })
  })
  const timer = setInterval(() => staged.tick(), TICK_MS)
  await new Promise<void>((listening) => server.listen(options.port ?? 0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/#token=stage`,
    console: staged,
    // Off the network: the port is there no more until it is given back.
    refuseConnections: async (isRefusing) => {
      if (isRefusing) {
        for (const socket of sockets.clients) socket.terminate()
        await closed(server)
      } else await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      for (const socket of sockets.clients) socket.terminate()
      await closed(server)
    },
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4199' },
      screens: { type: 'string', default: resolve(import.meta.dirname, '../../../out/renderer') },
      'first-start': { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
    },
  })
  const stage = await startStage({
    screens: values.screens,
    port: Number(values.port),
    needsSetup: values['first-start'],
    isEmpty: values.empty,
  })
  console.log(stage.url)
}
