/** Intent before act, facts before words: what is on the disk when a host is asked, and when it cannot be put there. */
import { describe, expect, test, vi } from 'vitest'
import { JournalError } from '../../../electron/store/journal-error.ts'
import type { RunHandle } from '../../../electron/engine/run-handle.ts'
import { engineOn, failingJournal, kill, manual, script, when } from './stage.ts'
import { scratchConsole } from '../../support/scratch-console.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const FULL = new JournalError('disk-full', 'The disk is full. Make room, then go on.')

function cellOf(handle: RunHandle, step: string, target = 'app1') {
  const cell = handle.log.state().cells[step]?.[target]
  if (cell === undefined) throw new Error(`no ${step} on ${target}`)
  return cell
}

test('a host is asked only when the intent is on the disk, for every purpose', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch, { play: async ({ name }) => (name.includes('/main-') ? 5 : 0) })
  const handle = await engine.plan(`steps:
  - id: work
    kind: script
    title: Work
    on: app1
    run: 'true'
    duration: { expected: 1m }
    onFailure: ask
    diagnostics: { run: 'true', timeout: 1m }
    backout: { run: 'true', duration: 1m }
`)
  await engine.act(handle, { do: 'startRun' })
  await when(handle, () => cellOf(handle, 'work').diagnosticsTries === 1 && cellOf(handle, 'work').open === null)
  await engine.act(handle, { do: 'backOut', scope: { kind: 'run' }, reason: 'It failed' })
  await when(handle, () => handle.log.state().backouts['work']?.['app1']?.state === 'passed')
  expect(engine.started.map(({ name }) => name.split('/').at(-1))).toEqual(['main-1', 'diagnostics-1', 'backout-1'])
  expect(engine.started.every(({ hadIntent }) => hadIntent)).toBe(true)
  await engine.console.close()
})

describe('when the intent cannot be written', () => {
  test('nothing runs, nothing more is begun, and the run is as it was after a restart', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch, {
      journal: (journal) => failingJournal(journal, (types) => (types.includes('attempt.started') ? FULL : null)),
    })
    const handle = await engine.plan(`steps:\n${script('one')}${script('two', 'app2')}`)
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => handle.broken() !== null)
    expect(handle.broken()).toBe(FULL)
    expect(engine.started).toEqual([])
    expect(cellOf(handle, 'one').state).toBe('ready')
    await kill(engine)

    const again = await engineOn(scratch)
    const reopened = again.console.run(handle.log.id)
    if (reopened === null) throw new Error('the run is gone')
    expect(cellOf(reopened, 'one')).toMatchObject({ state: 'ready', tries: 0, open: null })
    expect(again.started).toEqual([])
    await again.act(reopened, { do: 'resume' })
    await when(reopened, () =>
      ['one', 'two'].every(
        (step) => reopened.log.state().cells[step]?.[step === 'one' ? 'app1' : 'app2']?.state === 'passed',
      ),
    )
    expect(again.started.map(({ name }) => name.split('/').slice(1).join('/')).toSorted()).toEqual([
      'one/app1/main-1',
      'two/app2/main-1',
    ])
    await again.console.close()
  })
})

describe('when the end cannot be written', () => {
  test('it is not told as known: the cell stays open, and is unknown after a restart', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch, {
      journal: (journal) => failingJournal(journal, (types) => (types.includes('attempt.finished') ? FULL : null)),
    })
    const handle = await engine.plan(`steps:\n${script('one')}${script('two', 'app1', ', needs: [one]')}`)
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => handle.broken() !== null)
    expect(cellOf(handle, 'one')).toMatchObject({ state: 'running', open: { try: 1 } })
    expect(engine.started).toHaveLength(1)
    await kill(engine)
    const again = await engineOn(scratch)
    const reopened = again.console.run(handle.log.id)
    if (reopened === null) throw new Error('the run is gone')
    expect(cellOf(reopened, 'one')).toMatchObject({ state: 'unknown', failure: 'console-restarted' })
    expect(again.started).toEqual([])
    await again.console.close()
  })
})

