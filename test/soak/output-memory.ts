/** Much output from one step, a screen attached: what it costs the console in memory, its helpers included. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Recorded } from '../../shared/model/events.ts'
import { isRefusal } from '../../shared/model/commands.ts'
import { startSshd } from '../support/sshd.ts'
import { type Client, openScreen } from '../support/host-screen.ts'

export type Measured = {
  /** Of output that the log binds. */
  readonly bytes: number
  /** Memory of the console's processes together, in bytes: at rest before the step, and the most while it ran. */
  readonly idle: number
  readonly peak: number
  readonly seconds: number
  /** Live frames that the screen received. */
  readonly frames: number
}

/** @throws Error when the step does not pass, or its stored output is not what the host said */
export async function measureOutput(bytes: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-output-'))
  try {
    await using server = await startSshd()
    const dataDir = join(folder, 'data')
    mkdirSync(dataDir, { mode: 0o700 })
    writeFileSync(join(dataDir, 'known_hosts'), server.knownHosts, { mode: 0o600 })
    writeFileSync(
      join(folder, 'hosts.yaml'),
      `holdpoint: hosts/v1\nhosts:\n  app1: { address: ${server.address}, port: ${server.port}, user: ${server.user}, identity: ${server.identity} }\n`,
    )
    const runbook = join(folder, 'runbook.yaml')
    writeFileSync(runbook, runbookOf(bytes))
    await using screen = await openScreen({ dataDir, stateDir: join(folder, 'state') })
    const { client, pid } = screen
    allowed(await client.console.setup({ name: 'Soak', key: { kind: 'new' } }))
    allowed(await client.runbooks.add({ path: runbook }))
    const { run } = allowed(await client.runs.plan({ runbook, mode: 'live', variables: {}, secrets: {} }))
    const watching = watch(client, run)
    await watching.current
    const idle = memoryOf(pid, 'VmRSS')
    forgetPeaks(pid)
    const began = performance.now()
    allowed(await client.runs.act({ run, command: { do: 'startRun' } }))
    const state = await watching.ended
    const seconds = (performance.now() - began) / 1000
    const peak = memoryOf(pid, 'VmHWM')
    if (state !== 'passed') throw new Error(`the step ${state}`)
    await sameAsOnHost(client, run, bytes, readFileSync(join(server.home, 'sum'), 'utf8').slice(0, 64))
    return { bytes: watching.bound(), idle, peak, seconds, frames: watching.frames() }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What no compressor makes smaller, and no two segments share. */
function runbookOf(bytes: number): string {
  const key = '0'.repeat(32)
  return `holdpoint: runbook/v1
id: flood
title: Flood
owner: soak
steps:
  - id: flood
    kind: script
    title: Flood
    on: app1
    run: |
      openssl enc -aes-128-ctr -K ${key} -iv ${key} </dev/zero 2>/dev/null | head -c ${bytes} | tee "$HOME/all" 
      sha256sum <"$HOME/all" >"$HOME/sum"; rm -f "$HOME/all"
    duration: { expected: 1m }
    backout: { none: It only says something }
`
}

type Watching = {
  readonly current: Promise<void>
  /** How the step ended. */
  readonly ended: Promise<string>
  bound(): number
  frames(): number
}

/** Reads as a screen does: events and live output; after an overflow it asks again from what it has. */
function watch(client: Client, run: string): Watching {
  const current = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  let next = 0
  let bound = 0
  let frames = 0
  const take = (event: Recorded): void => {
    next = event.ref.seq + 1
    if (event.type === 'output.bound') bound += spanOf(event)
    if (event.type === 'cell.ended') ended.resolve(String(event.data['state']))
  }
  const read = async (): Promise<void> => {
    for (;;) {
      for await (const frame of await client.runs.watch({ run, from: next })) {
        if (frame.kind === 'current') current.resolve()
        if (frame.kind === 'live') frames += 1
        if (frame.kind === 'events') for (const event of frame.events) take(event)
        if (frame.kind === 'resync') break
      }
    }
  }
  read().catch((cause: unknown) => {
    current.reject(cause)
    ended.reject(cause)
  })
  return { current: current.promise, ended: ended.promise, bound: () => bound, frames: () => frames }
}

function spanOf(event: Recorded): number {
  const { from, to } = event.data['raw'] as { from: number; to: number }
  return to - from
}

/** Fetches all of the stored output by ranges, as a screen fetches what it shows, and compares it with the host's word. */
async function sameAsOnHost(client: Client, run: string, bytes: number, sum: string): Promise<void> {
  const hash = createHash('sha256')
  const step = { run, step: 'flood', target: 'app1', purpose: 'main', try: 1, stream: 'stdout' } as const
  for (let from = 0; from < bytes; ) {
    const range = await client.runs.output({ ...step, from, limit: 1_048_576 })
    const piece = Buffer.from(range.base64, 'base64')
    if (range.total !== bytes || piece.length === 0) throw new Error(`${range.total} of ${bytes} bytes are stored`)
    hash.update(piece)
    from += piece.length
  }
  if (hash.digest('hex') !== sum) throw new Error('what is stored is not what the host said')
}

function allowed<T>(answer: T): Exclude<T, { refused: true }> {
  if (isRefusal(answer)) throw new Error(answer.message)
  return answer as Exclude<T, { refused: true }>
}

/** Sum over a process and all that it started. @param field of /proc/PID/status, in kB there */
function memoryOf(root: number, field: 'VmRSS' | 'VmHWM'): number {
  return tree(root).reduce((sum, pid) => {
    const kb = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(statusOf(pid))?.[1]
    return sum + Number(kb ?? 0) * 1024
  }, 0)
}

/** From now on VmHWM is the most since now. */
function forgetPeaks(root: number): void {
  for (const pid of tree(root)) writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function tree(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = /^PPid:\s+(\d+)/m.exec(statusOf(Number(name)))?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const found = [root]
  for (const parent of found) for (const [pid, ppid] of parents) if (ppid === parent) found.push(pid)
  return found
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
