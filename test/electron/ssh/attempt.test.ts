/** Scripts on a real sshd: how they end, what they say, what they are given, and what is left of them. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Session, Transport } from '../../../electron/engine/ports.ts'
import { type Sshd, startSshd } from '../../support/sshd.ts'
import { attempt, openSession, run, transportTo, utf8, waitsFor } from './session.ts'

let server: Sshd
let transport: Transport & AsyncDisposable
let session: Session

beforeAll(async () => {
  server = await startSshd()
  transport = transportTo(server)
  session = await openSession(transport, server.host())
})
afterAll(async () => {
  await transport[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

describe('the end of a script', () => {
  test.each([0, 1, 3, 125, 126, 127, 130, 137, 143, 255])('exit code %i is told as such', async (code) => {
    const ran = await run(session, `exit ${code}`)
    expect(ran.outcome).toEqual({ kind: 'exit', code, ok: code === 0 })
  })

  test.each(['HUP', 'INT', 'QUIT', 'KILL', 'TERM', 'PIPE', 'USR1', 'SEGV'])(
    'a script killed by SIG%s is told as a signal, not as a code',
    async (signal) => {
      const ran = await run(session, `kill -${signal} $$; sleep 10`)
      expect(ran.outcome).toEqual({ kind: 'signal', signal })
    },
  )

  test('a signal that SSH has no name for is still a signal', async () => {
    expect((await run(session, 'kill -BUS $$')).outcome).toEqual({ kind: 'signal', signal: 'OTHER' })
  })

  test('a script that leaves a daemon with its output open has ended, and that is said', async () => {
    const ran = await run(session, 'sleep 30 & echo $!')
    expect(ran.outcome).toEqual({ kind: 'exit', code: 0, ok: true })
    expect(ran.message).toContain('holds its output open')
    process.kill(Number(ran.stdout), 'SIGKILL')
  })

  test('its duration is that of the script', async () => {
    const ran = await run(session, 'sleep 0.4')
    expect(ran.durationMs).toBeGreaterThanOrEqual(390)
  })
})

describe('what it says', () => {
  test('both streams arrive apart', async () => {
    const ran = await run(session, 'echo one; echo two >&2; echo three')
    expect(ran).toMatchObject({ stdout: 'one\nthree\n', stderr: 'two\n' })
  })

  test('lines beyond 64 KiB arrive whole', async () => {
    const ran = await run(session, `awk 'BEGIN { for (i = 0; i < 200000; i++) printf "x"; print ""; print "end" }'`)
    expect(ran.stdout).toBe(`${'x'.repeat(200_000)}\nend\n`)
  })

  test('binary output is exact to the byte', async () => {
    const bytes = randomBytes(3 * 1024 * 1024)
    const path = join(server.folder, 'bytes')
    writeFileSync(path, bytes)
    const hash = createHash('sha256')
    let size = 0
    await session.run(attempt(`cat ${path}`), (_stream, part) => {
      hash.update(part)
      size += part.length
      return Promise.resolve()
    })
    expect(size).toBe(bytes.length)
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  test('a slow reader slows the host and holds no more than two windows', async () => {
    const marker = join(server.folder, 'written')
    const script = `i=0; while [ $i -lt 64 ]; do head -c 1048576 /dev/zero; i=$((i+1)); echo $i >${marker}; done`
    const gate = Promise.withResolvers<void>()
    let most = 0
    const running = session.run(attempt(script), async () => gate.promise)
    // The host stalls once the window and the buffers between are full: its own count stops growing.
    for (let same = 0, last = -1; same < 5; ) {
      await new Promise((done) => setTimeout(done, 100))
      most = existsSync(marker) ? Number(readFileSync(marker, 'utf8')) : 0
      same = most === last && most > 0 ? same + 1 : 0
      last = most
    }
    expect(most).toBeLessThan(16)
    gate.resolve()
    expect((await running).outcome).toMatchObject({ kind: 'exit', code: 0 })
  })

  test('output that cannot be kept does not change how the script ended, and is told', async () => {
    const end = await session.run(attempt('echo one; exit 4'), () => Promise.reject(new Error('disk full')))
    expect(end.outcome).toEqual({ kind: 'exit', code: 4, ok: false })
    expect(end.message).toContain('disk full')
  })
})

describe('what it is given', () => {
  test('its stdin is empty: nothing of it can be eaten', async () => {
    const ran = await run(session, 'cat; read line; echo "[$line]"; echo still here')
    expect(ran.stdout).toBe('[]\nstill here\n')
  })

  test('variables arrive as they are', async () => {
    const variables = {
      QUOTES: `it's "so" \`uname\` $(uname) \${HOME} $HOME \\ \\n %s !! # ; & |`,
      NEWLINES: 'one\n\n  two\n\n',
      NEWLINE: '\n',
      UNICODE: 'Größe 😀 \u{200b} 日本',
      CONTROL: '\u0001\t\r\u007f',
      EMPTY: '',
      TRAILING: 'ends in a backslash\\',
      PATH: '/usr/bin:/bin:/nowhere',
      IFS: 'xyz',
    }
    const ran = await run(session, `#!/usr/bin/python3\nimport os, json\nprint(json.dumps(dict(os.environ)))`, {
      variables,
    })
    expect(JSON.parse(utf8(ran.stdout))).toMatchObject(variables)
  })

  test('nothing of the start program is left in its environment, its arguments, or its mask', async () => {
    const ran = await run(session, 'env | grep -c ^hp_; echo "$0 $#"; umask; echo "flags:$-:"', {
      name: 'run1/mask/app1/main-1',
    })
    expect(ran.stdout).toMatch(/^0\n\S+\/run1\/mask\/app1\/main-1\/run 0\n0022\n/)
    expect(ran.stdout).toContain('flags::')
  })

  test('a secret is in its environment, and neither in any argv nor on disk', async () => {
    const secret = `s3cret-${randomBytes(8).toString('hex')}`
    const watcher = waitsFor('ready')
    const script = 'echo "ready ${#TOKEN}"; while [ ! -e "$GATE" ]; do sleep 0.05; done; echo "$TOKEN"'
    const name = 'run1/secret/app1/main-1'
    const gate = join(server.folder, 'gate')
    let said = ''
    const running = session.run(
      attempt(script, { name, secrets: { TOKEN: secret }, variables: { GATE: gate } }),
      (stream, bytes) => {
        said += Buffer.from(bytes).toString()
        return watcher.output(stream, bytes)
      },
    )
    await watcher.seen
    // Looked for from a second connection, while it runs.
    const look = `for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null; echo; done | grep -c "$(echo ${Buffer.from(secret).toString('base64')} | base64 -d)"; grep -rl "$(echo ${Buffer.from(secret).toString('base64')} | base64 -d)" ${server.home} | wc -l`
    // The pattern itself is in the argv of one grep: exactly one is itself, none is the attempt's.
    const looked = await run(session, look)
    expect(looked.stdout.split('\n').slice(0, 2).map(Number)).toEqual([expect.toBeOneOf([0, 1]), 0])
    writeFileSync(gate, '')
    expect((await running).outcome).toMatchObject({ kind: 'exit', code: 0 })
    expect(said).toContain(secret)
  })

  test('the programs that receive the script do not have the secret', async () => {
    // sha256sum stands for them all: one that writes down its environment comes first in PATH.
    const bin = join(server.folder, 'bin')
    const seen = join(server.folder, 'seen')
    mkdirSync(bin)
    writeFileSync(join(bin, 'sha256sum'), `#!/bin/sh\nenv >${seen}\nexec /usr/bin/sha256sum "$@"\n`, { mode: 0o755 })
    await using other = await startSshd({ config: [`SetEnv HOME=${server.home} PATH=${bin}:/usr/bin:/bin`] })
    await using way = transportTo(other)
    const script = `echo $TOKEN\n${'# padding\n'.repeat(80)}`
    const ran = await run(await openSession(way, other.host()), script, { secrets: { TOKEN: 'hidden-value' } })
    expect(ran.stdout).toBe('hidden-value\n')
    expect(readFileSync(seen, 'utf8')).toContain('PATH=')
    expect(readFileSync(seen, 'utf8')).not.toContain('hidden-value')
  })

  test.each([
    ['#!/usr/bin/env python3\nprint("py")', 'py\n'],
    ['#!/bin/bash -e\nfalse\necho no', ''],
    ['#! /bin/sh\necho spaced', 'spaced\n'],
    ['#!/bin/sh -eu\n[ "$-" != "${-#*u}" ] && echo argument', 'argument\n'],
    ['#!/bin/sh\r\necho carriage\n', 'carriage\n'],
    ['echo none', 'none\n'],
    ['', ''],
  ])('%j runs by its first line', async (script, said) => {
    expect((await run(session, script)).stdout).toBe(said)
  })

  test('an interpreter that is not there: certainly nothing ran', async () => {
    const ran = await run(session, '#!/opt/nothing/perl\nprint 1', { name: 'run1/none/app1/main-1' })
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'no-shell' })
    expect(ran.message).toContain('/opt/nothing/perl')
    expect(existsSync(join(server.home, '.holdpoint/attempts/run1/none/app1/main-1/go'))).toBe(false)
  })

  test.each([
    ['a name with a dash', { 'A-B': 'x' }, 'A-B'],
    ['a NUL character', { A: 'x\0y' }, 'NUL'],
    ['a name of the start program', { hp_n: 'x' }, 'hp_n'],
  ])('%s is refused before anything is sent', async (_what, variables, word) => {
    const ran = await run(session, 'echo no', { variables })
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'upload-failed' })
    expect(ran.message).toContain(word)
  })
})

describe('the claim', () => {
  test('a second start of the same attempt never runs', async () => {
    const count = join(server.folder, 'starts')
    const request = attempt(`echo x >>${count}`, { name: 'run1/once/app1/main-1' })
    const quiet = () => Promise.resolve()
    expect((await session.run(request, quiet)).outcome).toMatchObject({ kind: 'exit', code: 0 })
    const second = await session.run(request, quiet)
    expect(second.outcome).toEqual({ kind: 'lost', code: 'already-started' })
    expect(second.message).toContain('run1/once/app1/main-1')
    expect(readFileSync(count, 'utf8')).toBe('x\n')
  })

  test('of eight racing starts one runs', async () => {
    const count = join(server.folder, 'races')
    const request = attempt(`echo x >>${count}; sleep 0.2`, { name: 'run1/race/app1/main-1' })
    const ends = await Promise.all(Array.from({ length: 8 }, () => session.run(request, () => Promise.resolve())))
    expect(readFileSync(count, 'utf8')).toBe('x\n')
    expect(ends.filter(({ outcome }) => outcome.kind === 'exit')).toHaveLength(1)
    expect(ends.filter(({ outcome }) => outcome.kind === 'lost' && outcome.code === 'already-started')).toHaveLength(7)
  })

  test('a script that does not match its digest runs nothing and leaves no claim', async () => {
    const count = join(server.folder, 'mismatch')
    const name = 'run1/digest/app1/main-1'
    const wrong = await run(session, `echo x >>${count}`, { name, sha256: 'a'.repeat(64) })
    expect(wrong.outcome).toEqual({ kind: 'not-started', code: 'upload-failed' })
    expect(existsSync(count)).toBe(false)
    expect((await run(session, `echo x >>${count}`, { name })).outcome).toMatchObject({ kind: 'exit', code: 0 })
  })

  test('an upload that was cut leaves room for the next', async () => {
    const name = 'run1/cut/app1/main-1'
    const folder = join(server.home, '.holdpoint/attempts', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'run'), 'half a scr')
    expect((await run(session, 'echo whole', { name })).stdout).toBe('whole\n')
  })

  test('the folder is private, and holds the script and its start', async () => {
    const name = 'run1/private/app1/main-1'
    await run(session, 'echo x', { name })
    const folder = join(server.home, '.holdpoint/attempts', name)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder).toSorted()).toEqual(['go', 'run'])
    expect(readFileSync(join(folder, 'go'), 'utf8')).toMatch(/^\d+ [0-9a-f]{20} \d+ \(sh\) /)
  })

  test('a home that cannot be written to: the folder is in TMPDIR, and the claim holds there too', async () => {
    const home = join(server.folder, 'no-home')
    const temporary = join(server.folder, 'temporary')
    mkdirSync(temporary)
    writeFileSync(home, 'a file, not a folder')
    await using other = await startSshd({ config: [`SetEnv HOME=${home} TMPDIR=${temporary}`] })
    await using way = transportTo(other)
    const near = await openSession(way, other.host())
    const ran = await run(near, 'echo "$0"', { name: 'run1/away/app1/main-1' })
    expect(ran.stdout).toContain(`${temporary}/.holdpoint-`)
    const again = await run(near, 'echo "$0"', { name: 'run1/away/app1/main-1' })
    expect(again.outcome).toEqual({ kind: 'lost', code: 'already-started' })
  })

  test('neither a home nor a place for files: nothing ran, and it says where it tried', async () => {
    const nowhere = join(server.folder, 'nowhere')
    writeFileSync(nowhere, '')
    await using other = await startSshd({ config: [`SetEnv HOME=${nowhere} TMPDIR=${nowhere}`] })
    await using way = transportTo(other)
    const ran = await run(await openSession(way, other.host()), 'echo no')
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'upload-failed' })
    expect(ran.message).toContain(nowhere)
  })
})

describe('ending it', () => {
  const alive = (token: string) =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(token)
        } catch {
          return false
        }
      })
  /** A number that only this test sleeps for. */
  const unusual = () => `${1000 + Math.floor(Math.random() * 1e6)}.${Math.floor(Math.random() * 1e6)}`

  test('the time limit ends the whole tree, and nothing of it is left', async () => {
    const nap = unusual()
    const ran = await run(session, `sleep ${nap} & (sleep ${nap}; echo) & sh -c "sleep ${nap}; echo"`, {
      timeoutMs: 400,
    })
    expect(ran.outcome).toEqual({ kind: 'timeout' })
    expect(ran.durationMs).toBeGreaterThanOrEqual(400)
    expect(alive(nap)).toEqual([])
  })

  test('who ignores TERM or left the session is ended as well', async () => {
    const nap = unusual()
    const script = `trap '' TERM HUP; (setsid sh -c 'trap "" TERM; sleep ${nap}; echo' &); while :; do sleep ${nap}; done`
    const ran = await run(session, script, { timeoutMs: 400 })
    expect(ran.outcome).toEqual({ kind: 'timeout' })
    expect(alive(nap)).toEqual([])
  })

  test('a script that ends by itself in time is not touched by its limit', async () => {
    expect((await run(session, 'sleep 0.1; exit 7', { timeoutMs: 30_000 })).outcome).toMatchObject({ code: 7 })
  })

  test('cancelling ends it and tells a signal, whatever it answers', async () => {
    const nap = unusual()
    const stop = new AbortController()
    const watcher = waitsFor('ready')
    const running = session.run(
      attempt(`trap 'exit 0' TERM; echo ready; sleep ${nap} & wait`),
      watcher.output,
      stop.signal,
    )
    await watcher.seen
    stop.abort()
    const end = await running
    expect(end.outcome).toEqual({ kind: 'signal', signal: 'TERM' })
    expect(end.message).toContain('cancelled')
    expect(alive(nap)).toEqual([])
  })

  test('cancelled before it began: nothing ran', async () => {
    const ran = await run(session, 'echo no', {}, AbortSignal.abort())
    expect(ran.outcome).toEqual({ kind: 'not-started', code: 'cancelled' })
  })

  test('with one channel allowed it is ended over a connection of its own', async () => {
    const nap = unusual()
    await using other = await startSshd({ config: ['MaxSessions 1'] })
    await using way = transportTo(other)
    const ran = await run(await openSession(way, other.host()), `sleep ${nap}`, { timeoutMs: 300 })
    expect(ran.outcome).toEqual({ kind: 'timeout' })
    expect(alive(nap)).toEqual([])
  })
})
