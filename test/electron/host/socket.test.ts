/** The way in over the WebSocket: who is let in, who is not, and what happens to those who leave or do not read. */
import { connect, type Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { LIMITS } from '../../../electron/host/limits.ts'
import { enterByLink, handshake, knock, settled, type Stage, startStage, tokenOf, untilClosed } from './stage.ts'

async function canEnter(stage: Stage): Promise<void> {
  const { client, socket } = await enterByLink(stage)
  expect(await client.add({ a: 2, b: 3 })).toBe(5)
  socket.terminate()
}

/** What the host says to a first frame until it closes. */
async function firstFrame(stage: Stage, frame: string | Buffer) {
  const { socket } = await handshake(stage.host.port)
  const ended = untilClosed(socket)
  socket.send(frame)
  const { frames, code, reason } = await ended
  return { answers: frames.map((text) => JSON.parse(text)), code, reason }
}

const refused = (code: string) => ({
  answers: [{ refused: code, message: expect.stringMatching(/^[A-Z].*[.]$/) }],
  code: 4401,
  reason: code,
})

describe('let in', () => {
  test('by a link: calls, streams and failures go through', async () => {
    await using stage = await startStage()
    expect(stage.host.newLink()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[A-Za-z0-9_-]{43}$/)
    const { client } = await enterByLink(stage)
    expect(await client.add({ a: 2, b: 3 })).toBe(5)
    await expect(client.add({ a: 2, b: 'no' as never })).rejects.toThrow('Input validation failed')
    await expect(client.fail()).rejects.toThrow('Internal server error')
    expect(stage.log.join()).toContain('told to')
    const stream = await client.broken()
    expect((await stream.next()).value).toBe(1)
    await expect(stream.next()).rejects.toThrow()
    expect(await client.add({ a: 1, b: 1 })).toBe(2)
  })

  test('by a session, as often as it comes back, also beside itself', async () => {
    await using stage = await startStage()
    const { session, socket } = await enterByLink(stage)
    socket.terminate()
    const back = await knock(stage.host.port, { session })
    const beside = await knock(stage.host.port, { session })
    expect([back.answer, beside.answer]).toEqual([{ session }, { session }])
  })

  test('when calls follow the first frame without waiting for its answer', async () => {
    await using stage = await startStage()
    const { socket } = await handshake(stage.host.port)
    const frames = new Promise<string[]>((resolve) => {
      const heard: string[] = []
      socket.on('message', (data: Buffer) => {
        if (heard.push(data.toString('utf8')) === 2) resolve(heard)
      })
    })
    socket.send(JSON.stringify({ token: tokenOf(stage.host.newLink()) }))
    socket.send(JSON.stringify({ i: '1', p: { u: '/add', b: { json: { a: 2, b: 2 } } } }))
    expect(JSON.parse((await frames)[1] ?? '')).toEqual({ i: '1', p: { b: { json: 4 } } })
  })
})

describe('not let in', () => {
  test('with a token that was not given out', async () => {
    await using stage = await startStage()
    expect(await firstFrame(stage, JSON.stringify({ token: 'A'.repeat(43) }))).toEqual(refused('unknown-token'))
    await canEnter(stage)
  })

  test('with a token that was used', async () => {
    await using stage = await startStage()
    const frame = JSON.stringify({ token: tokenOf(stage.host.newLink()) })
    const first = await knock(stage.host.port, frame)
    expect(first.answer).toHaveProperty('session')
    expect(await firstFrame(stage, frame)).toEqual(refused('used-token'))
    await canEnter(stage)
  })

  test('with the same token twice at once: one of the two is', async () => {
    await using stage = await startStage()
    const token = tokenOf(stage.host.newLink())
    const both = await Promise.all([knock(stage.host.port, { token }), knock(stage.host.port, { token })])
    expect(both.map(({ answer }) => answer['refused'] ?? 'in').sort()).toEqual(['in', 'used-token'])
  })

  test('with a token that was not used in time', async () => {
    const clock = { nowMs: 0 }
    await using stage = await startStage({ nowMs: () => clock.nowMs })
    const token = tokenOf(stage.host.newLink())
    clock.nowMs += LIMITS.tokenLifeMs
    expect(await firstFrame(stage, JSON.stringify({ token }))).toEqual(refused('expired-token'))
    await canEnter(stage)
  })

  test('with a session of a host that was closed', async () => {
    const before = await startStage()
    const { session, socket } = await enterByLink(before)
    const ended = untilClosed(socket)
    const unused = tokenOf(before.host.newLink())
    await before[Symbol.asyncDispose]()
    expect((await ended).code).toBe(1001)
    await expect(handshake(before.host.port)).rejects.toThrow('ECONNREFUSED')
    await using stage = await startStage({ port: before.host.port })
    expect(stage.host.port).toBe(before.host.port)
    expect(await firstFrame(stage, JSON.stringify({ session }))).toEqual(refused('unknown-session'))
    expect(await firstFrame(stage, JSON.stringify({ token: unused }))).toEqual(refused('unknown-token'))
    await canEnter(stage)
  })

  test.each([
    ['binary garbage', randomBytes(64)],
    ['a right as binary', Buffer.from('{"session":"A"}')],
    ['nothing', ''],
    ['no JSON', '{"token"'],
    ['a call', JSON.stringify({ i: '1', p: { u: '/add', b: { json: { a: 1, b: 1 } } } })],
    ['an empty right', JSON.stringify({ token: '' })],
    ['no right', '{}'],
    ['null', 'null'],
    ['a right of another type', JSON.stringify({ token: ['A'] })],
    ['both rights', JSON.stringify({ token: 'A', session: 'A' })],
  ])('with %s as first frame', async (_name, frame) => {
    await using stage = await startStage()
    expect(await firstFrame(stage, frame)).toEqual(refused('bad-frame'))
    await canEnter(stage)
  })

  test('with a first frame that is too large, before all of it was sent', async () => {
    await using stage = await startStage()
    const { socket, status } = await handshake(stage.host.port)
    expect(status).toBe(101)
    const ended = untilClosed(socket)
    socket.send(JSON.stringify({ token: 'A'.repeat(LIMITS.firstFrameBytes) }), { fin: false })
    expect((await ended).frames.map((text) => JSON.parse(text).refused)).toEqual(['too-large'])
    await canEnter(stage)
  })

  test('with nothing said in time; what is said afterwards changes nothing', async () => {
    await using stage = await startStage({ limits: { firstFrameMs: 20 } })
    const token = tokenOf(stage.host.newLink())
    const { socket } = await handshake(stage.host.port)
    const ended = untilClosed(socket)
    socket.once('message', () => socket.send(JSON.stringify({ token })))
    const { frames, code } = await ended
    expect([frames.map((text) => JSON.parse(text).refused), code]).toEqual([['too-late'], 4401])
    expect((await knock(stage.host.port, { token })).answer).toHaveProperty('session')
  })

  test('while too many wait to be; when they are gone, it is', async () => {
    await using stage = await startStage({ limits: { waiting: 2 } })
    const [first, second] = [await handshake(stage.host.port), await handshake(stage.host.port)]
    const third = await handshake(stage.host.port)
    expect(await untilClosed(third.socket)).toEqual({ frames: [], code: 4401, reason: 'too many' })
    const gone = Promise.all([untilClosed(first.socket), untilClosed(second.socket)])
    first.socket.send('')
    second.socket.send('')
    await gone
    await canEnter(stage)
  })

  test('and no secret is in the log', async () => {
    await using stage = await startStage()
    const token = tokenOf(stage.host.newLink())
    const { answer } = await knock(stage.host.port, { token })
    await firstFrame(stage, JSON.stringify({ token }))
    await firstFrame(stage, JSON.stringify({ session: 'B'.repeat(43) }))
    expect(stage.log).toEqual(['refused a page: used-token', 'refused a page: unknown-session'])
    expect(stage.log.join()).not.toContain(token)
    expect(stage.log.join()).not.toContain(answer['session'])
  })
})

describe('a page that is in', () => {
  test('and leaves: its streams are ended', async () => {
    await using stage = await startStage()
    const { client, socket } = await enterByLink(stage)
    const stream = await client.wait()
    expect((await stream.next()).value).toBe('waiting')
    expect(stage.trace.open).toBe(1)
    socket.terminate()
    await stage.trace.ended.promise
    expect(stage.trace.open).toBe(0)
  })

  test('and stops listening to one stream: that one is ended, the connection stays', async () => {
    await using stage = await startStage()
    const { client } = await enterByLink(stage)
    const stream = await client.wait()
    await stream.next()
    await stream.return?.()
    await stage.trace.ended.promise
    expect(await client.add({ a: 1, b: 1 })).toBe(2)
  })

  test.each([
    ['a binary frame', randomBytes(64)],
    ['a frame of no protocol', 'hello'],
    ['a frame that is no object', '[]'],
  ])('and sends %s: is disconnected, another one is not', async (_name, frame) => {
    await using stage = await startStage()
    const [one, other] = [await enterByLink(stage), await enterByLink(stage)]
    const ended = untilClosed(one.socket)
    one.socket.send(frame)
    expect(await ended).toMatchObject({ code: 1007, reason: 'bad frame' })
    expect(await other.client.add({ a: 1, b: 2 })).toBe(3)
  })

  test('and sends a frame that is too large: is disconnected, one below the limit is served', async () => {
    await using stage = await startStage({ limits: { frameBytes: 20_000 } })
    const [one, other] = [await enterByLink(stage), await enterByLink(stage)]
    const ended = untilClosed(one.socket)
    one.socket.send('x'.repeat(20_001))
    expect((await ended).code).toBe(1009)
    other.socket.on('message', () => {})
    expect(await other.client.add({ a: 1, b: 2, note: 'x'.repeat(19_000) } as never).catch((error) => error.code)).toBe(
      'BAD_REQUEST',
    )
  })

  test('and reads slowly: a stream waits for it, then goes on, and nothing is lost', async () => {
    const pieces = 600
    await using stage = await startStage({ limits: { pauseBytes: 262_144 } })
    const { client, socket } = await enterByLink(stage)
    const wire = (socket as unknown as { _socket: Socket })._socket
    const stream = await client.flood({ pieces })
    wire.pause()
    await settled(() => stage.trace.sent)
    // What the system holds for both ends, and no more than the pause behind it.
    expect(stage.trace.sent).toBeLessThan(pieces / 2)
    wire.resume()
    let count = 0
    for await (const piece of stream) count += piece.length
    expect(count).toBe(pieces * 65_536)
    expect(stage.trace.sent).toBe(pieces)
  })

  test('and asks for more than it reads: is disconnected, and what waited is dropped', async () => {
    await using stage = await startStage({ limits: { unreadBytes: 4_000_000, closeMs: 50 } })
    const { client, socket } = await enterByLink(stage)
    const wire = (socket as unknown as { _socket: Socket })._socket
    const stream = await client.wait()
    await stream.next()
    wire.pause()
    for (let call = 0; call < 60; call += 1) client.large({ bytes: 900_000 }).catch(() => {})
    await stage.trace.ended.promise
    expect(stage.log).toContain('a page was disconnected: too slow')
    const ended = untilClosed(socket)
    wire.resume()
    expect([1006, 4408]).toContain((await ended).code)
    await canEnter(stage)
  })
})

test('closing ends pages that do not answer, and connections that only wait', async () => {
  const stage = await startStage({ limits: { closeMs: 20 } })
  const { socket } = await enterByLink(stage)
  ;(socket as unknown as { _socket: Socket })._socket.pause()
  const idle = connect(stage.host.port, '127.0.0.1')
  await new Promise((resolve) => idle.once('connect', resolve))
  const waiting = await handshake(stage.host.port)
  const gone = Promise.all([
    new Promise((resolve) => idle.once('close', resolve)),
    new Promise((resolve) => waiting.socket.once('close', resolve)),
  ])
  await stage[Symbol.asyncDispose]()
  await gone
  expect(waiting.socket.readyState).toBe(WebSocket.CLOSED)
  socket.terminate()
})
