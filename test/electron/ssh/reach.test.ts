/** Hosts that are not reached, each in its own way and under its own name; and many hosts at once, some of them bad. */
import { existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Session } from '../../../electron/engine/ports.ts'
import { createTransport } from '../../../electron/ssh/transport.ts'
import type { Host } from '../../../shared/model/inventory.ts'
import { startHangingUp, startProxy, startSilent } from '../../support/links.ts'
import { freePort, type Sshd, startSshd } from '../../support/sshd.ts'
import { attempt, NOBODY, openSession, run, transportTo, waitsFor } from './session.ts'

let server: Sshd
beforeAll(async () => {
  server = await startSshd()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Reached through a proxy, filed under the proxy's port. */
function through(proxy: { readonly port: number }, changes: Parameters<typeof transportTo>[1] = {}) {
  const own = join(server.folder, `known_hosts_${proxy.port}`)
  writeFileSync(own, `[127.0.0.1]:${proxy.port} ${server.hostKeys.ed25519}\n`)
  return transportTo(server, { ...changes, knownHosts: { own, user: [] } })
}

describe('a host that', () => {
  test('has nothing on that port refused', async () => {
    await using transport = transportTo(server)
    const port = await freePort('127.0.0.9')
    const failed = await transport.open(server.host({ address: '127.0.0.9', port }))
    expect(failed).toMatchObject({ code: 'refused' })
    expect(failed).toHaveProperty('message', expect.stringContaining(`127.0.0.9:${port}`))
  })

  test('takes the call and says nothing timed out', async () => {
    await using silent = await startSilent()
    await using transport = transportTo(server, { connectTimeoutMs: 300 })
    const failed = await transport.open(server.host({ port: silent.port }))
    expect(failed).toMatchObject({ code: 'timed-out' })
    expect(failed).toHaveProperty('message', expect.stringContaining('said nothing for 0.3 s'))
  })

  test('stalls in the middle of the key exchange timed out', async () => {
    await using proxy = await startProxy(server)
    proxy.swallowReplies()
    await using transport = through(proxy, { connectTimeoutMs: 300 })
    expect(await transport.open(server.host({ port: proxy.port }))).toMatchObject({ code: 'timed-out' })
  })

  test('has a name that DNS does not know is unreachable', async () => {
    await using transport = transportTo(server)
    const failed = await transport.open(server.host({ address: 'no-such-host.invalid' }))
    expect(failed).toMatchObject({ code: 'unreachable' })
    expect(failed).toHaveProperty('message', expect.stringContaining('no-such-host.invalid'))
  })

  test('cannot be routed to is unreachable', async () => {
    await using transport = transportTo(server)
    // No system routes TCP to a multicast address.
    const failed = await transport.open(server.host({ address: '224.0.0.1', port: 22 }))
    expect(failed).toMatchObject({ code: 'unreachable' })
  })

  test('hangs up before a word is called again, then refused', async () => {
    await using rude = await startHangingUp()
    await using transport = transportTo(server)
    expect(await transport.open(server.host({ port: rude.port }))).toMatchObject({ code: 'refused' })
    expect(rude.calls()).toBe(4)
  })

  test('is over its MaxStartups is called again until there is room', async () => {
    await using busy = await startSshd({ config: ['MaxStartups 1'] })
    await using transport = transportTo(busy)
    // A caller that says nothing takes the only place, until the first of ours was turned away.
    const idler = connect({ host: busy.address, port: busy.port })
    await new Promise((done) => idler.once('data', done))
    const opening = transport.open(busy.host())
    await expect.poll(() => busy.log(), { timeout: 20_000 }).toContain('drop connection')
    idler.destroy()
    expect(await opening).toHaveProperty('isOpen')
  })

  test('stays over its MaxStartups refused, in its own words', async () => {
    await using busy = await startSshd({ config: ['MaxStartups 1'] })
    await using transport = transportTo(busy)
    const idler = connect({ host: busy.address, port: busy.port })
    await new Promise((done) => idler.once('data', done))
    const failed = await transport.open(busy.host())
    expect(failed).toMatchObject({ code: 'refused', message: expect.stringContaining('MaxStartups') })
    idler.destroy()
  })

  test('cuts during the key exchange lost the link', async () => {
    await using proxy = await startProxy(server)
    proxy.cutAfter(200)
    await using transport = through(proxy)
    expect(await transport.open(server.host({ port: proxy.port }))).toMatchObject({ code: 'link-lost' })
  })

  test.each([
    [
      'key exchange',
      'KexAlgorithms diffie-hellman-group14-sha1',
      /key exchange: it offers diffie-hellman-group14-sha1.*curve25519-sha256/,
    ],
    [
      'key exchange',
      'KexAlgorithms sntrup761x25519-sha512@openssh.com',
      /it offers sntrup761x25519-sha512@openssh\.com/,
    ],
    ['cipher', 'Ciphers aes128-cbc', /cipher: it offers aes128-cbc; Holdpoint has .*aes128-ctr/],
    ['MAC', 'Ciphers aes128-ctr\nMACs hmac-md5', /MAC: it offers hmac-md5/],
  ])('has no %s in common says what both sides have', async (_what, line, words) => {
    await using other = await startSshd({ config: [line] })
    await using transport = transportTo(other)
    const failed = await transport.open(other.host())
    expect(failed).toMatchObject({ code: 'no-common-algorithm' })
    expect(failed).toHaveProperty('message', expect.stringMatching(words))
  })

  test('refuses every channel is let go of after some tries', async () => {
    await using other = await startSshd({ config: ['MaxSessions 0'] })
    await using transport = transportTo(other)
    const ran = await run(await openSession(transport, other.host()), 'echo no')
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'channel-refused' })
    expect(ran.message).toContain('MaxSessions')
  })

  test('allows one channel runs one attempt after the other', async () => {
    await using other = await startSshd({ config: ['MaxSessions 1'] })
    await using transport = transportTo(other)
    const session = await openSession(transport, other.host())
    const ran = await Promise.all(Array.from({ length: 5 }, (_, index) => run(session, `sleep 0.1; exit ${index}`)))
    expect(ran.map(({ outcome }) => outcome)).toEqual(
      [0, 1, 2, 3, 4].map((code) => ({ kind: 'exit', code, ok: code === 0 })),
    )
  })

  test('allows one channel, which a daemon holds open, gives it up for the next attempt', async () => {
    await using other = await startSshd({ config: ['MaxSessions 1'] })
    await using transport = transportTo(other)
    const session = await openSession(transport, other.host())
    const [first, second] = await Promise.all([run(session, 'sleep 20 & echo $!'), run(session, 'exit 3')])
    expect(first.outcome).toMatchObject({ kind: 'exit', code: 0 })
    expect(second.outcome).toMatchObject({ kind: 'exit', code: 3 })
    process.kill(Number(first.stdout), 'SIGKILL')
  })

  test('one stops connecting to is left', async () => {
    await using silent = await startSilent()
    await using transport = transportTo(server)
    const stop = new AbortController()
    const opening = transport.open(server.host({ port: silent.port }), stop.signal)
    stop.abort()
    expect(await opening).toMatchObject({ code: 'cancelled' })
  })

  test('two wait for is not lost to one by the other’s leaving', async () => {
    await using transport = transportTo(server)
    const stop = new AbortController()
    const leaving = transport.open(server.host(), stop.signal)
    const staying = transport.open(server.host())
    stop.abort()
    expect(await leaving).toMatchObject({ code: 'cancelled' })
    expect(await staying).toHaveProperty('isOpen')
  })
})

