/** `npm start` from a checkout: says which shell and why, serves it, and ends with what it started. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { ROOT } from '../../support/command.ts'

const LINK = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/

test('without a display the browser shell is served, with the reason in one line', async () => {
  await using started = await start([])
  const lines = await started.untilLink()
  const reasons = lines.filter((line) => line.startsWith('Opening the browser shell'))
  expect(reasons).toEqual([
    expect.stringMatching(
      /^Opening the browser shell, not the desktop one: (it does not run as root|there is no display)\.$/,
    ),
  ])
  const page = await fetch(new URL('/', LINK.exec(lines.join('\n'))?.[0]))
  expect(page.status).toBe(200)
  started.child.kill('SIGTERM')
  expect(await started.ended).toBe(0)
  // What it started has ended with it: nothing answers there any more.
  await expect(fetch(page.url)).rejects.toThrow()
}, 120_000)

test('--desktop where it cannot be is an error, not a fallback', async () => {
  await using started = await start(['--desktop'])
  expect(await started.ended).toBe(1)
  expect(started.said()).toMatch(/The desktop shell does not start: (it does not run as root|there is no display)\./)
}, 120_000)

async function start(args: readonly string[]) {
  const data = await mkdtemp(join(tmpdir(), 'holdpoint-start-'))
  const child: ChildProcess = spawn(
    process.execPath,
    ['electron/entry/start.ts', '--data', join(data, 'first'), '--no-practice', ...args],
    { cwd: ROOT, env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const lines: string[] = []
  const errors: Buffer[] = []
  child.stderr?.on('data', (bytes: Buffer) => errors.push(bytes))
  const ended = new Promise<number | null>((done) => child.once('close', done))
  const said = () => [...lines, Buffer.concat(errors).toString()].join('\n')
  return {
    child,
    ended,
    said,
    async untilLink(): Promise<string[]> {
      if (child.stdout === null) throw new Error('no output to read')
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line)
        if (LINK.test(line)) return lines
      }
      throw new Error(`it ended without a link: ${said()}`)
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGTERM')
      await ended
      await rm(data, { recursive: true, force: true })
    },
  }
}
