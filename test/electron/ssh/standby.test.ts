/** A start program that waits at a host: it becomes the next attempt, makes place for others, and outlives nobody. */
import { readdirSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Session, Transport } from '../../../electron/engine/ports.ts'
import { type Sshd, startSshd } from '../../support/sshd.ts'
import { startersOf } from '../../support/starters.ts'
import { openSession, run, transportTo, waitsFor } from './session.ts'

const MOST_SESSIONS = 2

let server: Sshd
let transport: Transport & AsyncDisposable
let session: Session
beforeAll(async () => {
  server = await startSshd({ config: [`MaxSessions ${MOST_SESSIONS}`] })
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  transport = transportTo(server, { standbyAfterMs: 1 })
  session = await openSession(transport, server.host())
})
afterEach(() => transport[Symbol.asyncDispose]())

const waiting = () => startersOf(server)
const someoneWaits = () => expect.poll(waiting).toHaveLength(1)
const nobodyWaits = () => expect.poll(waiting).toHaveLength(0)

test('none is there before an attempt has begun; then one waits, and becomes the next attempt', async () => {
  expect((await run(session, 'echo first')).stdout).toBe('first\n')
  await someoneWaits()
  const [pid] = waiting()
  const next = await run(session, 'echo $$ $A $HOLDPOINT_ATTEMPT; exit 3', {
    name: 'r/s/h/main-1',
    variables: { A: 'b' },
  })
  expect(next).toMatchObject({ outcome: { kind: 'exit', code: 3 }, stdout: `${pid} b r/s/h/main-1\n`, stderr: '' })
  // And the next one waits.
  await someoneWaits()
  expect(waiting()).not.toEqual([pid])
})

test('what only connects starts nothing', async () => {
  await using other = transportTo(server, { standbyAfterMs: 1 })
  await openSession(other, server.host())
  await run(session, 'true')
  await someoneWaits()
})

test('it makes place where the host allows no further session', async () => {
  await run(session, 'true')
  await someoneWaits()
  const both = ['one', 'two', 'three'].map((word) => run(session, `echo ${word}`))
  expect((await Promise.all(both)).map(({ stdout }) => stdout)).toEqual(['one\n', 'two\n', 'three\n'])
  await someoneWaits()
  // One runs, one waits: the host is full, and ending the first needs a session of its own.
  const long = waitsFor('up')
  const stop = new AbortController()
  const running = run(session, 'echo up; sleep 300', {}, stop.signal)
  await someoneWaits()
  stop.abort()
  expect((await running).outcome).toMatchObject({ kind: 'signal' })
  void long
})

test('one that the host ends is not replaced, and attempts go their usual way', async () => {
  await run(session, 'true')
  await someoneWaits()
  for (const pid of waiting()) process.kill(Number(pid), 'SIGKILL')
  await nobodyWaits()
  expect((await run(session, 'echo on')).stdout).toBe('on\n')
  expect((await run(session, 'echo and on')).stdout).toBe('and on\n')
  expect(waiting()).toEqual([])
})

test('it is gone with its connection, and has left nothing', async () => {
  await run(session, 'true')
  await someoneWaits()
  await transport[Symbol.asyncDispose]()
  await nobodyWaits()
  expect(readdirSync(`${server.folder}/home/.holdpoint/attempts/run1/step/app1`).length).toBeGreaterThan(0)
})