describe('when output cannot be kept', () => {
  test('how the attempt ended is recorded and says so, what runs beside it is recorded, and nothing more starts', async () => {
    await using scratch = await scratchConsole()
    const beside = Promise.withResolvers<void>()
    let isFull = false
    const engine = await engineOn(scratch, {
      segmentBytes: 100,
      blobs: (blobs) => ({
        ...blobs,
        put: (name, bytes) =>
          isFull && name.startsWith('stdout')
            ? Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }))
            : blobs.put(name, bytes),
      }),
      play: async ({ name }, output) => {
        if (name.includes('/beside/')) {
          await beside.promise
          return
        }
        isFull = true
        for (let piece = 0; piece < 10; piece += 1) await output('stdout', 'x'.repeat(100))
        return 0
      },
    })
    const handle = await engine.plan(
      `steps:\n${script('loud')}${script('beside', 'app2')}${script('next', 'app1', ', needs: [loud]')}`,
    )
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => cellOf(handle, 'loud').open === null && cellOf(handle, 'loud').tries === 1)
    expect(handle.broken()).toMatchObject({ code: 'ENOSPC' })
    expect(cellOf(handle, 'loud')).toMatchObject({ state: 'passed', last: { outcome: { kind: 'exit', code: 0 } } })
    const said = handle.log.words().cells['loud']?.['app1']?.attempts['main-1']
    expect(said?.message).toContain('no space left')
    expect(said?.output).toEqual([])
    beside.resolve()
    await when(handle, () => cellOf(handle, 'beside', 'app2').state === 'passed')
    expect(cellOf(handle, 'next')).toMatchObject({ state: 'ready', tries: 0 })
    expect(engine.started.some(({ name }) => name.includes('/next/'))).toBe(false)
    await engine.console.close()
  })

  test('segments before the failure are bound, and none after it', async () => {
    await using scratch = await scratchConsole()
    let puts = 0
    const engine = await engineOn(scratch, {
      segmentBytes: 100,
      blobs: (blobs) => ({
        ...blobs,
        put: (name, bytes) => {
          if (name.startsWith('stdout')) puts += 1
          return puts === 3 && name.startsWith('stdout')
            ? Promise.reject(new Error('no space left'))
            : blobs.put(name, bytes)
        },
      }),
      play: async (_request, output) => {
        for (let piece = 0; piece < 8; piece += 1) await output('stdout', `${piece}`.repeat(100))
      },
    })
    const handle = await engine.plan(`steps:\n${script('loud')}`)
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => handle.broken() !== null)
    const kept = handle.log.words().cells['loud']?.['app1']?.attempts['main-1']?.output ?? []
    expect(kept.map(({ storedFrom, storedTo }) => [storedFrom, storedTo])).toEqual([
      [0, 100],
      [100, 200],
    ])
    await engine.console.close()
  })
})

test('a link that drops makes the cell unknown, with what was seen; nothing is started again by itself', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch, {
    play: async (_request, output) => {
      await output('stdout', 'half of it\n')
      engine.drop('app1')
      await new Promise(() => undefined)
    },
  })
  const handle = await engine.plan(`steps:\n${script('work')}`)
  await engine.act(handle, { do: 'startRun' })
  await when(handle, () => cellOf(handle, 'work').state === 'unknown')
  expect(cellOf(handle, 'work')).toMatchObject({ failure: 'link-lost', open: null, tries: 1 })
  const [segment] = handle.log.words().cells['work']?.['app1']?.attempts['main-1']?.output ?? []
  const kept = await engine.parts.blobs.read(segment?.sha256 ?? '')
  expect(Buffer.from(kept ?? []).toString()).toBe('half of it\n')
  expect(engine.started).toHaveLength(1)
  await engine.console.close()
})

