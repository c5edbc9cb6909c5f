/**
 * Practice hosts: app1, app2 and db1, served by a process of their own on this machine alone. Each is a folder that
 * persists and a real /bin/sh as the current user, so a rehearsal with them does what its scripts say, and only there.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Refusal, refusal } from '../../shared/model/commands.ts'
import type { Host } from '../../shared/model/inventory.ts'
import { PracticeReport, type StartPractice } from './messages.ts'
import { SHELL } from './shell-session.ts'

/** Name, tags: what the samples' selectors look for. */
const HOSTS = [
  { name: 'app1', tags: ['app'] },
  { name: 'app2', tags: ['app'] },
  { name: 'db1', tags: ['db'] },
] as const

/** How a process is started that runs the entry; Electron's utilityProcess fits as well as Node's child_process. */
export type PracticeProcess = {
  send(message: StartPractice): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: () => void): void
  /** Resolves when it has ended. */
  end(): Promise<void>
}

export type PracticeOptions = {
  /** The console's data folder; `practice/` in it belongs to these hosts. */
  readonly dataDir: string
  /** The entry file of the process, where this is bundled; beside this file otherwise. */
  readonly entry?: string
  readonly start?: (entry: string) => PracticeProcess
}

export type PracticeHosts = AsyncDisposable & {
  readonly hosts: readonly Host[]
  /** What a transport needs to reach them: a key of their own and pinned host keys. */
  readonly reach: { readonly privateKey: string; readonly hostKeys: Readonly<Record<string, string>> }
  /** Resolves when they are gone, whoever ended them. */
  readonly gone: Promise<void>
  close(): Promise<void>
}

const STARTING_MS = 20_000

/** @returns a refusal in plain words where a practice host cannot be, above all where there is no /bin/sh */
export async function startPracticeHosts(options: PracticeOptions): Promise<PracticeHosts | Refusal> {
  const unable = whyNot()
  if (unable !== null) return refusal('no-shell', unable)
  const entry = options.entry ?? fileURLToPath(new URL('./server.ts', import.meta.url))
  const served = (options.start ?? startNode)(entry)
  const gone = Promise.withResolvers<void>()
  served.onExit(() => gone.resolve())
  const report = await new Promise<PracticeReport>((done) => {
    const fail = (message: string) => done({ kind: 'failed', code: 'practice-failed', message })
    const timer = setTimeout(() => fail('they did not start in time'), STARTING_MS)
    served.onExit(() => fail('their process ended at once'))
    served.onMessage((message) => {
      clearTimeout(timer)
      const read = PracticeReport.safeParse(message)
      if (read.success) done(read.data)
      else fail('their process gave an answer that is not understood')
    })
    served.send({ kind: 'start', folder: resolve(options.dataDir, 'practice'), hosts: HOSTS.map(({ name }) => name) })
  })
  if (report.kind === 'failed') {
    await served.end()
    return refusal(report.code, `The practice hosts could not be started: ${report.message}.`)
  }
  const close = () => served.end()
  return {
    hosts: report.hosts.map(({ name, port }) => ({
      name,
      address: '127.0.0.1',
      port,
      user: 'practice',
      identity: null,
      tags: [...(HOSTS.find((host) => host.name === name)?.tags ?? [])],
      groups: ['practice'],
      isPractice: true,
    })),
    reach: {
      privateKey: report.privateKey,
      hostKeys: Object.fromEntries(report.hosts.map(({ name, hostKey }) => [name, hostKey])),
    },
    gone: gone.promise,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** @returns null when practice hosts can be had on this machine */
export function whyNot(shell: string = SHELL): string | null {
  try {
    accessSync(shell, constants.X_OK)
    return null
  } catch {
    return `Practice hosts need ${shell}, and this machine has none. Take a walkthrough instead, or run with hosts of your own (--hosts).`
  }
}

function startNode(entry: string): PracticeProcess {
  const child: ChildProcess = fork(entry, [], {
    // Nothing of the console's environment reaches what runs on a practice host.
    env: {},
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  return {
    send: (message) => void child.send(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void exited.then(listener),
    async end() {
      if (child.connected) child.disconnect()
      child.kill('SIGTERM')
      await exited
    },
  }
}
