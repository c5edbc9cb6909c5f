/** What a screen is told of a run: all of it, once, in order; after an overflow it comes back and has the same state. */
import { expect, test, vi } from 'vitest'
import type { Console } from '../../../electron/engine/console.ts'
import type { RunHandle, RunListener } from '../../../electron/engine/run-handle.ts'
import { events, output, watchRun } from '../../../electron/services/run-service.ts'
import type { RunFrame } from '../../../shared/api/runs.ts'
import { asRunEvent, type Recorded } from '../../../shared/model/events.ts'
import { fold } from '../../../shared/run/fold.ts'
import type { Run } from '../../../shared/run/state.ts'
import { engineOn, manual, script, when } from '../engine/stage.ts'
import { contextOver } from './stage.ts'
import { scratchConsole } from '../../support/scratch-console.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** Folds as a screen does. */
function screen() {
  let run: Run | null = null
  let next = 0
  return {
    next: () => next,
    run: () => run,
    take(frame: RunFrame): void {
      if (frame.kind !== 'events') return
      for (const entry of frame.events) {
        expect(entry.ref.seq).toBeGreaterThanOrEqual(next)
        next = entry.ref.seq + 1
        const event = asRunEvent(entry)
        if (event !== null) run = fold(run, event)
      }
    },
  }
}

/** Reads until the screen has all that there is, and leaves the stream open. */
async function readAll(frames: AsyncGenerator<RunFrame>, take: (frame: RunFrame) => void): Promise<void> {
  for (;;) {
    const { value: frame, done } = await frames.next()
    if (done === true) throw new Error('the stream ended')
    take(frame)
    if (frame.kind === 'current') return
  }
}

test('a screen that comes back after an overflow has the state of the console', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(`steps:\n${manual('first')}${script('then', 'tag:app', ', needs: [first]')}`)
  const listeners: RunListener[] = []
  const between: RunHandle = {
    ...handle,
    watch(listener) {
      listeners.push(listener)
      return handle.watch(listener)
    },
  }
  const context = contextOver(engine, { ...engine.console, run: () => between })
  const there = screen()
  const frames = watchRun(context, handle.log.id, 0)
  await readAll(frames, there.take)
  const before = there.next()
  expect(there.run()).toEqual(handle.log.state())

  // More than a screen may let wait, in one go; it reads none of it.
  const flood = Array.from({ length: 20_000 }, (_, at): Recorded => {
    const ref = { origin: engine.console.journal.origin, seq: 1_000_000 + at }
    return { ref, at: '2026-12-05T22:00:00.000Z', type: 'x', data: {}, text: null, act: null, cause: null }
  })
  for (let from = 0; from < flood.length; from += 100) listeners[0]?.events?.(flood.slice(from, from + 100))
  await engine.act(handle, { do: 'startRun' })
  await engine.act(handle, { do: 'recordOutcome', step: 'first', target: '-', outcome: 'passed', phase: 'forward' })
  await when(handle, () =>
    Object.values(handle.log.state().cells['then'] ?? {}).every(({ state }) => state === 'passed'),
  )
  const left: RunFrame['kind'][] = []
  for await (const frame of frames) left.push(frame.kind)
  expect(left.at(-1)).toBe('resync')

  const again = watchRun(context, handle.log.id, before)
  await readAll(again, there.take)
  await again.return()
  expect(there.run()).toEqual(handle.log.state())
  await engine.console.close()
})