describe('a restart', () => {
  test('makes what was under way unknown and holds the run; a person’s own work goes on', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch, { play: () => new Promise(() => undefined) })
    const handle = await engine.plan(
      `steps:\n${script('work')}${manual('by-hand')}${script('next', 'app2', ', needs: [by-hand]')}`,
    )
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => cellOf(handle, 'work').state === 'running')
    await engine.act(handle, { do: 'beginManual', step: 'by-hand', target: '-' })
    await kill(engine)

    const again = await engineOn(scratch)
    const reopened = again.console.run(handle.log.id)
    if (reopened === null) throw new Error('the run is gone')
    expect(cellOf(reopened, 'work')).toMatchObject({ state: 'unknown', failure: 'console-restarted', tries: 1 })
    expect(cellOf(reopened, 'by-hand', '-')).toMatchObject({ state: 'running' })
    expect(reopened.log.state().held).toMatchObject({ by: 'policy' })
    await again.act(reopened, {
      do: 'recordOutcome',
      step: 'by-hand',
      target: '-',
      outcome: 'passed',
      phase: 'forward',
    })
    await reopened.log.idle()
    // Held: what has become due does not start until somebody has looked.
    expect(again.started).toEqual([])
    const size = again.console.journal.read({ from: 0, run: handle.log.id }).length
    await kill(again)

    const third = await engineOn(scratch)
    expect(third.console.journal.read({ from: 0, run: handle.log.id })).toHaveLength(size)
    const last = third.console.run(handle.log.id)
    if (last === null) throw new Error('the run is gone')
    await third.act(last, { do: 'resume' })
    await when(last, () => cellOf(last, 'next', 'app2').state === 'passed')
    // What is unknown did not run again for all the coming and going.
    expect(third.started.map(({ name }) => name.split('/').slice(1).join('/'))).toEqual(['next/app2/main-1'])
    await third.console.close()
  })

  test('by closing leaves what runs on hosts in doubt as well, and says nothing of it that is not known', async () => {
    await using scratch = await scratchConsole()
    const engine = await engineOn(scratch, { play: () => new Promise(() => undefined) })
    const handle = await engine.plan(`steps:\n${script('work')}`)
    await engine.act(handle, { do: 'startRun' })
    await when(handle, () => cellOf(handle, 'work').state === 'running')
    await engine.console.close()
    const again = await engineOn(scratch)
    const entries = again.console.journal.read({ from: 0, run: handle.log.id })
    expect(entries.filter(({ type }) => type === 'attempt.finished').map(({ data }) => data['outcome'])).toEqual([
      { kind: 'lost', code: 'console-restarted' },
    ])
    await again.console.close()
  })
})

test('a runbook that names no host needs no inventory, before a restart and after it', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(
    `steps:\n${manual('by-hand')}${manual('only-then', ", when: \"verdicts['by-hand'] == 'warn'\", needs: [by-hand]")}`,
    { hasHosts: false },
  )
  expect(handle.whyNotDriven).toBeNull()
  await engine.act(handle, { do: 'startRun' })
  await kill(engine)
  const again = await engineOn(scratch)
  const reopened = again.console.run(handle.log.id)
  if (reopened === null) throw new Error('the run is gone')
  expect(reopened.whyNotDriven).toBeNull()
  await again.act(reopened, { do: 'resume' })
  await again.act(reopened, { do: 'recordOutcome', step: 'by-hand', target: '-', outcome: 'passed', phase: 'forward' })
  await when(reopened, () => cellOf(reopened, 'only-then', '-').state === 'skipped')
  await again.console.close()
})

test('once a run is closed no way to a host stays open', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(`steps:\n${script('work', 'tag:app')}`)
  await engine.act(handle, { do: 'startRun' })
  await when(handle, () => ['app1', 'app2', 'app3'].every((host) => cellOf(handle, 'work', host).state === 'passed'))
  expect(handle.sessions.connected().toSorted()).toEqual(['app1', 'app2', 'app3'])
  await engine.act(handle, { do: 'close', result: 'done' })
  expect(handle.sessions.connected()).toEqual([])
  await engine.console.close()
})
