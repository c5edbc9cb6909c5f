/**
 * The start and end programs under every shell that a host may have as /bin/sh, and behind every login shell that an
 * account may have. Each shell says from inside which it is.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endCommand, endResult } from '../../../electron/ssh/end-program.ts'
import { cksum, startCommand, startInput, wrongWith } from '../../../electron/ssh/start-program.ts'
import { startSshd } from '../../support/sshd.ts'
import { attempt, openSession, run, transportTo, utf8 } from './session.ts'

/** Those that must be there, and those that are taken along where they are. */
const NEEDED: readonly (readonly [name: string, ...argv: string[]])[] = [
  ['dash', '/bin/dash'],
  ['bash', '/bin/bash', '--posix'],
  ['busybox', '/bin/busybox', 'sh'],
]
const MORE: typeof NEEDED = [
  ['mksh', '/bin/mksh'],
  ['ksh93', '/usr/bin/ksh93'],
  ['yash', '/usr/bin/yash'],
]
const SHELLS = [...NEEDED, ...MORE.filter(([, path]) => existsSync(path ?? ''))]

/** What only that shell answers. */
const WHICH: Readonly<Record<string, readonly [program: string, answer: RegExp]>> = {
  dash: ['readlink /proc/$$/exe; :', /dash$/m],
  bash: ['echo "$BASH_VERSION"', /^5|^4|^3/],
  busybox: ['help', /^Built-in commands/m],
  mksh: ['echo "$KSH_VERSION"', /MIRBSD/],
  ksh93: ['echo "${.sh.version}"', /93/],
  yash: ['echo "$YASH_VERSION"', /^\d/],
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-shells-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command as a host would get it, with this shell in the place of /bin/sh. */
function under(shell: readonly string[], command: string, env: Record<string, string> = {}): ChildProcess {
  const program = command.replace('exec /bin/sh -c ', '')
  const words = spawnSync('/bin/sh', ['-c', `printf '%s\\0' ${program}`], { encoding: 'utf8' })
    .stdout.split('\0')
    .slice(0, -1)
  const [path = '', ...flags] = shell
  return spawn(path, [...flags, '-c', ...words], {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: join(folder, 'home'),
      LOGNAME: 'tester',
      LANG: 'C.UTF-8',
      ...env,
    },
    detached: true,
  })
}

async function finished(
  child: ChildProcess,
  input: readonly Uint8Array[] = [],
): Promise<{
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}> {
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (bytes: Buffer) => (said.stdout += bytes.toString('latin1')))
  child.stderr?.on('data', (bytes: Buffer) => (said.stderr += bytes.toString('latin1')))
  child.stdin?.on('error', () => undefined)
  for (const part of input) child.stdin?.write(part)
  child.stdin?.end()
  return new Promise((done) => child.once('close', (code, signal) => done({ code, signal, ...said })))
}

/** So long that it comes as bytes and is digested by a program; a short one comes as a value. */
const long = (script: string) => `${script}\n${'# padding\n'.repeat(80)}`

function madeFor(request: ReturnType<typeof attempt>, nonce: string) {
  expect(wrongWith(request)).toBeNull()
  return { command: startCommand(nonce), input: startInput(request, nonce) }
}

/** Starts attempts under this shell. */
function starter(shell: readonly string[]) {
  return async (
    request: ReturnType<typeof attempt>,
    env: Record<string, string> = {},
    change: (input: Buffer) => Buffer = (input) => input,
  ) => {
    const nonce = randomBytes(10).toString('hex')
    const made = madeFor(request, nonce)
    const input = change(Buffer.concat(made.input))
    const { stdout, stderr, ...end } = await finished(under(shell, made.command, env), [input])
    const heard = stderr.split('\n').filter((line) => line.startsWith(nonce))
    return {
      ...end,
      heard: heard.map((line) => line.slice(21).replace(/^go \d+ 2$/, 'go')),
      stdout: utf8(stdout).replace(new RegExp(`^${nonce} go \\d+ 1\n`), ''),
    }
  }
}