test('a long history is read whole at the pace of the reader, and what happens meanwhile comes once, after it', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(`steps:\n${manual('first')}`)
  const entry = (seq: number): Recorded => {
    const ref = { origin: engine.console.journal.origin, seq }
    return { ref, at: '2026-12-05T22:00:00.000Z', type: 'x', data: {}, text: null, act: null, cause: null }
  }
  const all = Array.from({ length: 30_000 }, (_, seq) => entry(seq))
  const listeners = new Set<RunListener>()
  const between: Console = {
    ...engine.console,
    journal: {
      ...engine.console.journal,
      read: ({ from, limit }) => all.slice(from, limit === undefined ? undefined : from + limit),
    },
    run: () => ({
      ...handle,
      watch(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }),
  }
  /** As the log does: on the disk first, told of a moment later. */
  const happens = (count: number): void => {
    const fresh = Array.from({ length: count }, (_, at) => entry(all.length + at))
    all.push(...fresh)
    for (const listener of listeners) listener.events?.(fresh)
  }
  const seen: number[] = []
  let pieces = 0
  for await (const frame of watchRun(contextOver(engine, between), handle.log.id, 0)) {
    if (frame.kind === 'resync') throw new Error('the reader did not fall behind')
    if (frame.kind === 'events') {
      seen.push(...frame.events.map(({ ref }) => ref.seq))
      pieces += 1
      if (pieces === 1 || pieces === 40) happens(7)
    }
    if (frame.kind === 'current') {
      // Told of once more, as an append is whose entries were read from the disk before its listeners were called.
      for (const listener of listeners) listener.events?.(all.slice(-3))
      happens(5)
    }
    if (seen.length === 30_019) break
  }
  expect(pieces).toBeGreaterThan(50)
  expect(seen).toEqual(all.map(({ ref }) => ref.seq))
  expect(listeners.size).toBe(0)
  await engine.console.close()
})

test('events are fetched by range as well', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch)
  const handle = await engine.plan(`steps:\n${manual('first')}`)
  const context = contextOver(engine)
  const all = engine.console.journal.read({ from: 0, run: handle.log.id })
  expect(events(context, handle.log.id, 0, 2)).toEqual(all.slice(0, 2))
  expect(events(context, handle.log.id, (all[1]?.ref.seq ?? 0) + 1, 100)).toEqual(all.slice(2))
  expect(events(context, 'another-run', 0, 100)).toEqual([])
  await engine.console.close()
})

test('output is fetched by ranges that span segments, bound and not bound yet, masked', async () => {
  await using scratch = await scratchConsole()
  const gate = Promise.withResolvers<void>()
  const said = Promise.withResolvers<void>()
  const text = Array.from(
    { length: 40 },
    (_, at) => `line ${String(at).padStart(2, '0')} of what the host says\n`,
  ).join('')
  const engine = await engineOn(scratch, {
    segmentBytes: 100,
    play: async (_request, hand) => {
      for (let from = 0; from < text.length; from += 37) await hand('stdout', text.slice(from, from + 37))
      await hand('stdout', 'the password is hunter2-hunter2')
      await hand('stderr', 'and something beside it\n')
      said.resolve()
      await gate.promise
      await hand('stdout', '\nthe end\n')
    },
  })
  const handle = await engine.plan(
    `variables:\n  password: { type: secret }\nsteps:\n${script('loud', 'app1', ', secrets: { PASSWORD: password }')}`,
    { secrets: { password: 'hunter2-hunter2' } },
  )
  const context = contextOver(engine)
  const range = async (from: number, limit: number, stream: 'stdout' | 'stderr' = 'stdout') => {
    const cell = { run: handle.log.id, step: 'loud', target: 'app1', purpose: 'main', try: 1 } as const
    const answer = await output(context, { ...cell, stream, from, limit })
    return { ...answer, text: Buffer.from(answer.base64, 'base64').toString() }
  }
  await engine.act(handle, { do: 'startRun' })
  await said.promise
  const soFar = `${text}the password is ******`
  await when(handle, () => (handle.log.words().cells['loud']?.['app1']?.attempts['main-1']?.output.length ?? 0) >= 5)
  // Some of it is bound, the rest is in memory: a reader cannot tell.
  expect((await range(0, 1_048_576)).text).toBe(soFar)
  for (const [from, limit] of [
    [0, 100],
    [50, 250],
    [95, 10],
    [99, 2],
    [100, 100],
    [1180, 100],
    [1000, 5000],
  ] as const)
    expect([from, limit, (await range(from, limit)).text]).toEqual([from, limit, soFar.slice(from, from + limit)])
  gate.resolve()
  await when(handle, () => handle.log.state().cells['loud']?.['app1']?.state === 'passed')
  const whole = `${soFar}\nthe end\n`
  expect(await range(0, 1_048_576)).toMatchObject({ from: 0, total: whole.length, text: whole })
  for (const [from, limit] of [
    [50, 250],
    [whole.length - 5, 100],
    [0, 1],
  ] as const)
    expect((await range(from, limit)).text).toBe(whole.slice(from, from + limit))
  expect(await range(whole.length, 10)).toMatchObject({ text: '', total: whole.length })
  expect((await range(0, 100, 'stderr')).text).toBe('and something beside it\n')
  await engine.console.close()
})