describe('a link that is cut', () => {
  test('while the script runs: what became of it is not known, and the session says that it is lost', async () => {
    await using proxy = await startProxy(server)
    await using transport = through(proxy)
    const session = await openSession(transport, server.host({ port: proxy.port }))
    const watcher = waitsFor('begun')
    const done = join(server.folder, 'done-anyway')
    const running = session.run(attempt(`echo begun; exec >/dev/null 2>&1; sleep 0.3; echo x >${done}`), watcher.output)
    await watcher.seen
    proxy.cut()
    const end = await running
    expect(end.outcome).toEqual({ kind: 'lost', code: 'link-lost' })
    expect(await session.lost).toMatchObject({ code: 'link-lost' })
    expect(session.isOpen()).toBe(false)
    // That is why it is not called failed: it went on.
    await expect.poll(() => existsSync(done)).toBe(true)
  })

  test('before the whole script was sent: certainly nothing ran', async () => {
    await using proxy = await startProxy(server)
    await using transport = through(proxy)
    const session = await openSession(transport, server.host({ port: proxy.port }))
    const made = join(server.folder, 'never')
    const script = `echo x >${made}\n${'# padding\n'.repeat(800_000)}`
    proxy.cutAfter(300_000)
    const ran = await run(session, script)
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'link-lost' })
    expect(existsSync(made)).toBe(false)
  })

  test('while only its answers are lost: it may run, so it is lost', async () => {
    await using proxy = await startProxy(server)
    await using transport = through(proxy, { keepaliveMs: 100 })
    const session = await openSession(transport, server.host({ port: proxy.port }))
    expect((await run(session, 'true')).outcome).toMatchObject({ kind: 'exit' })
    const watcher = waitsFor('begun')
    const running = session.run(attempt('echo begun; sleep 0.2'), watcher.output)
    await watcher.seen
    proxy.swallowReplies()
    expect((await running).outcome).toEqual({ kind: 'lost', code: 'link-lost' })
  })

  test('by a host that went silent is noticed by keepalive', async () => {
    await using proxy = await startProxy(server)
    await using transport = through(proxy, { keepaliveMs: 100 })
    const session = await openSession(transport, server.host({ port: proxy.port }))
    proxy.stall()
    expect(await session.lost).toMatchObject({ code: 'link-lost', message: expect.stringContaining('keepalive') })
  })

  test.each([2, 4])('by a host that ends while %i attempts wait for a channel: each is told', async (waiting) => {
    await using other = await startSshd({ config: ['MaxSessions 1'] })
    await using transport = transportTo(other)
    const session = await openSession(transport, other.host())
    const watcher = waitsFor('begun')
    const first = session.run(attempt('echo begun; sleep 30'), watcher.output)
    await watcher.seen
    const made = join(other.folder, 'made')
    const others = Array.from({ length: waiting }, () => run(session, `echo x >>${made}`))
    await expect.poll(() => other.log()).toContain('no more sessions')
    await other.restart()
    expect((await first).outcome).toEqual({ kind: 'lost', code: 'link-lost' })
    const ends = await Promise.all(others)
    expect(ends.map(({ outcome }) => outcome)).toEqual(ends.map(() => ({ kind: 'not-started', code: 'link-lost' })))
    expect(existsSync(made)).toBe(false)
  })

  test('is made anew by the next who opens', async () => {
    await using proxy = await startProxy(server)
    await using transport = through(proxy)
    const first = await openSession(transport, server.host({ port: proxy.port }))
    proxy.cut()
    await first.lost
    const second = await openSession(transport, server.host({ port: proxy.port }))
    expect((await run(second, 'exit 2')).outcome).toMatchObject({ code: 2 })
    expect((await run(first, 'exit 2')).outcome).toEqual({ kind: 'not-started', code: 'link-lost' })
  })
})

