/** People and the engine at the same time: what is signed is what is recorded, and of two that contradict one is refused. */
import { createHash } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { signAct, wordsOf } from '../../../electron/engine/signing.ts'
import type { RunHandle } from '../../../electron/engine/run-handle.ts'
import type { RunCommand } from '../../../electron/engine/run-log.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import type { RunEvent } from '../../../shared/model/events.ts'
import { verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { type Engine, engineOn, manual, script, when } from './stage.ts'
import { type ScratchConsole, scratchConsole } from '../../support/scratch-console.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const DONE = { do: 'recordOutcome', step: 'by-hand', target: '-', outcome: 'passed', phase: 'forward' } as const

/** Signs as the console does, and lets something happen before each signature is there. */
function signing(
  engine: Engine,
  handle: RunHandle,
  command: RunCommand,
  meanwhile: (round: number) => Promise<unknown>,
) {
  const over: RunEvent['type'][] = []
  const answer = handle.log.person(command, async (lead) => {
    over.push(lead.type)
    await meanwhile(over.length)
    const words = wordsOf(handle.log.id, command, null)
    return signAct({ ...engine.parts, journal: engine.console.journal }, engine.scratch.lead, lead, words)
  })
  return { over, answer }
}

test('what changed while it was being signed is signed again, over what it has become', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(`steps:\n${manual('by-hand')}`)
  await engine.act(handle, { do: 'startRun' })
  // Somebody else begins it meanwhile: recording its outcome is another entry than before.
  const { over, answer } = signing(engine, handle, DONE, async (round) => {
    if (round === 1) await engine.act(handle, { do: 'beginManual', step: 'by-hand', target: '-' })
  })
  expect(isRefusal(await answer)).toBe(false)
  expect(over).toEqual(['attempt.started', 'cell.ended'])
  expect(handle.log.state().cells['by-hand']?.['-']).toMatchObject({ state: 'passed', tries: 1 })
  await engine.console.close()
  const verdict = await verifyDataFolder({
    ...scratch,
    crypto: JOURNAL_CRYPTO,
    blobs: (sha256) => engine.parts.blobs.stream(sha256),
  })
  expect(verdict).toMatchObject({ ok: true })
})

test('what changes each time it is signed is given back to the person, and nothing of it is recorded', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(`steps:\n${manual('by-hand')}`)
  await engine.act(handle, { do: 'startRun' })
  const { over, answer } = signing(engine, handle, DONE, async (round) => {
    if (round % 2 === 1) return engine.act(handle, { do: 'beginManual', step: 'by-hand', target: '-' })
    await engine.act(handle, { ...DONE, outcome: 'failed', reason: 'Not yet' })
    await engine.act(handle, { do: 'retry', cells: [{ step: 'by-hand', target: '-' }] })
  })
  expect(await answer).toMatchObject({ refused: true, code: 'changed' })
  expect(over).toEqual(['attempt.started', 'cell.ended', 'attempt.started', 'cell.ended'])
  expect(handle.log.state().cells['by-hand']?.['-']).toMatchObject({ state: 'ready', tries: 2 })
  await engine.console.close()
})

describe('of two at once', () => {
  test('who record the same outcome one is refused, and the log holds one', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch)
    const handle = await engine.plan(`steps:\n${manual('by-hand')}`)
    await engine.act(handle, { do: 'startRun' })
    const hand = { signer: scratch.lead, role: null }
    const answers = await Promise.all([
      engine.console.act(handle.log.id, DONE, hand),
      engine.console.act(handle.log.id, { ...DONE, outcome: 'failed', reason: 'No' }, hand),
    ])
    expect(answers.filter(isRefusal)).toHaveLength(1)
    const entries = engine.console.journal.read({ from: 0, run: handle.log.id })
    expect(entries.filter(({ type }) => type === 'cell.ended')).toHaveLength(1)
    expect(entries.filter(({ type }) => type === 'attempt.started')).toHaveLength(1)
    await engine.console.close()
  })

  test('that report the end of one attempt one is refused', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch, { play: () => new Promise(() => undefined) })
    const handle = await engine.plan(`steps:\n${script('work')}`)
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => handle.log.state().cells['work']?.['app1']?.open !== null)
    const finish = {
      do: 'finishAttempt',
      step: 'work',
      target: 'app1',
      purpose: 'main',
      try: 1,
      outcome: { kind: 'exit', code: 0, ok: true },
      verdict: null,
      durationMs: 1,
    } as const
    const answers = await Promise.all([
      handle.log.engine(finish),
      handle.log.engine({ ...finish, outcome: { kind: 'exit', code: 1, ok: false } }),
    ])
    expect(answers.map((answer) => (isRefusal(answer) ? answer.code : 'recorded'))).toEqual([
      'recorded',
      'no-such-attempt',
    ])
    expect(handle.log.state().cells['work']?.['app1']?.state).toBe('passed')
    await engine.console.close()
  })

  test('that begin one attempt there is one intent, and the host is asked once', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch, { play: () => new Promise(() => undefined) })
    const handle = await engine.plan(`steps:\n${script('work')}`)
    await engine.act(handle, { do: 'startRun' })
    const begin = {
      do: 'beginAttempt',
      step: 'work',
      target: 'app1',
      purpose: 'main',
      epoch: handle.log.state().epoch,
    } as const
    await Promise.all([handle.log.engine(begin), handle.log.engine(begin)])
    await handle.log.idle()
    const entries = engine.console.journal.read({ from: 0, run: handle.log.id })
    expect(entries.filter(({ type }) => type === 'attempt.started')).toHaveLength(1)
    await engine.console.close()
  })

  test('what is asked from within an answer is not forgotten', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch)
    const handle = await engine.plan(`steps:\n${manual('by-hand')}`)
    await engine.act(handle, { do: 'startRun' })
    // Asks again so many turns after an answer, the one in which the queue has just run empty among them.
    for (let turns = 0; turns < 12; turns += 1) {
      await handle.log.engine({ do: 'advance' })
      for (let left = turns; left > 0; left -= 1) await Promise.resolve()
    }
    await handle.log.engine({ do: 'interrupt', because: 'restart', message: 'x' })
    expect(handle.log.state().held).not.toBeNull()
    await engine.console.close()
  })
})

