/** Bad networks on loopback: a proxy that cuts, a server that takes the call and says nothing, a port where nobody is. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export type Proxy = AsyncDisposable & {
  readonly port: number
  /** Cuts every connection, as a pulled cable would when the other side notices; new ones are taken again. */
  cut(): void
  /** Nothing passes any more, in neither direction, and nobody is told. */
  stall(): void
  /** What came from the server is dropped, so a command arrives and its answer does not. */
  swallowReplies(): void
  /** Bytes that went towards the server. */
  sent(): number
  /** Cuts as soon as so many bytes more went towards the server; the rest of that read is not sent. */
  cutAfter(bytes: number): void
}

export async function startProxy(to: { readonly address: string; readonly port: number }): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isStalled = false
  let isSwallowing = false
  let sent = 0
  let left = Number.POSITIVE_INFINITY
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
  }
  const server = createServer((near) => {
    const far = connect({ host: to.address, port: to.port })
    const pair = [near, far] as const
    pairs.add(pair)
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        pairs.delete(pair)
        for (const end of pair) end.destroy()
      })
    }
    near.on('data', (bytes) => {
      if (isStalled) return
      const part = bytes.subarray(0, Math.min(bytes.length, left))
      left -= part.length
      sent += part.length
      if (part.length > 0) far.write(part)
      if (left === 0) far.end(cut)
    })
    far.on('data', (bytes) => {
      if (!isStalled && !isSwallowing) near.write(bytes)
    })
  })
  const port = await listen(server, '127.0.0.1')
  return {
    port,
    cut,
    stall: () => void (isStalled = true),
    swallowReplies: () => void (isSwallowing = true),
    sent: () => sent,
    cutAfter: (bytes) => void (left = bytes),
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Takes every call, reads, and never says a word. */
export async function startSilent(address = '127.0.0.1'): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.resume()
  })
  const port = await listen(server, address)
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Hangs up on every caller before a word is said; counts them. */
export async function startHangingUp(): Promise<AsyncDisposable & { readonly port: number; calls(): number }> {
  let calls = 0
  const server = createServer((socket) => {
    calls++
    socket.on('error', () => undefined)
    socket.destroy()
  })
  const port = await listen(server, '127.0.0.1')
  return {
    port,
    calls: () => calls,
    [Symbol.asyncDispose]: () => new Promise((done) => void server.close(() => done())),
  }
}

function listen(server: Server, address: string): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(0, address, () => {
      const bound = server.address()
      if (bound !== null && typeof bound === 'object') done(bound.port)
    })
  })
}
