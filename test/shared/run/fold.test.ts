/** Fold takes what contradicts the state as a conflict, and lets it change nothing else. */
import { expect, test } from 'vitest'
import type { RunEvent } from '../../../shared/model/events.ts'
import { fold } from '../../../shared/run/fold.ts'
import { shownState, stepState } from '../../../shared/run/shown.ts'
import type { Run } from '../../../shared/run/state.ts'
import {
  begin,
  EPOCH,
  finish,
  LOST,
  must,
  OK,
  ORIGIN,
  perform,
  performAll,
  plan,
  RUN,
  started,
  type World,
} from './world.ts'

const cell = { step: 'copy', target: 'h1' }
const attempt = { run: RUN, ...cell, try: 1 }
const BY = 'person' as const

function after(of: World, event: RunEvent): Run {
  const entry = { ...event, ref: { origin: ORIGIN, seq: 900 }, at: '2026-12-05T22:00:00.000Z', act: null, cause: 5 }
  const next = fold(of.run, entry)
  if (next === null) throw new Error('no run')
  return next
}

const WORLDS = {
  ready: () => started(plan([{ id: 'copy' }], ['h1'])),
  running: () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    begin(of, { ...cell, purpose: 'main' })
    return of
  },
  passed: () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    performAll(of)
    return of
  },
  unknown: () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    perform(of, 'copy', 'h1', LOST)
    return of
  },
  'tried again': () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    perform(of, 'copy', 'h1', LOST)
    must(of.person({ do: 'retry', cells: [cell] }))
    return of
  },
  closed: () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    must(of.person({ do: 'close', result: 'failed' }))
    return of
  },
  'past the point of no return': () => {
    const of = started(plan([{ id: 'copy', pointOfNoReturn: true }], ['h1']))
    performAll(of)
    return of
  },
} satisfies Record<string, () => World>

const start = (more: object = {}): RunEvent => ({
  type: 'attempt.started',
  data: { ...attempt, purpose: 'main', epoch: EPOCH, ...more },
  text: {},
})
const planned: RunEvent = {
  type: 'backout.planned',
  data: { run: RUN, scope: { kind: 'run' }, cells: [{ ...cell, order: 0 }], by: BY },
  text: {},
}

test.each<[keyof typeof WORLDS, RunEvent]>([
  ['running', start({ try: 2 })],
  ['passed', start({ try: 2 })],
  ['unknown', start({ try: 2 })],
  ['tried again', start()],
  ['ready', start({ target: 'h9' })],
  ['ready', start({ target: 'toString' })],
  ['closed', start()],
  ['ready', start({ purpose: 'backout' })],
  [
    'ready',
    {
      type: 'attempt.finished',
      data: { ...attempt, purpose: 'main', outcome: OK.outcome, verdict: null, durationMs: 1 },
      text: {},
    },
  ],
  [
    'ready',
    {
      type: 'attempt.finished',
      data: { ...attempt, target: 'toString', purpose: 'main', outcome: OK.outcome, verdict: null, durationMs: 1 },
      text: {},
    },
  ],
  ['unknown', { type: 'cell.ended', data: { run: RUN, ...cell, state: 'passed', failure: null, by: BY }, text: {} }],
  ['unknown', { type: 'cells.skipped', data: { run: RUN, cells: [cell], by: BY }, text: {} }],
  ['unknown', { type: 'cells.readied', data: { run: RUN, step: 'copy', targets: ['h1'] }, text: {} }],
  ['unknown', { type: 'cell.retried', data: { run: RUN, ...cell, by: 'policy', notBefore: null }, text: {} }],
  ['passed', { type: 'cell.retried', data: { run: RUN, ...cell, by: BY, notBefore: null }, text: {} }],
  ['passed', { type: 'cells.settled', data: { run: RUN, cells: [cell], as: 'failed', phase: 'forward' }, text: {} }],
  ['running', { type: 'cells.cancelled', data: { run: RUN, cells: [cell], because: 'backout' }, text: {} }],
  ['passed', { type: 'cell.accepted', data: { run: RUN, ...cell }, text: {} }],
  ['past the point of no return', planned],
  ['closed', planned],
  ['closed', { type: 'run.closed', data: { run: RUN, result: 'done' }, text: {} }],
  ['closed', { type: 'run.held', data: { run: RUN, by: BY }, text: {} }],
  ['ready', { type: 'run.started', data: { run: RUN, shiftMs: 0 }, text: {} }],
  ['ready', { type: 'targets.frozen', data: { run: RUN, set: 'all', hosts: ['h9'] }, text: {} }],
  ['ready', { type: 'driver.taken', data: { run: RUN, epoch: EPOCH }, text: {} }],
  ['passed', { type: 'backout.readied', data: { run: RUN, cells: [cell] }, text: {} }],
  ['passed', { type: 'backout.retried', data: { run: RUN, ...cell }, text: {} }],
])('%s: %j', (name, event) => {
  const of = WORLDS[name]()
  const next = after(of, event)
  expect(next.conflicts).toEqual([{ ref: { origin: ORIGIN, seq: 900 }, type: event.type, message: expect.any(String) }])
  expect(next.cells).toEqual(of.run.cells)
  expect(next.backouts).toEqual(of.run.backouts)
  expect({ ...next, conflicts: [], lastRef: 0, lastAtMs: 0 }).toEqual({
    ...of.run,
    conflicts: [],
    lastRef: 0,
    lastAtMs: 0,
  })
})

test('an unknown never begins to run, whatever is recorded, but for a retry or a settlement', () => {
  const of = WORLDS.unknown()
  expect(after(of, start({ try: 2 })).cells['copy']?.['h1']?.state).toBe('unknown')
  must(of.person({ do: 'retry', cells: [cell] }))
  expect(after(of, start({ try: 2 })).cells['copy']?.['h1']?.state).toBe('running')
})

test('what a step stands for is its most telling cell', () => {
  const of = started(plan([{ id: 'copy' }]))
  expect(stepState(of.run, 'copy')).toBe('ready')
  begin(of, { ...cell, purpose: 'main' })
  expect(stepState(of.run, 'copy')).toBe('running')
  finish(of, { ...cell, purpose: 'main' }, LOST)
  perform(of, 'copy', 'h2', OK)
  expect(stepState(of.run, 'copy')).toBe('unknown')
  expect(shownState(of.run, 'copy', 'toString')).toBe('waiting')
})
