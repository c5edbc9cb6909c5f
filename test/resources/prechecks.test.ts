import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pid } from 'node:process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseProbe } from '../../shared/criteria/parse-probe.ts'
import type { ProbeDefinition } from '../../shared/criteria/probe.ts'
import { readProbeOutput, type Reading } from '../../shared/criteria/reading.ts'
import { judge } from '../../shared/criteria/verdict.ts'
import { probeEnvironment } from '../../shared/runbook/variables.ts'
import { BUSYBOX, busyboxTools, runScript, SHELLS, type Shell, standIn, toolbox } from './shells.ts'

const FOLDER = new URL('../../resources/prechecks/', import.meta.url)
const files = readdirSync(FOLDER)
const home = mkdtempSync(join(tmpdir(), 'holdpoint-prechecks-'))
afterAll(() => rmSync(home, { recursive: true }))

function probe(id: string): ProbeDefinition {
  const { definition, faults } = parseProbe(readFileSync(new URL(`${id}.yaml`, FOLDER), 'utf8'))
  if (definition === null) throw new Error(JSON.stringify(faults))
  return definition
}

type Parameters = Readonly<Record<string, string | number | boolean>>
type Measured = Reading & { verdict: string; because: string; stderr: string; status: number | null }

async function measure(shell: Shell, id: string, given: Parameters = {}, path?: string): Promise<Measured> {
  const definition = probe(id)
  const script = join(home, `${id}.sh`)
  writeFileSync(script, definition.script)
  const ran = await runScript(shell, script, { HOME: home, ...probeEnvironment(definition, given, {}) }, path)
  const reading = readProbeOutput(definition, ran.stdout)
  return { ...reading, ...judge(definition, undefined, reading), stderr: ran.stderr, status: ran.status }
}

test.each(files)('%s is a probe without faults, named as its file', (file) => {
  const { definition, faults } = parseProbe(readFileSync(new URL(file, FOLDER), 'utf8'))
  expect(faults).toEqual([])
  expect(`${definition?.id}.yaml`).toBe(file)
  expect(definition?.require).toBeDefined()
})

test('a missing tool is unknown, never a pass', async () => {
  const [sh] = SHELLS
  if (sh === undefined) throw new Error('no shell')
  const bare = toolbox(join(home, 'bare'), [
    'cat',
    'awk',
    'sed',
    'grep',
    'head',
    'tr',
    'cut',
    'wc',
    'printf',
    'mktemp',
    'rm',
  ])
  const given: Readonly<Record<string, Parameters>> = {
    'port.open': { port: 1 },
    'http.ok': { url: 'http://127.0.0.1:1/' },
    'file.checksum': { path: '/bin/sh', sha256: 'x' },
    'process.running': { name: 'nobody' },
  }
  for (const id of ['disk.free', 'disk.inodes', 'port.open', 'http.ok', 'file.checksum', 'clock.offset', 'pg.ready']) {
    const { verdict, because } = await measure(sh, id, given[id], bare)
    expect([id, verdict, because]).toEqual([id, 'unknown', expect.stringContaining('installed')])
  }
  expect((await measure(sh, 'process.running', {})).verdict).toBe('unknown')
})

