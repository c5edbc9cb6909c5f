/** Output that something keeps open after the script has ended, over a link that stands still meanwhile. */
import { existsSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sshd, startSshd } from '../../support/sshd.ts'
import { attempt, openSession, transportTo } from './session.ts'

let server: Sshd
beforeAll(async () => {
  server = await startSshd()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Keeps back what comes from the server, and lets it pass later. */
async function startHolding() {
  const sockets = new Set<Socket>()
  const held: (() => void)[] = []
  let isHolding = false
  const proxy = createServer((near) => {
    const far = connect({ host: server.address, port: server.port })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => (near.destroy(), far.destroy()))
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => void (isHolding ? held.push(() => near.write(bytes)) : near.write(bytes)))
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (proxy.address() as AddressInfo).port,
    hold: () => void (isHolding = true),
    held: () => held.length,
    release: () => {
      isHolding = false
      for (const pass of held.splice(0)) pass()
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise((done) => proxy.close(done))
    },
  }
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
/** More than an output that is held open may be silent. */
const LONG_MS = 1600

async function startHeldOpen(name: string, port: number) {
  const own = join(server.folder, `known_hosts_${name}`)
  writeFileSync(own, `[127.0.0.1]:${port} ${server.hostKeys.ed25519}\n`)
  const transport = transportTo(server, { knownHosts: { own, user: [] } })
  const session = await openSession(transport, server.host({ port }))
  const gate = join(server.folder, `gate_${name}`)
  const script = `(while [ ! -e ${gate} ]; do sleep 0.05; done; echo late; exec sleep 20) & echo "$$ $!"; exit 3`
  const begun = Promise.withResolvers<readonly [number, number]>()
  let said = ''
  const running = session.run(attempt(script), (_stream, bytes) => {
    said += Buffer.from(bytes).toString()
    const pids = /^(\d+) (\d+)\n/.exec(said)
    if (pids !== null) begun.resolve([Number(pids[1]), Number(pids[2])])
    return Promise.resolve()
  })
  const [leader, left] = await begun.promise
  await expect.poll(() => existsSync(`/proc/${leader}`)).toBe(false)
  // Its exit status is on the way.
  await pause(200)
  return {
    running,
    said: () => said,
    speak: () => writeFileSync(gate, ''),
    async [Symbol.asyncDispose]() {
      process.kill(left, 'SIGKILL')
      await transport[Symbol.asyncDispose]()
    },
  }
}

test('a link that stands still is not taken for silence: what was sent meanwhile is recorded', async () => {
  await using link = await startHolding()
  await using held = await startHeldOpen('stalls', link.port)
  link.hold()
  held.speak()
  await expect.poll(link.held).toBeGreaterThan(0)
  await pause(LONG_MS)
  link.release()
  const end = await held.running
  expect(end.outcome).toEqual({ kind: 'exit', code: 3, ok: false })
  expect(held.said()).toMatch(/late\n$/)
  expect(end.message).toContain('holds its output open')
})

test('a link that is lost after the script’s end: its end is known, and that output may be missing is said', async () => {
  await using link = await startHolding()
  await using held = await startHeldOpen('cut', link.port)
  link.hold()
  held.speak()
  await expect.poll(link.held).toBeGreaterThan(0)
  await pause(LONG_MS)
  link.cut()
  const end = await held.running
  expect(end.outcome).toEqual({ kind: 'exit', code: 3, ok: false })
  expect(end.message).toContain('link')
  expect(end.message).not.toContain('holds its output open')
})
