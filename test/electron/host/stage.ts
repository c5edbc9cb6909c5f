/** A host with a few procedures, and clients that say exactly what a test wants them to. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { RouterClient } from '@orpc/server'
import { os } from '@orpc/server'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { type LoopbackHost, type LoopbackOptions, startLoopbackHost } from '../../../electron/host/loopback.ts'
import { NONCE_PLACEHOLDER } from '../../../shared/api/csp.ts'

export const PAGE = `<!doctype html><meta property="csp-nonce" nonce="${NONCE_PLACEHOLDER}"><style nonce="${NONCE_PLACEHOLDER}"></style>`
export const secrets = { random: (bytes: number): Uint8Array => randomBytes(bytes) }

/** What the procedures of a test did, to be asked by the test. */
export type Trace = { sent: number; open: number; ended: PromiseWithResolvers<void> }

export function newTrace(): Trace {
  return { sent: 0, open: 0, ended: Promise.withResolvers() }
}

export function routerFor(trace: Trace) {
  return {
    add: os.input(z.strictObject({ a: z.int(), b: z.int() })).handler(({ input }) => input.a + input.b),
    fail: os.handler((): string => {
      throw new Error('told to')
    }),
    /** Says one thing, then nothing until the client leaves. */
    wait: os.handler(async function* ({ signal }) {
      trace.open += 1
      try {
        yield 'waiting'
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      } finally {
        trace.open -= 1
        trace.ended.resolve()
      }
    }),
    /** Pieces of 64 KiB, as fast as they are taken. */
    flood: os.input(z.strictObject({ pieces: z.int() })).handler(async function* ({ input }) {
      const piece = 'x'.repeat(65_536)
      try {
        for (let index = 0; index < input.pieces; index += 1) {
          trace.sent += 1
          yield piece
        }
      } finally {
        trace.ended.resolve()
      }
    }),
    large: os.input(z.strictObject({ bytes: z.int() })).handler(({ input }) => 'x'.repeat(input.bytes)),
    broken: os.handler(async function* () {
      yield 1
      throw new Error('told to')
    }),
  }
}
export type Client = RouterClient<ReturnType<typeof routerFor>>

export type Stage = AsyncDisposable & {
  readonly host: LoopbackHost
  readonly trace: Trace
  readonly screensDir: string
  readonly log: string[]
  readonly origin: string
}

/** @param options what differs from a host with the usual limits on a free port */
export async function startStage(options: Partial<LoopbackOptions> = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-host-'))
  const screensDir = join(folder, 'screens')
  await mkdir(join(screensDir, 'assets'), { recursive: true })
  await writeFile(join(screensDir, 'index.html'), PAGE)
  await writeFile(join(screensDir, 'assets/main-1.js'), 'export {}')
  await writeFile(join(screensDir, 'assets/main-1.css'), 'p {}')
  await writeFile(join(screensDir, 'secret'), 'no')
  await writeFile(join(screensDir, '.hidden.js'), 'no')
  await writeFile(join(folder, 'outside.js'), 'no')
  await symlink(join(folder, 'outside.js'), join(screensDir, 'linked.js'))
  const trace = newTrace()
  const log: string[] = []
  const host = await startLoopbackHost({
    router: routerFor(trace),
    screensDir,
    secrets,
    log: (line) => log.push(line),
    ...options,
  })
  return {
    host,
    trace,
    screensDir,
    log,
    origin: host.url.slice(0, -1),
    async [Symbol.asyncDispose]() {
      await host.close()
      await rm(folder, { recursive: true })
    },
  }
}

export type RawAnswer = {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Sends bytes as they are and reads until the host ends the connection. */
export function rawHttp(port: number, request: string, address = '127.0.0.1'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address, () => socket.write(request))
    const pieces: Buffer[] = []
    socket.on('data', (bytes) => pieces.push(bytes))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...rest] = Buffer.concat(pieces).toString('utf8').split('\r\n\r\n')
      const [first = '', ...lines] = head.split('\r\n')
      const headers = new Map(
        lines.map((line) => {
          const at = line.indexOf(':')
          return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const
        }),
      )
      resolve({ status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n') })
    })
  })
}

/** A request as a browser on this machine would send it, with what is different in this test. */
export function request(
  port: number,
  target: string,
  headers: Readonly<Record<string, string | null>> = {},
  method = 'GET',
): Promise<RawAnswer> {
  const all = { host: `127.0.0.1:${port}`, connection: 'close', ...headers }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
  return rawHttp(port, [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
}

export type Opened = { readonly socket: WebSocket; readonly status: number }

/** The handshake only. `status` is 101 when the host took it. */
export function handshake(
  port: number,
  headers: Readonly<Record<string, string>> = { origin: `http://127.0.0.1:${port}` },
  path = '/rpc',
): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers, maxPayload: 0 })
    socket.once('open', () => resolve({ socket, status: 101 }))
    socket.once('unexpected-response', (_request, response) => {
      response.destroy()
      resolve({ socket, status: response.statusCode ?? 0 })
    })
    socket.once('error', reject)
  })
}

export type Ended = { readonly frames: readonly string[]; readonly code: number; readonly reason: string }

/** Everything the host says until it closes the connection. */
export function untilClosed(socket: WebSocket): Promise<Ended> {
  const frames: string[] = []
  socket.on('message', (data: Buffer) => frames.push(data.toString('utf8')))
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => resolve({ frames, code, reason: reason.toString('utf8') }))
  })
}

/** Sends a first frame on a new connection and gives back the answer to it. */
export async function knock(
  port: number,
  frame: unknown,
): Promise<{ socket: WebSocket; answer: Record<string, string> }> {
  const { socket } = await handshake(port)
  const answer = new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString('utf8')))
  })
  socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return { socket, answer: JSON.parse(await answer) }
}

export function tokenOf(link: string): string {
  return link.split('#token=')[1] ?? ''
}

/** A page that came by a new link. */
export async function enterByLink(stage: Stage): Promise<{ socket: WebSocket; session: string; client: Client }> {
  const { socket, answer } = await knock(stage.host.port, { token: tokenOf(stage.host.newLink()) })
  const client: Client = createORPCClient(new RPCLink({ websocket: socket as never }))
  return { socket, session: answer['session'] ?? '', client }
}

/** Waits until a number no longer changes: over several turns of the event loop, in which whatever could go on does. */
export async function settled(value: () => number): Promise<void> {
  for (let calm = 0, last = value(); calm < 50; ) {
    await new Promise((resolve) => setImmediate(resolve))
    calm = value() === last ? calm + 1 : 0
    last = value()
  }
}
