/** How a run takes its answers, beforehand or from a person, and how it is gone on with; on a real sshd. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Sshd, startSshd } from '../../support/sshd.ts'
import { inventory, knows } from './real-hosts.ts'
import { type Said, type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const ANNA = ['--live', '--operator', 'Anna']
const LOOKED = '  - { question: manual, step: look, decide: passed }\n'

let server: Sshd
beforeAll(async () => {
  server = await startSshd({ addresses: ['127.0.0.1', '127.0.0.2'] })
})
afterAll(() => server[Symbol.asyncDispose]())

let at: Stage
let text: string
let runbook: string
beforeEach(() => {
  at = stage()
  text = `holdpoint: runbook/v1
id: small
title: Small change
owner: anna
steps:
  - id: greet
    kind: script
    title: Greet
    on: tag:app
    run: echo "$HOLDPOINT_ATTEMPT" >>${at.folder}/starts
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
    run: echo "$HOLDPOINT_ATTEMPT" >>${at.folder}/starts
    duration: { expected: 1m }
    backout: { none: Nothing to undo }
`
  runbook = at.write('runbook.yaml', text)
  inventory(at, server, [{ name: 'app1' }, { name: 'app2', address: '127.0.0.2' }])
  knows(at, server)
})
afterEach(() => at[Symbol.dispose]())

function answers(list: string, more = ''): string {
  return at.write('answers.yaml', `holdpoint: answers/v1\n${more}answers:\n${list}`)
}

/** The attempts that began, from a file that the hosts write. */
function starts(): string[] {
  const file = join(at.folder, 'starts')
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').toSorted() : []
}

/** Attempts of both hosts. */
function both(run: string, ...attempts: string[]): string[] {
  return attempts
    .flatMap((attempt) => ['app1', 'app2'].map((host) => `${run}/${attempt.replace('/', `/${host}/`)}`))
    .toSorted()
}

function runOf(said: Said): string {
  return /[Rr]un (small-[0-9a-f-]+)/.exec(said.out + said.err)?.[1] ?? 'none'
}

test('--only leaves out what it does not name, host by host, as acts with their reason', async () => {
  const said = await at.here(['run', runbook, ...ANNA, '--only', 'greet@app2', 'tidy'])
  expect(said).toMatchObject({ exit: 0, err: '' })
  const run = runOf(said)
  expect(starts()).toEqual([...both(run, 'tidy/main-1'), `${run}/greet/app2/main-1`].toSorted())
  const skipped = at.entries(run).filter(({ type }) => type === 'cells.skipped')
  expect(skipped).toHaveLength(1)
  expect(skipped[0]).toMatchObject({
    data: {
      cells: [
        { step: 'greet', target: 'app1' },
        { step: 'look', target: '-' },
      ],
    },
    text: { reason: 'Left out by --only greet@app2 tidy.' },
    act: { act: 'skip' },
  })
})

test('an answer that nobody asked for is an error that names its line, though the run is done', async () => {
  const file = answers(`${LOOKED}  - { question: failure, step: greet, host: app2, decide: retry }\n`)
  const { exit, err } = await at.here(['run', runbook, ...ANNA, '--answers', file])
  expect(exit).toBe(2)
  expect(err).toContain('line 4: failure of greet on app2')
})

test('a run that lacks an answer waits for a person, and goes on from there with more', async () => {
  const waiting = await at.here(['run', runbook, ...ANNA])
  const run = runOf(waiting)
  expect(waiting.exit).toBe(3)
  expect(waiting.err).toContain(`holdpoint resume ${run}`)
  expect(waiting.err).toContain('manual: Look (begin, passed, warned, failed)')
  const stillWaiting = await at.here(['resume', run])
  expect(stillWaiting.exit).toBe(3)
  const wrong = await at.here(['resume', `${run}x`])
  expect(wrong).toMatchObject({ exit: 2, err: `There is no run ${run}x in this log.\n` })
  const other = await at.here(['resume', run, '--practice'])
  expect(other).toMatchObject({ exit: 2, err: expect.stringContaining('real hosts') })
  const done = await at.here(['resume', run, '--answers', answers(LOOKED)])
  expect(done).toMatchObject({ exit: 0, err: '' })
  // Nothing ran twice for all the coming back.
  expect(starts()).toEqual(both(run, 'greet/main-1', 'tidy/main-1'))
  expect((await at.here(['resume', run])).exit).toBe(0)
})

