/** A real console with practice hosts, as built, in a scratch folder that goes away with the test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ROOT } from '../support/command.ts'

export type HostUnderTest = AsyncDisposable & {
  /** Good for one use. */
  readonly link: string
  readonly folder: string
  /** kill -9: what the console has acknowledged must survive it. */
  kill(): Promise<void>
  /** Starts again on the same data. @returns a new link */
  restart(): Promise<string>
}

/** Gives the body a console of its own. The page leaves before the console ends: that is no loss of connection. */
export async function withHost(page: Page, body: (host: HostUnderTest) => Promise<void>): Promise<void> {
  await using host = await startHost()
  try {
    await body(host)
  } finally {
    await page.goto('about:blank')
  }
}

const STARTS_WITHIN_MS = 60_000

async function startHost(): Promise<HostUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-browser-'))
  let running = await launch(folder)
  return {
    link: running.link,
    folder,
    kill: () => ended(running.child, 'SIGKILL'),
    async restart() {
      running = await launch(folder)
      return running.link
    },
    async [Symbol.asyncDispose]() {
      await ended(running.child, 'SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function launch(folder: string): Promise<{ readonly child: ChildProcess; readonly link: string }> {
  const program = join(ROOT, 'out/node/host.js')
  if (!existsSync(program)) throw new Error('nothing is built: run `npm run build` first')
  const child = spawn(process.execPath, [program, '--data', join(folder, 'data'), '--practice'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_STATE_HOME: join(folder, 'state'), SSH_AUTH_SOCK: '' },
  })
  return new Promise((ready, fail) => {
    let said = ''
    const patience = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`the console gave no link in time: ${said}`))
    }, STARTS_WITHIN_MS)
    const listen = (bytes: Buffer): void => {
      said += bytes.toString()
      const link = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(said)?.[0]
      if (link === undefined) return
      clearTimeout(patience)
      ready({ child, link })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', (code) => {
      clearTimeout(patience)
      fail(new Error(`the console ended with ${code}: ${said}`))
    })
  })
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill(signal)
  await gone
}
