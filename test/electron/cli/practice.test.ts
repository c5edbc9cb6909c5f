/** What a run on practice hosts does, and does not, by its mode, its answers and whoever sits at the terminal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ROOT } from '../../support/command.ts'
import { documents, type Said, type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const HOSTS = 'holdpoint: hosts/v1\nhosts:\n  app1: { tags: [app] }\n  app2: { tags: [app] }\n'
const RUNBOOK = `holdpoint: runbook/v1
id: small
title: Small change
owner: anna
window: { start: 2026-12-05T22:00, end: 2026-12-06T04:00, zone: Europe/Berlin }
steps:
  - id: greet
    kind: script
    title: Greet
    on: tag:app
    run: echo "$HOLDPOINT_ATTEMPT $HOLDPOINT_MODE" >>"$HOME/starts"
    duration: { expected: 1m }
    backout: { none: It only says something }
  - id: look
    kind: manual
    title: Look
    needs: [greet]
    instructions: Look at it.
    duration: { expected: 1m }
    backout: { none: It only looks }
  - id: tidy
    kind: script
    title: Tidy
    on: tag:app
    needs: [look]
    run: echo "$HOLDPOINT_ATTEMPT $HOLDPOINT_MODE" >>"$HOME/starts"
    duration: { expected: 1m }
    backout: { none: Nothing to undo }
`
const LOOKED = '  - { question: manual, step: look, decide: passed }\n'

let at: Stage
let runbook: string
beforeEach(() => {
  at = stage()
  runbook = at.write('runbook.yaml', RUNBOOK)
  at.write('hosts.yaml', HOSTS)
})
afterEach(() => at[Symbol.dispose]())

function answers(list: string, more = ''): string {
  return at.write('answers.yaml', `holdpoint: answers/v1\n${more}answers:\n${list}`)
}

/** The attempts of a host, from its own file. */
function starts(host: string): string[] {
  const file = join(at.dataDir, 'practice', host, 'starts')
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
}

function runOf(said: Said): string {
  return /[Rr]un (small-[0-9a-f-]+)/.exec(said.out + said.err)?.[1] ?? 'none'
}

test('a walkthrough goes through everything and touches no host', async () => {
  const said = await at.here(['run', runbook, '--practice', '--walkthrough', '--answers', answers(LOOKED), '--json'])
  expect(said).toMatchObject({ exit: 0, err: '' })
  const run = String(documents(said.out).at(-1)?.['run'])
  const ended = at.entries(run).filter(({ type }) => type === 'attempt.finished')
  expect(ended).toHaveLength(4)
  expect(ended.every(({ data }) => (data['outcome'] as { kind: string }).kind === 'walked')).toBe(true)
  for (const host of ['app1', 'app2', 'db1'])
    expect(readdirSync(join(at.dataDir, 'practice', host), { recursive: true })).toEqual([])
})

test('a rehearsal does everything, and is marked as one wherever it is told of', async () => {
  const said = await at.here(['run', runbook, '--practice', '--rehearsal', '--answers', answers(LOOKED)])
  expect(said).toMatchObject({ exit: 0, err: '' })
  const run = runOf(said)
  for (const host of ['app1', 'app2'])
    expect(starts(host)).toEqual([`${run}/greet/${host}/main-1 rehearsal`, `${run}/tidy/${host}/main-1 rehearsal`])
  expect(at.entries(run)[0]?.data).toMatchObject({ mode: 'rehearsal', practice: true })
  expect((await at.cli(['replay', at.dataDir, run])).out).toMatch(/^REHEARSAL, practice hosts: /)
  const replayed = await at.cli(['replay', at.dataDir, '--json'])
  expect(JSON.parse(replayed.out)).toMatchObject({ run, mode: 'rehearsal', isPractice: true })
  expect((await at.here(['report', run])).out).toContain('**rehearsal, on practice hosts**')
  expect(JSON.parse((await at.here(['report', run, '--format', 'json'])).out)).toMatchObject({ mode: 'rehearsal' })
  // Its window opens when it starts, whatever day is written in the runbook.
  const planned = at.entries(run)
  const started = planned.find(({ type }) => type === 'run.started')
  const window = planned[0]?.data['window'] as { start: string }
  const opensMs = Date.parse(window.start) + Number(started?.data['shiftMs'])
  expect(opensMs).toBeGreaterThanOrEqual(Date.parse(planned[0]?.at ?? ''))
  expect(opensMs).toBeLessThanOrEqual(Date.parse(started?.at ?? ''))
})

test('--only of a host that the step is not on is refused before a log is begun', async () => {
  const { exit, err } = await at.here(['run', runbook, '--practice', '--live', '--only', 'greet@db1'])
  expect({ exit, err }).toEqual({ exit: 2, err: '--only greet@db1: greet does not run on db1.\n' })
  expect(existsSync(join(at.dataDir, 'journal.db'))).toBe(false)
})

test('who stops reading does not stop the run', async () => {
  const child = spawn(
    process.execPath,
    [
      'electron/entry/checkout.ts',
      'run',
      runbook,
      '--practice',
      '--walkthrough',
      '--answers',
      answers(LOOKED),
      '--data',
      at.dataDir,
      '--json',
    ],
    { cwd: ROOT, env: { ...process.env, HOLDPOINT_STATE: at.stateDir }, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(0)
  const [run = ''] = at.runs()
  expect(at.entries(run).at(-1)).toMatchObject({ type: 'run.closed', data: { result: 'done' } })
})
