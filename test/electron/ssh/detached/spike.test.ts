/**
 * Before detached attempts are built: the shell of them, with sudo, secrets and masking, through a proxy that cuts. What it
 * proves: one start however often it is asked for; output whole and masked from offsets, over links and consoles that come
 * and go; the exit code; no secret in arguments, on disk, or here.
 */
import { createHash, randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { masker } from '../../../../electron/blobs/mask.ts'
import { startProxy } from '../../../support/links.ts'
import { makeAccount, type Sshd, startSshd } from '../../../support/sshd.ts'
import { commandOf, requestOf } from './program.ts'

const LINES = 16_000
const SECRET = `p@ss 'w"rd \\ ${randomBytes(6).toString('hex')}`

let server: Sshd
let account: Disposable & { readonly user: string; readonly password: string }
// Without root there is no account to be made, and no rule for it: then only what is done as oneself is shown.
const isRoot = process.getuid?.() === 0
let state: string
let rules: string
beforeAll(async () => {
  server = await startSshd()
  account = isRoot ? makeAccount() : { user: server.user, password: '', [Symbol.dispose]: () => undefined }
  state = mkdtempSync(join(tmpdir(), 'holdpoint-state-'))
  own(state)
  rules = `/etc/sudoers.d/${account.user}`
})
afterAll(async () => {
  if (isRoot) rmSync(rules, { force: true })
  rmSync(state, { recursive: true, force: true })
  account[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

function own(folder: string): void {
  if (isRoot) execFileSync('chown', [account.user, folder])
}

/** What each stream has, masked; and what of the host's bytes that stands for. */
type Kept = { readonly parts: Buffer[]; raw: number }

function keep(kept: Kept) {
  const mask = masker([SECRET])
  const take = (pieces: ReturnType<typeof mask.push>) => {
    for (const { bytes, raw } of pieces) {
      kept.parts.push(Buffer.from(bytes))
      kept.raw += raw
    }
  }
  return { push: (bytes: Buffer) => take(mask.push(bytes)), end: () => take(mask.end()) }
}

type Told = { readonly word: string; readonly rest: string }

/** The host's words, apart from the script's bytes: one line before them, one after. */
function reader(nonce: string, onBytes: (bytes: Buffer) => void) {
  let held = Buffer.alloc(0)
  let isOpen = false
  let told: Told | null = null
  return {
    told: () => told,
    isOpen: () => isOpen,
    push(bytes: Buffer) {
      held = Buffer.concat([held, bytes])
      if (!isOpen) {
        const mark = held.indexOf(`${nonce} `)
        const end = mark < 0 ? -1 : held.indexOf('\n', mark)
        if (end < 0) return
        const line = held.toString('latin1', mark + nonce.length + 1, end)
        if (line !== 'go') {
          told = { word: 'fail', rest: line }
          return
        }
        isOpen = true
        held = held.subarray(end + 1)
      }
      // What may be the line after them stays here until more has come.
      const last = held.indexOf(`${nonce} `)
      const upTo = last >= 0 ? last : Math.max(0, held.length - nonce.length - 1)
      if (upTo > 0) onBytes(held.subarray(0, upTo))
      held = held.subarray(upTo)
      const found = /^[0-9a-f]+ (\w+) ?(.*)\n/.exec(held.toString('latin1'))
      if (last >= 0 && found !== null) told = { word: found[1] ?? '', rest: found[2] ?? '' }
    },
  }
}

type Attempt = {
  readonly port: number
  readonly become: string
  readonly password: string | null
  readonly folder: string
  readonly script: string
  /** Called for each connection, with what the transport has received so far. */
  readonly onBytes: (count: number) => void
}

/** One connection: starts or joins, and follows to the end or until the link is gone. */
async function join1(attempt: Attempt, out: Kept, err: Kept): Promise<Told | null> {
  const client = new ssh2.Client()
  try {
    const nonce = randomBytes(10).toString('hex')
    await new Promise<void>((done, fail) => {
      client
        .once('ready', () => done())
        .once('error', fail)
        .once('close', () => fail(new Error('closed')))
      client.connect({
        host: '127.0.0.1',
        port: attempt.port,
        username: account.user,
        privateKey: readFileSync(server.identity),
        readyTimeout: 10_000,
      })
    })
    client.on('error', () => undefined)
    const channel = await new Promise<ssh2.ClientChannel>((done, fail) =>
      client.exec(commandOf(nonce, attempt.become), (error, made) => (error === undefined ? done(made) : fail(error))),
    )
    const [keptOut, keptErr] = [keep(out), keep(err)]
    const readers = [reader(nonce, keptOut.push), reader(nonce, keptErr.push)] as const
    const over = new Promise<void>((done) => {
      channel.once('close', () => done())
      client.once('close', () => done())
    })
    channel.on('error', () => undefined)
    const count = (bytes: Buffer) => attempt.onBytes(bytes.length)
    channel.on('data', (bytes: Buffer) => (count(bytes), readers[0].push(bytes)))
    channel.stderr.on('data', (bytes: Buffer) => (count(bytes), readers[1].push(bytes)))
    const sha256 = createHash('sha256').update(attempt.script).digest('hex')
    const have = { stdout: out.raw, stderr: err.raw }
    const request = { folder: attempt.folder, script: attempt.script, sha256, secrets: { PASSWORD: SECRET }, have }
    channel.write(requestOf(request, nonce, attempt.password))
    await over
    const told = readers[1].told()
    // Held back as the possible beginning of a secret: only at the end is it known not to be one.
    if (told !== null) for (const kept of [keptOut, keptErr]) kept.end()
    return told
  } catch {
    return null
  } finally {
    client.destroy()
  }
}

const SCRIPT = `echo start >>"$COUNT"
awk 'BEGIN { for (i = 0; i < ${LINES}; i++) {
  print "out " i, "abcdefghijklmnopqrstuvwxyz", (i % 500 == 0 ? ENVIRON["PASSWORD"] : "-")
  print "err " i, "zyxwvutsrqponmlkjihgfedcba", (i % 700 == 0 ? ENVIRON["PASSWORD"] : "-") >"/dev/stderr"
  if (i % 1000 == 0) { fflush(); system("sleep 0.05") }
} }'
exit 7
`
function expected(word: string, letters: string, every: number): string {
  const lines = Array.from({ length: LINES }, (_, i) => `${word} ${i} ${letters} ${i % every === 0 ? '******' : '-'}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex')
}
const digestOf = ({ parts }: Kept) => createHash('sha256').update(Buffer.concat(parts)).digest('hex')

function everyFileBelow(folder: string): Buffer {
  return Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !['out', 'err'].includes(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  )
}

function argumentsOfAll(): string {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      } catch {
        return ''
      }
    })
    .join('\n')
}

describe.each([
  ['as oneself', '', null, null],
  ['under sudo that asks nothing', 'sudo -n -- ', null, 'NOPASSWD: ALL'],
  ['under sudo with a password', 'sudo -S -p "" -- ', 'its own', 'ALL'],
] as const)('%s', (name, become, password, rule) => {
  test.runIf(isRoot || rule === null)(
    'cut again and again, it starts once, and all of it arrives, masked',
    { timeout: 120_000 },
    async () => {
      if (rule !== null) writeFileSync(rules, `${account.user} ALL=(root) ${rule}\n`, { mode: 0o440 })
      await using proxy = await startProxy(server)
      const folder = join(state, name.replaceAll(' ', '-'))
      mkdirSync(folder, { mode: 0o700 })
      own(folder)
      const count = join(folder, 'starts')
      const [out, err]: [Kept, Kept] = [
        { parts: [], raw: 0 },
        { parts: [], raw: 0 },
      ]
      let seen = 0
      let links = 0
      let next = 0
      let isSecretInArguments = false
      const attempt: Attempt = {
        port: proxy.port,
        become,
        password: password === null ? null : account.password,
        folder: join(folder, 'attempt'),
        script: SCRIPT.replaceAll('$COUNT', count),
        onBytes(bytes) {
          seen += bytes
          if (seen < next) return
          next = Number.POSITIVE_INFINITY
          isSecretInArguments ||= argumentsOfAll().includes(SECRET)
          proxy.cut()
        },
      }
      let told: Told | null = null
      while (told === null && links < 60) {
        links++
        next = seen + 100_000
        told = await join1(attempt, out, err)
      }
      expect(told).toEqual({ word: 'end', rest: '7' })
      expect(links).toBeGreaterThan(3)
      expect(readFileSync(count, 'utf8')).toBe('start\n')
      expect(digestOf(out)).toBe(expected('out', 'abcdefghijklmnopqrstuvwxyz', 500))
      expect(digestOf(err)).toBe(expected('err', 'zyxwvutsrqponmlkjihgfedcba', 700))
      expect(isSecretInArguments).toBe(false)
      // On the host only its own output has it.
      const kept = everyFileBelow(folder).toString('latin1')
      expect(kept).not.toContain(SECRET)
      expect(kept).not.toContain(account.password)
      expect(readFileSync(join(attempt.folder, 'out'), 'latin1')).toContain(SECRET)
      // Nothing of those that were cut off is left, and nothing of the supervisor.
      await expect.poll(() => argumentsOfAll().includes(attempt.folder), { timeout: 10_000 }).toBe(false)
      // Asked for once more, it only tells again how it ended.
      const again: [Kept, Kept] = [
        { parts: [], raw: 0 },
        { parts: [], raw: 0 },
      ]
      expect(await join1({ ...attempt, onBytes: () => undefined }, ...again)).toEqual({ word: 'end', rest: '7' })
      expect(digestOf(again[0])).toBe(digestOf(out))
      expect(readFileSync(count, 'utf8')).toBe('start\n')
    },
  )
})
