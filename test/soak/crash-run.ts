/**
 * One run whose console is killed, and what must be true afterwards. The facts are taken from the host's own files, from
 * what the console had printed before it died, and from its log; never from what the console says of itself later.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { runCommandLine } from '../../electron/cli/program.ts'
import { doorsOf } from '../../electron/entry/command-line.ts'
import { TEMPORARY_PREFIX } from '../../electron/disk/durable-file.ts'
import { openReader } from '../../electron/store/open-reader.ts'
import { asRunEvent, type Recorded } from '../../shared/model/events.ts'
import { fold } from '../../shared/run/fold.ts'
import { cellsOf } from '../../shared/run/rules.ts'
import type { Cell, Run } from '../../shared/run/state.ts'
import { ROOT } from '../support/command.ts'
import { attemptsAlive, type CrashWorld } from './crash-world.ts'
import type { Doom } from './doom.ts'

export const PLACES = ['mid-append', 'mid-exec', 'mid-segment'] as const
export type Place = (typeof PLACES)[number]

export type Crash = {
  readonly place: Place
  /** Where exactly, from the evidence. */
  readonly evidence: string
  readonly run: string
  readonly acknowledged: number
  /** Attempts that were open when the console died: all of them were unknown afterwards. */
  readonly inDoubt: number
}

/** What must not be: the message says which promise was broken, and where. */
class Broken extends Error {}

function must(isTrue: boolean, what: string): asserts isTrue {
  if (!isTrue) throw new Broken(what)
}

export async function crashRun(world: CrashWorld, place: Place, seed: number): Promise<Crash> {
  const gate = join(world.folder, `gate-${seed}`)
  const note = join(world.folder, `note-${seed}`)
  const answers = join(world.folder, `answers-${seed}.yaml`)
  writeFileSync(answers, `holdpoint: answers/v1\nvariables: { gate: ${gate} }\n`)
  if (place !== 'mid-exec') writeFileSync(gate, '')
  const startsBefore = world.noted('starts').length
  const child = spawn(
    process.execPath,
    [
      ...(place === 'mid-exec' ? [] : ['--import', pathToFileURL(join(import.meta.dirname, 'doom.ts')).href]),
      'electron/entry/checkout.ts',
      'run',
      world.runbook,
      '--live',
      '--operator',
      'Soak',
      '--answers',
      answers,
      '--data',
      world.dataDir,
      '--json',
    ],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        HOLDPOINT_STATE: world.stateDir,
        HOLDPOINT_DOOM: JSON.stringify(doomOf(place, seed, note)),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes) => (said.out += String(bytes)))
  child.stderr.on('data', (bytes) => (said.err += String(bytes)))
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  if (place === 'mid-exec') {
    // On a number of hosts that differs from run to run the script has begun, and it waits for its gate.
    const wanted = startsBefore + 1 + (seed % world.hosts.length)
    while (world.noted('starts').length < wanted && child.exitCode === null)
      await new Promise((done) => setTimeout(done, 20))
    child.kill('SIGKILL')
  }
  const [code, signal] = await closed
  must(signal === 'SIGKILL', `the console ended by itself with ${code} before it was killed: ${said.err}`)

  const acknowledged = printedBy(said.out)
  const run = String(acknowledged[0]?.data['run'])
  const entries = entriesOf(world, run)
  const evidence = evidenceOf(world, place, run, note, entries)
  const open = openAttempts(stateOf(entries))
  keeps(acknowledged, entries)

  writeFileSync(gate, '')
  await world.quiet(run)
  const resumed = await holdpoint(world, ['resume', run, '--json'])
  must(
    resumed.exit === (open.length > 0 ? 4 : 0),
    `resume of ${run} answered ${resumed.exit} with ${open.length} in doubt: ${resumed.err}`,
  )
  const after = stateOf(entriesOf(world, run))
  for (const cell of open) {
    const now = after.cells[cell.step]?.[cell.target]
    must(
      now?.state === 'unknown' && now.tries === cell.tries,
      `${cell.step} on ${cell.target} of ${run} was in doubt and is ${now?.state}, try ${now?.tries}`,
    )
  }
  if (open.length > 0) {
    writeFileSync(answers, answersFor(world, run, open))
    const settled = await holdpoint(world, ['resume', run, '--json', '--answers', answers])
    must(settled.exit === 0, `${run} did not come to its end: ${settled.exit} ${settled.err}`)
  }
  keeps(acknowledged, entriesOf(world, run))
  startedOnceEach(world, run, entriesOf(world, run))
  const verified = await holdpoint(world, ['journal', 'verify', '--json'])
  must(verified.exit === 0, `the log does not verify: ${verified.out}`)
  return { place, evidence, run, acknowledged: acknowledged.length, inDoubt: open.length }
}

function doomOf(place: Place, seed: number, note: string): Doom | null {
  // A fixed walk over the first entries and segments of a run: which ones does not depend on the machine.
  const step = (seed * 7919) % 97
  const isEven = Math.floor(seed / PLACES.length) % 2 === 0
  switch (place) {
    case 'mid-append':
      return { at: isEven ? 'inside' : 'committed', nth: 1 + (step % 24), note }
    case 'mid-segment':
      return { at: isEven ? 'written' : 'stored', nth: 1 + (step % 12), note }
    case 'mid-exec':
      return null
  }
}