describe('many hosts', () => {
  test('fifty at once, one dead, one that hangs, one that refuses channels: none delays another', async () => {
    const addresses = Array.from({ length: 47 }, (_, index) => `127.0.1.${index + 1}`)
    await using many = await startSshd({ addresses })
    await using stubborn = await startSshd({ config: ['MaxSessions 0'] })
    await using silent = await startSilent('127.0.0.3')
    const dead = { address: '127.0.0.4', port: await freePort('127.0.0.4') }
    const own = join(many.folder, 'known')
    writeFileSync(own, many.knownHosts + stubborn.knownHosts)
    await using transport = createTransport({
      credentials: NOBODY,
      knownHosts: { own, user: [] },
      defaultUser: many.user,
      agentSocket: null,
      connectTimeoutMs: 60_000,
    })
    const hangs = many.host({ name: 'hangs', address: '127.0.0.3', port: silent.port })
    const hosts: Host[] = [
      many.host({ name: 'dead', ...dead }),
      stubborn.host({ name: 'stubborn' }),
      ...addresses.map((address, index) => many.host({ name: `host${index}`, address })),
    ]
    expect(hosts).toHaveLength(49)
    const stop = new AbortController()
    const hanging = transport.open(hangs, stop.signal)
    const told = await Promise.all(
      hosts.map(async (host) => {
        const session = await transport.open(host)
        if ('failed' in session) return `${host.name}: ${session.code}`
        const { outcome } = await session.run(attempt('exit 7', { name: `run1/step/${host.name}/main-1` }), quiet)
        return outcome.kind === 'exit' ? `exit ${outcome.code}` : `${host.name}: ${JSON.stringify(outcome)}`
      }),
    )
    expect(told.filter((line) => line === 'exit 7')).toHaveLength(47)
    expect(told.filter((line) => line !== 'exit 7').toSorted()).toEqual([
      'dead: refused',
      'stubborn: {"kind":"not-started","code":"channel-refused"}',
    ])
    // All is done, and the one that hangs still hangs: nobody waited for it.
    stop.abort()
    expect(await hanging).toMatchObject({ code: 'cancelled' })
  })

  test('no more are being connected to at once than was said', async () => {
    const silents = await Promise.all(Array.from({ length: 6 }, () => startSilent()))
    await using transport = transportTo(server, { fanout: 2, connectTimeoutMs: 400 })
    const began = performance.now()
    const all = await Promise.all(silents.map(({ port }) => transport.open(server.host({ port }))))
    expect(all.every((failed) => 'failed' in failed && failed.code === 'timed-out')).toBe(true)
    // Two at a time: three rounds.
    expect(performance.now() - began).toBeGreaterThan(1190)
    for (const silent of silents) await silent[Symbol.asyncDispose]()
  })

  test('one connection serves every session to a host, and closes when nobody needs it', async () => {
    await using own = await startSshd()
    await using transport = transportTo(own, { idleMs: 50 })
    const sessions: Session[] = await Promise.all(Array.from({ length: 4 }, () => openSession(transport, own.host())))
    expect(own.log().match(/Accepted publickey/g)).toHaveLength(1)
    for (const session of sessions) await session[Symbol.asyncDispose]()
    expect(await sessions[0]?.lost).toMatchObject({ code: 'link-lost' })
  })

  test('what still connects when the transport is closed is given up at once', async () => {
    await using silent = await startSilent()
    const transport = transportTo(server)
    const opening = transport.open(server.host({ port: silent.port }))
    await transport[Symbol.asyncDispose]()
    expect(await opening).toMatchObject({ code: 'cancelled' })
    expect(await transport.open(server.host())).toMatchObject({ code: 'cancelled' })
  })
})

function quiet(): Promise<void> {
  return Promise.resolve()
}
