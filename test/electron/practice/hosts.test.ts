/** The practice hosts: real work behind a real SSH server, on this machine alone, and gone with their console. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PracticeHosts, startPracticeHosts, whyNot } from '../../../electron/practice/hosts.ts'
import { createTransport } from '../../../electron/ssh/transport.ts'
import { makeKey } from '../../support/sshd.ts'
import { attempt, NOBODY, openSession, run, waitsFor } from '../ssh/session.ts'

let dataDir: string
let practice: PracticeHosts

async function start(folder: string): Promise<PracticeHosts> {
  const started = await startPracticeHosts({ dataDir: folder })
  if ('refused' in started) throw new Error(started.message)
  return started
}

const reachThem = (hosts: PracticeHosts, changes: Partial<PracticeHosts['reach']> = {}) =>
  createTransport({
    credentials: NOBODY,
    // Nothing of the user's is read or written on the way to them.
    knownHosts: { own: join(dataDir, 'known_hosts'), user: [] },
    defaultUser: 'nobody',
    agentSocket: null,
    practice: () => ({ ...hosts.reach, ...changes }),
    graceMs: 200,
  })

const host = (hosts: PracticeHosts, name = 'app1') => {
  const found = hosts.hosts.find((each) => each.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-practice-'))
  practice = await start(dataDir)
})
afterAll(async () => {
  await practice.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('app1, app2 and db1 are there, and each says that it is for practice', () => {
  expect(practice.hosts.map(({ name, tags, isPractice }) => ({ name, tags, isPractice }))).toEqual([
    { name: 'app1', tags: ['app'], isPractice: true },
    { name: 'app2', tags: ['app'], isPractice: true },
    { name: 'db1', tags: ['db'], isPractice: true },
  ])
})

test('a script runs there as the current user, in a folder that only its host has', async () => {
  await using transport = reachThem(practice)
  const [one, two] = [
    await openSession(transport, host(practice)),
    await openSession(transport, host(practice, 'app2')),
  ]
  const script = 'id -un; pwd; echo "$HOME" "$HOLDPOINT_PRACTICE_HOST"; echo here >kept; echo err >&2; exit 3'
  const ran = await run(one, script)
  const home = join(dataDir, 'practice/app1')
  expect(ran).toMatchObject({
    outcome: { kind: 'exit', code: 3 },
    stdout: `${userInfo().username}\n${home}\n${home} app1\n`,
    stderr: 'err\n',
  })
  expect(readFileSync(join(home, 'kept'), 'utf8')).toBe('here\n')
  expect((await run(two, 'ls')).stdout).toBe('')
})

test('signals, time limits and long output are as on any host', async () => {
  await using transport = reachThem(practice)
  const session = await openSession(transport, host(practice, 'db1'))
  expect((await run(session, 'kill -TERM $$; sleep 5')).outcome).toEqual({ kind: 'signal', signal: 'TERM' })
  expect((await run(session, 'sleep 60 & sleep 60', { timeoutMs: 200 })).outcome).toEqual({ kind: 'timeout' })
  // Both streams at once, each beyond what the other side takes before it has to be asked for more.
  const long = await run(session, 'long() { head -c 9000000 /dev/zero | tr "\\0" $1; }; long x & long y >&2; wait')
  expect(long.outcome).toEqual({ kind: 'exit', code: 0, ok: true })
  expect([long.stdout.length, long.stderr.length]).toEqual([9_000_000, 9_000_000])
  expect([/[^x]/.test(long.stdout), /[^y]/.test(long.stderr)]).toEqual([false, false])
  expect((await run(session, 'cat; echo eof')).stdout).toBe('eof\n')
})

test('nothing of the console’s environment is there', async () => {
  process.env['HOLDPOINT_TEST_CANARY'] = 'canary'
  await using other = await start(join(dataDir, 'other'))
  delete process.env['HOLDPOINT_TEST_CANARY']
  await using transport = reachThem(other)
  const { stdout } = await run(await openSession(transport, host(other)), 'env')
  expect(stdout).toContain('HOLDPOINT_PRACTICE_HOST=app1')
  expect(stdout).not.toContain('canary')
  expect(stdout).not.toMatch(/^(NODE_|npm_|VITEST)/m)
})

test('keys are the same after a restart of the same folder, other in another, and private', async () => {
  const folder = join(dataDir, 'restart')
  const first = await start(folder)
  await first.close()
  await first.gone
  await using second = await start(folder)
  expect(second.reach).toEqual(first.reach)
  expect(second.reach.hostKeys['app1']).not.toBe(practice.reach.hostKeys['app1'])
  expect(second.reach.hostKeys['app1']).not.toBe(second.reach.hostKeys['app2'])
  expect(statSync(join(folder, 'practice/keys/client')).mode & 0o777).toBe(0o600)
})

test('no other key opens them, and another host key is not believed', async () => {
  const stranger = readFileSync(makeKey(join(dataDir, 'stranger')), 'utf8')
  await using wrong = reachThem(practice, { privateKey: stranger })
  expect(await wrong.open(host(practice))).toMatchObject({ code: 'authentication-refused' })
  await using misled = reachThem(practice, { hostKeys: { app1: practice.reach.hostKeys['app2'] ?? '' } })
  expect(await misled.open(host(practice))).toMatchObject({ code: 'host-key-changed' })
  expect(existsSync(join(dataDir, 'known_hosts'))).toBe(false)
})

test('they are told apart from a real host of the same name and place', async () => {
  await using transport = reachThem(practice)
  expect(await transport.open({ ...host(practice), isPractice: false })).toMatchObject({ code: 'host-key-unknown' })
  await using none = createTransport({
    credentials: NOBODY,
    knownHosts: { own: join(dataDir, 'known_hosts'), user: [] },
    defaultUser: 'nobody',
    agentSocket: null,
  })
  expect(await none.open(host(practice))).toMatchObject({ code: 'unreachable' })
})

test('no other address of this machine leads to them', async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
  // 127.0.0.2 is this machine as well, and yet not where they listen.
  for (const address of ['127.0.0.2', ...others]) {
    const code = await new Promise<string>((done) => {
      const socket = connect({ host: address, port: host(practice).port })
      socket.once('connect', () => (socket.destroy(), done('connected')))
      socket.once('error', (error) => done('code' in error ? String(error.code) : error.message))
    })
    expect(`${address} ${code}`).toBe(`${address} ECONNREFUSED`)
  }
})

test('they are gone with their console, however it ends, and what ran on them with them', async () => {
  const folder = join(dataDir, 'orphan')
  const program = join(dataDir, 'console.mjs')
  writeFileSync(
    program,
    `import { startPracticeHosts } from ${JSON.stringify(new URL('../../../electron/practice/hosts.ts', import.meta.url).href)}
     const practice = await startPracticeHosts({ dataDir: ${JSON.stringify(folder)} })
     console.log(JSON.stringify({ hosts: practice.hosts, reach: practice.reach }))
     setInterval(() => undefined, 1000)`,
  )
  const child: ChildProcess = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await new Promise<string>((done) =>
    child.stdout?.once('data', (bytes: Buffer) => done(bytes.toString())),
  )
  const theirs: PracticeHosts = JSON.parse(said)
  await using transport = reachThem(theirs)
  const session = await openSession(transport, host(theirs))
  const watcher = waitsFor('begun')
  const nap = `${700 + Math.random()}`
  const running = session.run(attempt(`echo begun; exec sleep ${nap}`), watcher.output)
  await watcher.seen
  child.kill('SIGKILL')
  expect((await running).outcome).toEqual({ kind: 'lost', code: 'link-lost' })
  await expect
    .poll(() => execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).includes(`sleep ${nap}`))
    .toBe(false)
  expect(await transport.open(host(theirs))).toMatchObject({ code: 'refused' })
})

test('without a shell there are none, in plain words', () => {
  expect(whyNot('/no/bin/sh')).toMatch(/need \/no\/bin\/sh, and this machine has none/)
  expect(whyNot()).toBeNull()
})

test('a folder that cannot be written to is said, not thrown', async () => {
  const file = join(dataDir, 'a-file')
  writeFileSync(file, '')
  expect(await startPracticeHosts({ dataDir: file })).toMatchObject({ refused: true, code: 'practice-failed' })
})