test('a step that waits for what was undone is asked about, and each answer ends the wait or is refused', async () => {
  at.write(
    'runbook.yaml',
    text
      .replace('    run: echo', '    run: test "$HOLDPOINT_HOST" = app1 && echo')
      .replace('{ none: It only says something }', '{ run: "true", duration: 1m }'),
  )
  const undo = '  - { question: failure, step: greet, host: app2, decide: back-out, scope: step, reason: Not today }\n'
  const said = await at.here(['run', runbook, ...ANNA, '--json', '--answers', answers(undo)])
  expect(said).toMatchObject({ exit: 3, err: expect.stringMatching(/stuck.*Look|Look.*stuck/s) })
  const run = JSON.parse(said.out.trimEnd().split('\n').at(-1) ?? '{}').run as string
  const answered = (decide: string) =>
    at.here([
      'resume',
      run,
      '--answers',
      answers(`  - { question: stuck, step: look, decide: ${decide}, reason: So }\n`),
    ])
  const types = () => at.entries(run).map(({ type }) => type)

  // Both hosts were undone, so that none of them alone can be left out.
  const refused = await answered('exclude')
  expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining('not held up by one host alone') })
  expect(types()).not.toContain('host.excluded')
  expect(await answered('close')).toMatchObject({ exit: 1, err: '' })
  expect(types().at(-1)).toBe('run.closed')
  expect(starts()).toEqual([`${run}/greet/app1/main-1`])
})

test('a hold that the runbook orders is ended by an answer, not by coming back', async () => {
  // Neither fails before both have begun: the hold would keep the other from it.
  const bothBegun = `echo >>${at.folder}/begun; while [ -d ${at.folder} ] && [ $(wc -l <${at.folder}/begun) -lt 2 ]; do sleep 0.05; done`
  const failing = at.write(
    'runbook.yaml',
    text
      .replace('duration: { expected: 1m }', 'onFailure: hold\n    duration: { expected: 1m }')
      .replace('run: echo', `run: ${bothBegun}; test -e ${at.folder}/mended || exit 7; echo`),
  )
  const held = await at.here(['run', failing, ...ANNA])
  expect(held.exit).toBe(3)
  const run = runOf(held)
  const back = await at.here(['resume', run])
  expect(back.exit).toBe(3)
  expect(back.err).toContain('held: ')
  expect(at.entries(run).filter(({ type }) => type === 'run.resumed')).toEqual([])
  at.write('mended', '')
  const list = `  - { question: failure, step: greet, host: app1, decide: retry }
  - { question: failure, step: greet, host: app2, decide: retry }
  - { question: held, decide: resume, reason: Mended by hand }
${LOOKED}`
  const done = await at.here(['resume', run, '--answers', answers(list)])
  expect(done).toMatchObject({ exit: 0, err: '' })
  expect(starts()).toEqual(both(run, 'greet/main-2', 'tidy/main-1'))
})

describe('a person at the terminal', () => {
  test('is asked for a name, for secrets without an echo, and for each decision with what it does', async () => {
    const secret = at.write(
      'runbook.yaml',
      text
        .replace('steps:\n', 'variables:\n  password: { type: secret }\nsteps:\n')
        .replace(
          'run: echo',
          'secrets: { PASSWORD: password }\n    run: test "$PASSWORD" = tell-nobody || exit 9; echo',
        ),
    )
    const asked: string[] = []
    const said = await at.here(['run', secret, ...ANNA], (question, isSecret) => {
      asked.push(`${question}${isSecret ? '[no echo]' : ''}`)
      if (question.startsWith('Value of the secret password')) return 'tell-nobody'
      if (question === 'Which? ') return asked.filter((one) => one === 'Which? ').length === 1 ? '2' : '1'
      throw new Error(`not expected: ${question}`)
    })
    expect(said).toMatchObject({ exit: 0, err: '' })
    expect(asked).toEqual(['Value of the secret password (empty: not now): [no echo]', 'Which? ', 'Which? '])
    expect(said.out).toContain('To do: Look')
    expect(said.out).toMatch(/2 {2}passed: starts tidy on app1, tidy on app2/)
    expect(said.out).not.toContain('tell-nobody')
  })

  test('who has no secret to give is not asked twice, and the run waits', async () => {
    const secret = at.write(
      'runbook.yaml',
      text
        .replace('steps:\n', 'variables:\n  password: { type: secret }\nsteps:\n')
        .replace('run: echo', 'secrets: { PASSWORD: password }\n    run: echo'),
    )
    let times = 0
    const said = await at.here(['run', secret, ...ANNA], () => {
      times += 1
      return ''
    })
    expect(said.exit).toBe(3)
    expect(said.err).toContain('the value of the secret password')
    expect(times).toBe(1)
    expect(starts()).toEqual([])
    const unattended = await at.here(['resume', runOf(said)])
    expect(unattended.exit).toBe(3)
    const given = answers(LOOKED, 'secrets: { password: tell-nobody }\n')
    expect(await at.here(['resume', runOf(said), '--answers', given])).toMatchObject({ exit: 0 })
  })

  test('gives a reason where one is needed, and none is no decision', async () => {
    const given = ['4', '', '4', 'Something is off', '2', 'Looked wrong', '1']
    const said = await at.here(['run', runbook, ...ANNA], () => given.shift() ?? '')
    expect(said.out).toContain('A reason is needed; nothing was done.')
    const failed = at
      .entries(runOf(said))
      .filter(({ type }) => type === 'cell.ended')
      .find(({ data }) => data['step'] === 'look')
    expect(failed).toMatchObject({ data: { state: 'failed', by: 'person' } })
    expect(JSON.stringify(at.entries(runOf(said)))).toContain('Something is off')
    expect(said.exit).toBe(0)
  })
})