describe.each(SHELLS)('%s', (name, ...shell) => {
  const start = starter(shell)

  test('is what it is called', () => {
    const [program = '', answer = /never/] = WHICH[name] ?? []
    const [path = '', ...flags] = shell
    expect(spawnSync(path, [...flags, '-c', program], { encoding: 'utf8' }).stdout).toMatch(answer)
  })

  test('starts a script with its variables, and its end is the process’s own', async () => {
    const variables = { A: `it's "$HOME" \`x\` \\ !`, B: 'one\n\ntwo\n', C: 'ü😀', IFS: 'x' }
    const script = '#!/usr/bin/python3\nimport os,sys,json\nprint(json.dumps(dict(os.environ)))\nsys.exit(9)'
    const ran = await start(attempt(script, { variables, secrets: { S: 'hidden' } }))
    expect(ran).toMatchObject({ code: 9, signal: null, heard: ['ready', 'go'] })
    expect(JSON.parse(ran.stdout)).toMatchObject({ ...variables, S: 'hidden' })
    expect(await start(attempt('kill -KILL $$'))).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  test('a script arrives exactly, short or long', async () => {
    const script = `#!/bin/cat\n\n  two\ttabs\t'quotes' "double" \`back\` $HOME \\ \\n %s !\n\n`
    for (const text of [script, `${script}no newline`, long(script), '#!/bin/cat', '#!/bin/cat\n\n\n']) {
      expect(await start(attempt(text))).toMatchObject({ code: 0, stdout: text })
    }
    const bytes = Buffer.concat([Buffer.from('#!/bin/cat\n'), randomBytes(100_000)])
    expect(Buffer.from((await start(attempt(bytes))).stdout).equals(Buffer.from(utf8(bytes.toString('latin1'))))).toBe(
      true,
    )
  })

  test.each([
    ['short', (script: string) => script],
    ['long', long],
  ])('a truncated input of a %s script runs nothing', async (size, sized) => {
    const count = join(folder, `${name}-truncated-${size}`)
    const request = attempt(sized(`echo x >>${count}\n`))
    for (const cut of [(input: Buffer) => input.subarray(0, 30), (input: Buffer) => input.subarray(0, -1)]) {
      expect((await start(request, {}, cut)).heard[0]).toMatch(/^fail upload-failed/)
    }
    expect(existsSync(count)).toBe(false)
    // What was cut leaves the attempt free.
    expect((await start(request)).heard).toEqual(['ready', 'go'])
  })

  test('of ten racing starts one runs', async () => {
    const count = join(folder, `${name}-race`)
    const request = attempt(`echo x >>${count}`)
    const ran = await Promise.all(Array.from({ length: 10 }, () => start(request)))
    expect(readFileSync(count, 'utf8')).toBe('x\n')
    expect(ran.filter(({ heard }) => heard.at(-1) === 'go')).toHaveLength(1)
    expect(ran.filter(({ heard }) => heard.at(-1)?.startsWith('fail already-started') === true)).toHaveLength(9)
  })

  test('who comes second leaves nothing beside the claim: what lies there is what ran', async () => {
    const request = attempt(long('echo one'), { name: `race/${name}/app1/main-1` })
    const attempts = join(folder, 'home/.holdpoint/attempts', request.name)
    const made = madeFor(request, randomBytes(10).toString('hex'))
    const [variables, script] = made.input
    const second = under(shell, made.command)
    second.stdin?.write(variables)
    // It has looked, has found nobody, and waits for the rest of its script.
    await expect.poll(() => existsSync(join(attempts, 'run'))).toBe(true)
    expect((await start(request)).heard).toEqual(['ready', 'go'])
    const { stderr } = await finished(second, script === undefined ? [] : [script])
    expect(stderr).toContain('fail already-started')
    expect(readdirSync(attempts).toSorted()).toEqual(['go', expect.stringMatching(/^run\.[0-9a-f]{20}$/)])
  })

  test('a variable that the shell keeps to itself starts nothing', async () => {
    const ran = await start(attempt('echo no', { variables: { PPID: '5' } }))
    if (ran.stdout.includes('no')) expect(ran.heard).toEqual(['ready', 'go'])
    else expect(ran.heard).not.toContain('go')
  })

  // ps is asked first; /proc is read where it is not what it should be; and where there is no /proc, ps knows no sessions.
  const withoutPs = (command: string) => command.replace('ps -A -o pid= -o stat= -o ppid= -o pgid= -o sid=', 'false')
  const ways: [string, (command: string) => string][] = [['ps', (command) => command]]
  if (name === 'dash' || name === 'busybox') ways.push(['/proc', withoutPs])
  if (name === 'dash') ways.push(['a plain ps', (command) => withoutPs(command).replaceAll('/proc', '/nowhere')])
  test.each(ways)('ends a tree that ignores TERM, found by %s', async (_how, change) => {
    const nonce = randomBytes(10).toString('hex')
    const made = madeFor(attempt("trap '' TERM; sleep 300 & sh -c 'sleep 301; echo' & echo started; wait"), nonce)
    const child = under(shell, made.command)
    const over = finished(child, made.input)
    await new Promise<void>((done) => child.stdout?.on('data', (bytes: Buffer) => bytes.includes('started') && done()))
    const asked = randomBytes(10).toString('hex')
    const command = change(endCommand({ nonce: asked, pid: String(child.pid), token: nonce, graceMs: 200 }))
    expect(endResult(asked, (await finished(under(shell, command))).stdout)).toEqual({ kind: 'ended' })
    expect(await over).toMatchObject({ signal: 'SIGKILL' })
    expect(endResult(asked, (await finished(under(shell, command))).stdout)).toEqual({ kind: 'none' })
  })
})

describe.each(NEEDED)('%s without sha256sum', (name, ...shell) => {
  const start = starter(shell)
  test('checks a digest by whatever program there is', async () => {
    const tools = ['cat', 'mkdir', 'rm', 'rmdir', 'python3']
    const real = (tool: string) =>
      spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim()
    for (const checker of ['sha256sum', 'openssl', 'shasum', 'busybox', 'cksum']) {
      const bin = join(folder, `${name}-${checker}`)
      mkdirSync(bin)
      for (const tool of [...tools, checker])
        writeFileSync(join(bin, tool), `#!/bin/bash\nexec ${real(tool)} "$@"\n`, { mode: 0o755 })
      const PATH = bin
      expect(await start(attempt(long('echo checked')), { PATH })).toMatchObject({
        heard: ['ready', 'go'],
        stdout: 'checked\n',
      })
      const changed = (input: Buffer) =>
        Buffer.from(input.toString('latin1').replace('echo checked', 'echo Checked'), 'latin1')
      expect((await start(attempt(long('echo checked')), { PATH }, changed)).heard[0]).toMatch(/^fail upload-failed/)
    }
    const bin = join(folder, `${name}-none`)
    mkdirSync(bin)
    for (const tool of tools) writeFileSync(join(bin, tool), `#!/bin/bash\nexec ${real(tool)} "$@"\n`, { mode: 0o755 })
    // busybox runs its own applets without PATH.
    if (name !== 'busybox')
      expect((await start(attempt(long('echo no')), { PATH: bin })).heard[0]).toMatch(
        /^fail upload-failed there is no program/,
      )
  })
})

test('cksum counts as the real one does', () => {
  for (const size of [0, 1, 255, 256, 70_000]) {
    const bytes = randomBytes(size)
    const { crc, size: counted } = cksum(bytes)
    expect(`${crc} ${counted}`).toBe(spawnSync('cksum', { input: bytes, encoding: 'utf8' }).stdout.trim())
  }
})

describe('login shells', () => {
  const LOGIN = [
    ['bash', '/bin/bash'],
    ['dash', '/bin/dash'],
    ['tcsh', '/bin/tcsh'],
    ['fish', '/usr/bin/fish'],
    ['mksh', '/bin/mksh'],
  ] as const
  test.each(LOGIN.filter(([, path]) => existsSync(path)))('%s passes the program on', async (_name, path) => {
    await using server = await startSshd({ config: [`ForceCommand exec ${path} -c "$SSH_ORIGINAL_COMMAND"`] })
    await using transport = transportTo(server)
    const session = await openSession(transport, server.host())
    const ran = await run(session, '#!/bin/sh -u\necho "$A"; exit 6', { variables: { A: `!! \\ ' "\n` } })
    expect(ran.outcome).toEqual({ kind: 'exit', code: 6, ok: false })
    expect(ran.stdout).toBe(`!! \\ ' "\n\n`)
  })

  test('what it prints, and what it eats of stdin, is not the script’s', async () => {
    await using server = await startSshd({
      config: ['ForceCommand echo "Welcome to app1"; echo "last login" >&2; read line; eval "$SSH_ORIGINAL_COMMAND"'],
    })
    await using transport = transportTo(server)
    const ran = await run(await openSession(transport, server.host()), 'echo out; echo err >&2')
    expect(ran).toMatchObject({ outcome: { code: 0 }, stdout: 'out\n', stderr: 'err\n' })
  })

  // A session recorder, a wrapper of an audit, `exec 2>&1` in a start file: the script ran, and must be told so.
  const eval_ = 'eval "$SSH_ORIGINAL_COMMAND"'
  test.each([
    ['merges stderr into stdout', `exec 2>&1; ${eval_}`, 'out\nerr\n', ''],
    ['merges stdout into stderr', `exec 1>&2; ${eval_}`, '', 'out\nerr\n'],
    ['merges them through a program', `{ ${eval_}; } 2>&1 | cat`, 'out\nerr\n', ''],
    ['marks every line', `{ ${eval_}; } 2>&1 | sed "s/^/[rec] /"`, '[rec] [rec] out\n[rec] err\n', ''],
    ['ends lines as a terminal does', `{ ${eval_}; } 2>&1 | sed "s/$/\\r/"`, 'out\r\nerr\r\n', ''],
    ['drops stderr', `exec 2>/dev/null; ${eval_}`, 'out\n', ''],
    ['closes stderr', `exec 2>&-; ${eval_}`, 'out\n', ''],
    ['drops stdout', `exec >/dev/null; ${eval_}`, '', 'err\n'],
    ['closes stdout', `exec >&-; ${eval_}`, '', 'err\n'],
  ])(
    'one that %s: how the script ended is known, and only what it said is its output',
    async (_what, command, ...said) => {
      await using server = await startSshd({ config: [`ForceCommand ${command}`] })
      await using transport = transportTo(server)
      const count = join(server.folder, 'count')
      const ran = await run(
        await openSession(transport, server.host()),
        `echo x >>${count}; echo out 2>/dev/null; echo err >&2; exit 0`,
      )
      expect({ outcome: ran.outcome, said: [ran.stdout, ran.stderr] }).toEqual({
        outcome: { kind: 'exit', code: 0, ok: true },
        said,
      })
      expect(readFileSync(count, 'utf8')).toBe('x\n')
    },
  )

  test('one that drops stderr still says why nothing was started', async () => {
    await using server = await startSshd({ config: [`ForceCommand exec 2>/dev/null; ${eval_}`] })
    await using transport = transportTo(server)
    const ran = await run(await openSession(transport, server.host()), '#!/opt/nothing/perl\n')
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'no-shell' })
    expect(ran.message).toContain('/opt/nothing/perl')
  })

  test('one that drops both streams: whatever it ends with, that the script ran is never denied', async () => {
    const ends = [
      [eval_, 0],
      [eval_, 127],
      [`${eval_}; exit 1`, 0],
    ] as const
    const told = ends.map(async ([command, code]) => {
      await using server = await startSshd({ config: [`ForceCommand exec >/dev/null 2>&1; ${command}`] })
      await using transport = transportTo(server)
      const count = join(server.folder, 'count')
      const { outcome } = await run(await openSession(transport, server.host()), `echo x >>${count}; exit ${code}`)
      return { outcome, count: readFileSync(count, 'utf8') }
    })
    for (const one of await Promise.all(told))
      expect(one).toEqual({ outcome: { kind: 'lost', code: 'no-shell' }, count: 'x\n' })
  })

  test('an account that ends at once, whatever it is asked, with code 0 or 127: nothing ran', async () => {
    for (const code of [0, 127]) {
      await using server = await startSshd({ config: [`ForceCommand exit ${code}`] })
      await using transport = transportTo(server)
      const ran = await run(await openSession(transport, server.host()), 'echo no')
      expect(ran.outcome).toEqual({ kind: 'not-started', code: 'no-shell' })
    }
  })

  test('one that reads what it is sent and ends says nothing about the script: not known', async () => {
    await using server = await startSshd({ config: ['ForceCommand cat >/dev/null; exit 1'] })
    await using transport = transportTo(server)
    const ran = await run(await openSession(transport, server.host()), 'echo no')
    expect(ran.outcome).toEqual({ kind: 'lost', code: 'no-shell' })
  })

  test('an account without a shell: nothing ran, in its own words', async () => {
    await using server = await startSshd({ config: ['ForceCommand echo "This account is closed." >&2; exit 1'] })
    await using transport = transportTo(server)
    const ran = await run(await openSession(transport, server.host()), 'echo no')
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'no-shell' })
    expect(ran.message).toContain('This account is closed.')
  })

  // The runner masks what it stores, but only a secret that is still whole and spaced as it was.
  test.concurrent.each([
    ['sends back what it is sent', 'cat; exit 1', 'correct  horse  battery  staple'],
    ['sends it back without the first line', 'sed 1,2d; exit 1', 'correct  horse  battery  staple'],
    ['sends back the first words', 'head -c 330 | sed "s/^/                /"; exit 1', 'x'.repeat(400)],
    ['names what it does not know', 'read a; read b; read c; echo "unknown command: $c"; exit 1', "it's\tso  hidden"],
    ['spaces it in another way', 'read a; read b; read c; set -f; echo unknown: $c; exit 1', 'two  words'],
    ['names one word of it', 'echo "unknown: staple"; exit 1', 'correct  horse  battery  staple'],
    ['names a short one', 'echo "unknown: k7!"; exit 1', 'k7!'],
  ])('one that %s: a secret is in no message', async (_what, command, secret) => {
    await using server = await startSshd({ config: [`ForceCommand ${command}`] })
    await using transport = transportTo(server)
    const ran = await run(await openSession(transport, server.host()), 'echo no', { secrets: { TOKEN: secret } })
    expect(ran.outcome).toMatchObject({ code: 'no-shell' })
    for (const word of secret.split(/\s+/)) expect(ran.message).not.toContain(word.slice(0, 20))
    expect(ran.message).not.toContain('hp_v0')
  })

  test('one that says something of its own beside a secret is still quoted', async () => {
    await using server = await startSshd({ config: ['ForceCommand echo "This account is closed."; exit 1'] })
    await using transport = transportTo(server)
    const ran = await run(await openSession(transport, server.host()), 'echo no', { secrets: { TOKEN: 's3cret' } })
    expect(ran.message).toContain('This account is closed.')
  })

  test('a login shell that never comes to the point is told as not known', async () => {
    await using server = await startSshd({ config: ['ForceCommand exec sleep 60'] })
    await using transport = transportTo(server, { startTimeoutMs: 400 })
    const ran = await run(await openSession(transport, server.host()), 'echo no')
    expect(ran.outcome).toEqual({ kind: 'lost', code: 'still-running' })
  })
})
