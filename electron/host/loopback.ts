/**
 * The browser shell's host: serves the screens and the contract on 127.0.0.1, to pages that show a right. It answers
 * nothing that another site, another user's program or another machine could use.
 */
import type { AddressInfo } from 'node:net'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import { closedTo, ownHosts, RPC_PATH, routedPath } from './door.ts'
import { CLOSE, endSocket, enter } from './enter.ts'
import { type Serve, serveFrames, type Service } from './frames.ts'
import { LIMITS, type Limits } from './limits.ts'
import { createRights, type Rights } from './rights.ts'
import { serveScreens, setHeaders } from './screens.ts'
import { serveSocket } from './serve-socket.ts'

const ADDRESS = '127.0.0.1'

export type LoopbackOptions = Service & {
  /** The built screens, absolute. */
  readonly screensDir: string
  /** 0 or not given: one that is free. */
  readonly port?: number
  readonly secrets: { readonly random: (bytes: number) => Uint8Array }
  readonly nowMs?: () => number
  readonly limits?: Partial<Limits>
}

export type LoopbackHost = AsyncDisposable & {
  /** `http://127.0.0.1:PORT/`: no right to come in by itself. */
  readonly url: string
  readonly port: number
  /** `http://127.0.0.1:PORT/#token=…`: lets one page in, once, within ten minutes. */
  newLink(): string
  /** Ends every connection and every session. */
  close(): Promise<void>
}

/** @throws the system's error: EADDRINUSE, EACCES for the port; ENOENT when there are no built screens */
export async function startLoopbackHost(options: LoopbackOptions): Promise<LoopbackHost> {
  const limits: Limits = { ...LIMITS, ...options.limits }
  const { random } = options.secrets
  const rights = createRights({ random, nowMs: options.nowMs ?? Date.now, limits })
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: 10_000,
    rewriteUrl: (request) => routedPath(request.url),
  })
  const portOf = () => (app.server.address() as AddressInfo).port

  await app.register(fastifyWebsocket, {
    options: { maxPayload: limits.frameBytes },
    errorHandler: (_error, socket) => endSocket(socket, CLOSE.badFrame, 'bad frame', limits.closeMs),
    preClose: (done) => {
      for (const client of app.websocketServer.clients) endSocket(client, CLOSE.leaving, 'closed', limits.closeMs)
      app.websocketServer.close()
      done()
    },
  })
  app.addHook('onRequest', async (request, reply) => {
    const { method, headers } = request.raw
    const isOwn = ownHosts(portOf()).includes(headers.host ?? '')
    setHeaders(reply, random, isOwn ? (headers.host ?? null) : null)
    const closed = closedTo({ method: method ?? '', isUpgrade: request.ws, headers }, portOf())
    if (closed !== null) {
      options.log(`refused a request: ${closed.why}`)
      return reply.code(closed.status).send()
    }
    if (request.ws && request.url !== RPC_PATH) return reply.code(404).send()
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send())
  app.setErrorHandler((error, _request, reply) => {
    options.log(`a request failed: ${error instanceof Error ? error.message : 'for an unknown reason'}`)
    return reply.code(500).send()
  })
  await serveScreens(app, options.screensDir)
  serveContract(app, rights, serveFrames(options), limits, options.log)

  await app.listen({ host: ADDRESS, port: options.port ?? 0 })
  const port = portOf()
  const url = `http://${ADDRESS}:${port}/`
  const close = async () => {
    rights.revokeAll()
    await app.close()
  }
  return { url, port, newLink: () => `${url}#token=${rights.newToken()}`, close, [Symbol.asyncDispose]: close }
}

function serveContract(
  app: FastifyInstance,
  rights: Rights,
  serve: Serve,
  limits: Limits,
  log: (line: string) => void,
): void {
  let waiting = 0
  app.get(RPC_PATH, { websocket: true }, (socket, request) => {
    if (waiting >= limits.waiting) return endSocket(socket, CLOSE.notAllowed, 'too many', limits.closeMs)
    waiting += 1
    enter(socket, request.raw.socket, {
      rights,
      limits,
      admit: () => serveSocket(socket, serve, limits, log),
      settle(refused) {
        waiting -= 1
        if (refused !== null) log(`refused a page: ${refused}`)
      },
    })
  })
}
