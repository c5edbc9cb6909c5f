/** A run that is left before its end: what runs on hosts is followed, and the exit code hides nothing that is unknown. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Terminal } from '../../../electron/cli/doors.ts'
import { EXIT, Stop } from '../../../electron/cli/exit-codes.ts'
import { runCommandLine } from '../../../electron/cli/program.ts'
import { doorsOf } from '../../../electron/entry/command-line.ts'
import { ROOT } from '../../support/command.ts'
import { startProxy } from '../../support/links.ts'
import { type Sshd, startSshd } from '../../support/sshd.ts'
import { inventory, knows } from './real-hosts.ts'
import { type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let server: Sshd
beforeAll(async () => {
  server = await startSshd()
})
afterAll(() => server[Symbol.asyncDispose]())

let at: Stage
let path: string
beforeEach(() => {
  at = stage()
  inventory(at, server, [{ name: 'app1' }])
  knows(at, server)
  path = at.write(
    'runbook.yaml',
    `holdpoint: runbook/v1
id: left
title: Left
owner: anna
steps:
  - { id: work, kind: script, title: Work, on: app1, run: 'echo work >>${at.folder}/starts; while [ -d ${at.folder} ] && [ ! -e ${at.folder}/gate ]; do sleep 0.05; done', duration: { expected: 1m }, backout: { none: Nothing to undo } }
  - { id: next, kind: script, title: Next, on: app1, needs: [work], run: 'echo next >>${at.folder}/starts', duration: { expected: 1m }, backout: { none: Nothing to undo } }
  - { id: wait, kind: script, title: Wait, on: app1, run: 'while [ -d ${at.folder} ] && [ ! -e ${at.folder}/starts ]; do sleep 0.05; done', duration: { expected: 1m }, backout: { none: Nothing to undo } }
  - { id: go, kind: gate, title: Go, needs: [wait], approvals: { owner: 1 }, duration: { expected: 1m } }
  - { id: look, kind: manual, title: Look, instructions: Look., duration: { expected: 1m }, backout: { none: It only looks } }
`,
  )
})
afterEach(() => at[Symbol.dispose]())

const live = (...more: string[]): string[] => ['run', path, '--live', '--operator', 'Anna', ...more]

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((done) => setTimeout(done, 10))
}
const starts = (): string[] =>
  existsSync(join(at.folder, 'starts')) ? readFileSync(join(at.folder, 'starts'), 'utf8').trimEnd().split('\n') : []
const ends = (): unknown[] =>
  at
    .entries(at.runs()[0] ?? '')
    .filter(({ type, data }) => type === 'cell.ended' && data['step'] === 'work')
    .map(({ data }) => data['state'])
const isHeld = (): boolean => at.entries(at.runs()[0] ?? '').some(({ type }) => type === 'run.held')

/** Until nothing more is begun, or the command has ended without. */
async function whenHeld(running: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = (): void => void (isOver = true)
  running.then(over, over)
  await until(() => isOver || (starts().length > 0 && isHeld()))
}

/** Sits there until a script runs, and then goes as `how`. */
function goesWhileItRuns(how: Error): () => Promise<string> {
  return async () => {
    await until(() => starts().length > 0)
    throw how
  }
}

test('a terminal that is left while a script runs: nothing more begins, and the script is followed to its end', async () => {
  const running = at.here(live(), goesWhileItRuns(new Stop(EXIT.waiting, 'Nobody answers any more.')))
  await whenHeld(running)
  expect(ends()).toEqual([])
  at.write('gate', '')
  expect(await running).toMatchObject({ exit: 3, err: 'Nobody answers any more.\n' })
  expect(ends()).toEqual(['passed'])
  expect(starts()).toEqual(['work'])
  // Going on needs no answer but those that were asked for already.
  expect(await at.here(['resume', at.runs()[0] ?? ''])).toMatchObject({ exit: 3 })
  expect(starts()).toEqual(['work', 'next'])
})

test('an answer that is refused while a script runs ends with 1 only after the script has ended', async () => {
  const answers = at.write(
    'answers.yaml',
    'holdpoint: answers/v1\nanswers: [{ question: gate, step: go, decide: go }]\n',
  )
  const running = at.here(live('--answers', answers))
  await whenHeld(running)
  at.write('gate', '')
  expect(await running).toMatchObject({ exit: 1 })
  expect(ends()).toEqual(['passed'])
  expect(starts()).toEqual(['work'])
})

test('a link that is cut after the terminal was left is told as unknown, with its cell', async () => {
  await using proxy = await startProxy(server)
  inventory(at, server, [{ name: 'app1', port: proxy.port }])
  knows(at, server, [proxy.port])
  const running = at.here(live(), goesWhileItRuns(new Stop(EXIT.waiting, 'Nobody answers any more.')))
  await whenHeld(running)
  proxy.cut()
  expect(await running).toMatchObject({ exit: 4, err: expect.stringContaining('not known how it ended: Work on app1') })
  at.write('gate', '')
})

test('a defect while a script runs is none of the run’s results', async () => {
  const running = at.here(live(), goesWhileItRuns(new TypeError('x is not a function')))
  await whenHeld(running)
  at.write('gate', '')
  const said = await running
  expect(said.exit).toBe(70)
  expect(said.err).toMatch(/defect of Holdpoint.*x is not a function\n +at /s)
  expect(ends()).toEqual(['passed'])
})

test('a defect before a run is told as one, not as a run that failed', async () => {
  const doors = doorsOf({ platform: process.platform, home: at.folder, env: {} })
  let err = ''
  const terminal: Terminal = {
    out: () => undefined,
    err: (text) => void (err += text),
    isInteractive: false,
    isLive: false,
    ask: () => Promise.reject(new Error('nobody is there')),
  }
  const load = (): Promise<never> => Promise.reject(new TypeError('x is not a function'))
  expect(await runCommandLine({ ...doors, library: { ...doors.library, load } }, terminal, ['check', path])).toBe(70)
  expect(err).toContain('x is not a function')
})

test('a defect in the background of the process is told as one as well', () => {
  const program = `import { processTerminal } from './electron/cli/process-terminal.ts'
processTerminal()
setImmediate(() => { throw new TypeError('x is not a function') })`
  const said = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(said).toMatchObject({ status: 70, stderr: expect.stringContaining('defect of Holdpoint') })
})