const listeners: Server[] = []
async function listen(server: Server): Promise<number> {
  listeners.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
let http = 0
let open = 0
beforeAll(async () => {
  open = await listen(createServer((socket) => socket.end()))
  http = await listen(
    createHttp((request, response) => {
      response.statusCode = request.url === '/down' ? 503 : 200
      response.end('shop 4.2.0 is up')
    }),
  )
})
afterAll(() => {
  for (const server of listeners) server.close()
})

const isCrashedWget = (measured: Measured) => measured.unknown === 'wget crashed'

const boxes: readonly { name: string; shell: Shell; path: () => string | undefined }[] = [
  ...SHELLS.map((shell) => ({ name: shell.name, shell, path: () => undefined })),
  ...(BUSYBOX === null
    ? []
    : [
        {
          name: 'busybox alone',
          shell: { name: 'busybox', command: [BUSYBOX, 'sh'] } as Shell,
          path: () => busyboxOnly,
        },
      ]),
]
const busyboxOnly = BUSYBOX === null ? '' : busyboxTools(join(home, 'busybox'))

describe.each(boxes)('on $name', ({ shell, path }) => {
  const on = async (id: string, given?: Parameters) => {
    const measured = await measure(shell, id, given, path())
    // BusyBox's own wget crashes now and then, and its shell says so.
    if (!isCrashedWget(measured)) expect(measured.stderr).toBe('')
    expect(measured.status).toBe(0)
    return measured
  }

  test('disk, memory and load are measured', async () => {
    const disk = await on('disk.free')
    expect(disk.values).toMatchObject({
      free: expect.any(Number),
      total: expect.any(Number),
      used_percent: expect.any(Number),
    })
    expect(Number(disk.values['free'])).toBeLessThan(Number(disk.values['total']))
    expect((await on('disk.free', { path: '.' })).values['total']).toEqual(expect.any(Number))
    expect(await on('disk.free', { path: '/nowhere at all' })).toMatchObject({ verdict: 'unknown' })
    expect((await on('disk.inodes', { path: '/proc' })).verdict).toBe('unknown')
    expect(['pass', 'warn', 'fail', 'unknown']).toContain((await on('disk.inodes')).verdict)
    const memory = await on('mem.available')
    expect(Number(memory.values['available'])).toBeLessThan(Number(memory.values['total']))
    expect((await on('load')).values).toMatchObject({
      load1: expect.any(Number),
      cores: expect.any(Number),
      per_core: expect.any(Number),
    })
  })

  test('a file is compared byte for byte', async () => {
    writeFileSync(join(home, 'a file'), 'content\n')
    const sha256 = createHash('sha256').update('content\n').digest('hex')
    expect(await on('file.checksum', { path: 'a file', sha256: sha256.toUpperCase() })).toMatchObject({
      verdict: 'pass',
    })
    expect((await on('file.checksum', { path: 'a file', sha256 })).values).toEqual({
      exists: true,
      size_bytes: 8,
      sha256,
      matches: true,
    })
    expect((await on('file.checksum', { path: 'a file', sha256: '0'.repeat(64) })).verdict).toBe('fail')
    expect(await on('file.checksum', { path: 'another', sha256 })).toMatchObject({
      verdict: 'fail',
      values: { exists: false },
    })
    expect((await on('file.checksum', { path: '$(touch oops); a', sha256 })).verdict).toBe('fail')
    expect(readdirSync(home)).not.toContain('oops')
  })

  test('a process is found by its pid file, and is gone when it is', async () => {
    writeFileSync(join(home, 'app.pid'), `${pid}\n`)
    expect(await on('process.running', { pidfile: 'app.pid' })).toMatchObject({
      verdict: 'pass',
      values: { count: 1, running: true },
    })
    writeFileSync(join(home, 'app.pid'), '4194999\n')
    expect((await on('process.running', { pidfile: 'app.pid' })).verdict).toBe('fail')
    expect((await on('process.running', { pidfile: 'none.pid' })).verdict).toBe('fail')
    writeFileSync(join(home, 'app.pid'), 'gone\n')
    expect((await on('process.running', { pidfile: 'app.pid' })).verdict).toBe('unknown')
    expect((await on('process.running', { name: 'no such program at all' })).values).toEqual({
      count: 0,
      running: false,
    })
  })

  test('a port that refuses is not one that accepts', async () => {
    const accepted = await on('port.open', { port: open })
    // BusyBox's nc may have been built without -z: that is unknown, and says so.
    if (accepted.verdict !== 'unknown')
      expect(accepted).toMatchObject({ verdict: 'pass', values: { state: 'open', open: true } })
    const refused = await on('port.open', { port: 1 })
    if (refused.verdict !== 'unknown')
      expect(refused).toMatchObject({ verdict: 'fail', values: { state: 'refused', open: false } })
  })

  test.each([
    ['/', { contains: '4.2.0' }, 'pass', { state: 'answered', answered: true, status: 200, found: true }],
    ['/', { contains: '9.9' }, 'pass', { status: 200, found: false }],
    ['/down', {}, 'fail', { state: 'answered', status: 503 }],
    [null, {}, 'fail', { state: 'refused', answered: false, status: null }],
  ] as const)('HTTP %s %j: %s', async (path, more, verdict, values) => {
    const url = path === null ? 'http://127.0.0.1:1/' : `http://127.0.0.1:${http}${path}`
    const answer = await on('http.ok', { url, ...more })
    expect(answer).toMatchObject(isCrashedWget(answer) ? { verdict: 'unknown' } : { verdict, values })
  })
})

describe('with the tools of a database host', () => {
  const [sh] = SHELLS
  if (sh === undefined) throw new Error('no shell')
  const withTools = (name: string, tools: Readonly<Record<string, string>>) => {
    const folder = join(home, name)
    for (const [tool, script] of Object.entries(tools)) standIn(folder, tool, script)
    return `${folder}:/usr/bin:/bin`
  }
  test.each([
    [
      'primary',
      { pg_isready: 'exit 0', psql: 'echo "f 0 15.4 (Debian 15.4-1)"' },
      'pass',
      { in_recovery: false, lag_s: 0, version: '15.4 (Debian 15.4-1)' },
    ],
    ['behind', { pg_isready: 'exit 0', psql: 'echo "t 61.25 15.4"' }, 'fail', { in_recovery: true, lag_s: 61.25 }],
    ['slow', { pg_isready: 'exit 0', psql: 'echo "t 12.5 15.4"' }, 'warn', { lag_s: 12.5 }],
    ['no-receiver', { pg_isready: 'exit 0', psql: 'echo "t  15.4"' }, 'unknown', { in_recovery: true, lag_s: null }],
    ['starting', { pg_isready: 'exit 1', psql: 'exit 2' }, 'fail', { accepting: false }],
    ['dead', { pg_isready: 'exit 2', psql: 'exit 2' }, 'fail', { accepting: false }],
    ['no-login', { pg_isready: 'exit 0', psql: 'exit 2' }, 'unknown', { accepting: true }],
  ] as const)('PostgreSQL, %s: %j', async (name, tools, verdict, values) => {
    expect(await measure(sh, 'pg.ready', {}, withTools(`pg-${name}`, tools))).toMatchObject({ verdict, values })
  })

  test.each([
    [
      'chrony',
      { chronyc: 'printf "System time     : 0.250000000 seconds slow of NTP time\\nLeap status     : Normal\\n"' },
      'warn',
      { synchronized: true, offset_s: -0.25 },
    ],
    [
      'chrony-lost',
      {
        chronyc:
          'printf "System time     : 0.000001000 seconds fast of NTP time\\nLeap status     : Not synchronised\\n"',
      },
      'fail',
      { synchronized: false },
    ],
    [
      'ntpd',
      { chronyc: 'exit 1', ntpq: 'echo "offset=2.5, leap=00"' },
      'pass',
      { synchronized: true, offset_s: 0.0025 },
    ],
    [
      'timesyncd',
      {
        chronyc: 'exit 1',
        ntpq: 'exit 1',
        timedatectl: 'case "$1" in show) echo yes ;; *) echo "   Offset: -2.5ms" ;; esac',
      },
      'pass',
      { synchronized: true, offset_s: -0.0025 },
    ],
    ['no-daemon', { chronyc: 'exit 1', ntpq: 'exit 1', timedatectl: 'exit 1' }, 'unknown', {}],
  ] as const)('clock, %s: %j', async (name, tools, verdict, values) => {
    expect(await measure(sh, 'clock.offset', {}, withTools(`clock-${name}`, tools))).toMatchObject({ verdict, values })
  })
})