/** A run whose only step waits for its connection, until the test says that it is made. */
async function whileConnecting(scratch: ScratchConsole) {
  const connecting = Promise.withResolvers<void>()
  const connected = Promise.withResolvers<void>()
  const engine = await engineOn(scratch, {
    connect: async () => {
      connecting.resolve()
      await connected.promise
    },
  })
  const handle = await engine.plan(`steps:\n${script('work')}`)
  await engine.act(handle, { do: 'startRun' })
  await connecting.promise
  return { engine, handle, connected }
}

test('a hold while the connection is made prevents the start: no intent, no act', async () => {
  await using scratch = await scratchConsole()
  const { engine, handle, connected } = await whileConnecting(scratch)
  await engine.act(handle, { do: 'hold', reason: 'Wait for the network team' })
  connected.resolve()
  while (handle.isBusy()) await new Promise((done) => setImmediate(done))
  expect(engine.connections()).toBe(1)
  expect(engine.started).toEqual([])
  expect(handle.log.state().cells['work']?.['app1']).toMatchObject({ state: 'ready', tries: 0 })
  await engine.act(handle, { do: 'resume' })
  await when(handle, () => handle.log.state().cells['work']?.['app1']?.state === 'passed')
  // The connection was kept for the moment when it is needed.
  expect(engine.connections()).toBe(1)
  await engine.console.close()
})

test('an exclusion while the connection is made prevents the start as well', async () => {
  await using scratch = await scratchConsole()
  const { engine, handle, connected } = await whileConnecting(scratch)
  await engine.act(handle, { do: 'exclude', host: 'app1', reason: 'It is being replaced' })
  connected.resolve()
  while (handle.isBusy()) await new Promise((done) => setImmediate(done))
  expect(engine.started).toEqual([])
  await engine.console.close()
})

describe('a secret', () => {
  test('that is missing is asked for, holds up only what needs it, and is given to the script alone', async () => {
    await using scratch = await scratchConsole()
    const seen: { name: string; secrets: unknown; variables: unknown }[] = []
    const engine = await engineOn(scratch, {
      play: async ({ name, secrets, variables }) => void seen.push({ name, secrets, variables }),
    })
    const handle = await engine.plan(
      `variables:\n  password: { type: secret }\nsteps:\n${script('plain', 'app2')}${script('locked', 'app1', ', secrets: { PASSWORD: password }')}`,
    )
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => handle.missingSecrets().length > 0)
    expect(handle.missingSecrets()).toEqual(['password'])
    await when(handle, () => handle.log.state().cells['plain']?.['app2']?.state === 'passed')
    expect(seen.map(({ name }) => name.split('/')[1])).toEqual(['plain'])
    const needs = Promise.withResolvers<void>()
    handle.watch({ needs: () => needs.resolve() })
    handle.giveSecrets({ password: 'hunter2' })
    await when(handle, () => handle.log.state().cells['locked']?.['app1']?.state === 'passed')
    await needs.promise
    expect(handle.missingSecrets()).toEqual([])
    expect(seen[1]).toMatchObject({ secrets: { PASSWORD: 'hunter2' } })
    expect(JSON.stringify(seen[1]?.variables)).not.toContain('hunter2')
    expect(JSON.stringify(engine.console.journal.read({ from: 0 }))).not.toContain('hunter2')
    await engine.console.close()
  })

  test('is asked for again after a restart: it was kept nowhere', async () => {
    await using scratch = await scratchConsole()
    const locked = `variables:\n  password: { type: secret }\nsteps:\n${manual('first')}${script('locked', 'app1', ', needs: [first], secrets: { PASSWORD: password }')}`
    const engine = await engineOn(scratch)
    const handle = await engine.plan(locked, { secrets: { password: 'hunter2' } })
    await engine.act(handle, { do: 'startRun' })
    await engine.console.close()
    const again = await engineOn(scratch)
    const reopened = again.console.run(handle.log.id)
    if (reopened === null) throw new Error('the run is gone')
    await again.act(reopened, { do: 'resume' })
    await again.act(reopened, { ...DONE, step: 'first' })
    await when(reopened, () => reopened.missingSecrets().length > 0)
    expect(again.started).toEqual([])
    await again.console.close()
  })
})