/** Whole lines only: a line that was cut was not said. */
function printedBy(out: string): Recorded[] {
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { event?: Recorded })
    .flatMap(({ event }) => (event === undefined ? [] : [event]))
}

function entriesOf(world: CrashWorld, run: string): readonly Recorded[] {
  const reader = openReader({ dataDir: world.dataDir })
  try {
    return reader.read({ from: 0, run })
  } finally {
    reader.close()
  }
}

function stateOf(entries: readonly Recorded[]): Run {
  let run: Run | null = null
  for (const entry of entries) {
    const event = asRunEvent(entry)
    if (event !== null) run = fold(run, event)
  }
  must(run !== null, 'the run is not in its log')
  return run
}

function openAttempts(run: Run): Cell[] {
  return run.order.flatMap((step) => cellsOf(run, step).filter((cell) => cell.open !== null))
}

/** The place is where it was meant to be: told by what is left on the disk and on the hosts. */
function evidenceOf(world: CrashWorld, place: Place, run: string, note: string, entries: readonly Recorded[]): string {
  const last = entries.at(-1)?.ref.seq ?? -1
  if (place === 'mid-exec') {
    const alive = attemptsAlive(run)
    const began = world.noted('starts').filter((attempt) => alive.includes(attempt))
    must(began.length > 0, `nothing of ${run} runs on any host`)
    return `${began.length} of its scripts run on`
  }
  must(existsSync(note), `the console of ${run} died elsewhere`)
  const { at, seq, type, from, to } = JSON.parse(readFileSync(note, 'utf8')) as Doom & {
    seq?: number
    type?: string
    from?: string
    to?: string
  }
  switch (at) {
    case 'inside':
      must(seq !== undefined && last < seq, `entry ${seq} was not committed, and is there`)
      return `${at} the transaction of ${type}`
    case 'committed':
      must(seq !== undefined && last >= seq, `entry ${seq} was committed, and is not there`)
      return `${type} ${at}, nobody told`
    case 'written':
      must(existsSync(from ?? '') && !existsSync(to ?? ''), `${to} has its name already`)
      must((from ?? '').includes(TEMPORARY_PREFIX), `${from} is no temporary file`)
      return `a segment ${at}, not named`
    case 'stored': {
      const name = (to ?? '').split('/').at(-1)?.replace('.zst', '') ?? ''
      must(existsSync(to ?? ''), `${to} is not there`)
      must(!JSON.stringify(entries).includes(name), `an entry tells of ${name} already`)
      return `a segment ${at}, not bound`
    }
  }
}

function keeps(acknowledged: readonly Recorded[], entries: readonly Recorded[]): void {
  const kept = new Map(entries.map((entry) => [entry.ref.seq, entry]))
  for (const entry of acknowledged)
    must(
      isDeepStrictEqual(kept.get(entry.ref.seq), entry),
      `entry ${entry.ref.seq} was acknowledged and is lost or changed`,
    )
}

/** From the hosts' own files: no attempt began twice, and none without its intent in the log. */
function startedOnceEach(world: CrashWorld, run: string, entries: readonly Recorded[]): void {
  const intents = new Set(
    entries
      .filter(({ type }) => type === 'attempt.started')
      .map(({ data }) =>
        [run, data['step'], data['target'], `${String(data['purpose'])}-${String(data['try'])}`].map(String).join('/'),
      ),
  )
  const counts = new Map<string, number>()
  for (const attempt of world.noted('starts'))
    if (attempt.startsWith(`${run}/`)) counts.set(attempt, (counts.get(attempt) ?? 0) + 1)
  for (const [attempt, count] of counts) {
    must(count === 1, `${attempt} began ${count} times`)
    must(intents.has(attempt), `${attempt} began without an intent in the log`)
  }
}

/** What a person finds on the hosts: it ended there, or it did not and is tried again by their decision. */
function answersFor(world: CrashWorld, run: string, open: readonly Cell[]): string {
  const ended = new Set(world.noted('ends'))
  const lines = open.map(({ step, target, tries }) => {
    const isEnded = ended.has(`${run}/${step}/${target}/main-${tries}`)
    const decide = isEnded ? 'passed' : 'retry'
    return `  - { question: unknown, step: ${step}, host: ${target}, decide: ${decide}, reason: Looked on ${target} }\n`
  })
  return `holdpoint: answers/v1\nanswers:\n${lines.join('')}`
}

async function holdpoint(
  world: CrashWorld,
  argv: readonly string[],
): Promise<{ exit: number; out: string; err: string }> {
  const doors = doorsOf({ platform: process.platform, home: world.folder, env: { HOLDPOINT_STATE: world.stateDir } })
  const said = { out: '', err: '' }
  const exit = await runCommandLine(
    doors,
    {
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      isInteractive: false,
      isLive: false,
      ask: () => Promise.reject(new Error('nobody is asked')),
    },
    [...argv, '--data', world.dataDir],
  )
  return { exit, ...said }
}