test('a host with a hundred cells is connected to once, and each cell runs once', async () => {
  await using scratch = await scratchConsole()
  let atOnce = 0
  let most = 0
  const engine = await engineOn(scratch, {
    looksForIntents: false,
    play: async (_request, output) => {
      atOnce += 1
      most = Math.max(most, atOnce)
      await output('stdout', 'here\n')
      atOnce -= 1
    },
  })
  const steps = Array.from({ length: 100 }, (_, index) => script(`step-${index}`))
  const handle = await engine.plan(`steps:\n${steps.join('')}`)
  await engine.act(handle, { do: 'startRun' })
  await when(handle, () =>
    handle.log.state().order.every((step) => handle.log.state().cells[step]?.['app1']?.state === 'passed'),
  )
  expect(engine.connections()).toBe(1)
  expect(new Set(engine.started.map(({ name }) => name)).size).toBe(100)
  expect(engine.started).toHaveLength(100)
  expect(most).toBeGreaterThan(1)
  await engine.console.close()
})

test('a host that cannot be reached spends no try and passes no point of no return', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch, {
    connect: async () => ({ failed: true, code: 'unreachable', message: 'There is no way to app1.' }),
  })
  const handle = await engine.plan(
    `steps:\n${script('point', 'app1', ', pointOfNoReturn: true').replace(', backout: { none: Nothing to undo }', '')}`,
  )
  await engine.act(handle, { do: 'startRun' })
  await when(handle, () => handle.log.state().cells['point']?.['app1']?.state === 'failed')
  expect(handle.log.state().cells['point']?.['app1']).toMatchObject({ failure: 'unreachable', tries: 0 })
  expect(handle.log.state().noReturn).toBeNull()
  expect(handle.log.words().cells['point']?.['app1']?.said.at(-1)?.message).toBe('There is no way to app1.')
  await engine.console.close()
})

test('an approval is signed over the whole of what will run, and what the checks said', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(
    `variables: { version: { type: string, default: "4.2" } }
steps:
${script('work', 'tag:app')}  - { id: go, kind: gate, title: Go, needs: [work], approvals: { operations: 1 }, duration: { expected: 1m } }
`,
  )
  await engine.act(handle, { do: 'startRun' })
  await when(handle, () =>
    ['app1', 'app2', 'app3'].every((host) => handle.log.state().cells['work']?.[host]?.state === 'passed'),
  )
  const key = engine.scratch.lead.fingerprint
  await engine.act(handle, { do: 'approve', gate: 'go', role: 'operations', key })
  const entries = engine.console.journal.read({ from: 0, run: handle.log.id })
  const planned = entries.find(({ type }) => type === 'run.planned')
  const given = entries.find(({ type }) => type === 'approval.given')
  /** By other means than the console's: no name here needs an escape, so sorted JSON is canonical. */
  const digest = (document: object) =>
    createHash('sha256')
      .update(JSON.stringify(Object.fromEntries(Object.entries(document).toSorted(([a], [b]) => (a < b ? -1 : 1)))))
      .digest('hex')
  const payload = engine.console.journal.raw(given?.ref.seq ?? -1)?.payload ?? new Uint8Array()
  const { content } = JSON.parse(Buffer.from(payload).toString()) as { content: unknown }
  expect(content).toMatchObject({
    covers: {
      version: handle.log.state().runbook.version,
      files: digest(planned?.text?.['files'] as object),
      variables: digest({ version: '4.2' }),
      hosts: digest(handle.log.state().sets),
      checks: [],
    },
  })
  expect(Object.keys(planned?.text?.['files'] as object)).toContain('hosts.yaml')
  await engine.console.close()
})
