/** A plan becomes events that fit an entry each, or is refused before anything is written. */
import { describe, expect, test, vi } from 'vitest'
import { isRefusal } from '../../../shared/model/commands.ts'
import { RUN_EVENTS } from '../../../shared/model/events.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import { fold } from '../../../shared/run/fold.ts'
import { planRun } from '../../../shared/run/plan-run.ts'
import type { Run } from '../../../shared/run/state.ts'
import { codeOf, must, ORIGIN, plan, planCommand, RUN, type StepSketch } from './world.ts'

// The largest plan takes some seconds, on a busy machine many.
vi.setConfig({ testTimeout: 300_000 })

/** What a header may have for its data, with an act of an RSA key beside it. */
const ROOM = 62_000

function planned(of: Plan) {
  return planRun(RUN, planCommand(of))
}

test('2,000 steps on 200 hosts: every event fits, and together they are the plan', () => {
  const hosts = Array.from({ length: 200 }, (_, n) => `db-server-with-a-long-name-${n}.region-1.example.com`)
  const steps = Array.from({ length: 2000 }, (_, n) => ({
    id: `upgrade-component-${n}`,
    needs:
      n === 1999
        ? Array.from({ length: 1000 }, (__, i) => `upgrade-component-${i}`)
        : n === 0
          ? []
          : [`upgrade-component-${n - 1}`],
  }))
  const events = must(planned(plan(steps, hosts)))
  let run: Run | null = null
  for (const [seq, event] of events.entries()) {
    expect(JSON.stringify(event.data).length).toBeLessThan(ROOM)
    run = fold(run, {
      ...event,
      ref: { origin: ORIGIN, seq },
      at: '2026-12-05T21:00:00.000Z',
      act: null,
      cause: null,
    })
  }
  expect(run?.conflicts).toEqual([])
  expect(run?.order).toHaveLength(2000)
  expect(Object.keys(run?.cells['upgrade-component-7'] ?? {})).toEqual(hosts)
  expect(events.filter((event) => event.type === 'targets.frozen')).toHaveLength(1)
})

test('more hosts than one entry names are frozen in pieces, in their order', () => {
  const hosts = Array.from({ length: 3000 }, (_, n) => `${'h'.repeat(60)}-${n}`)
  const events = must(planned(plan([{ id: 'copy' }], hosts)))
  const pieces = events.filter((event) => event.type === 'targets.frozen')
  expect(pieces.length).toBeGreaterThan(3)
  for (const event of pieces) expect(JSON.stringify(event.data).length).toBeLessThan(ROOM)
  expect(pieces.flatMap((event) => event.data.hosts)).toEqual(hosts)
})

test('words go into texts, structure into data, and both keep to their schemas', () => {
  const events = must(planned(plan([{ id: 'copy' }])))
  for (const event of events) {
    const [data, text] = RUN_EVENTS[event.type]
    expect(data.safeParse(event.data).success).toBe(true)
    expect(text.safeParse(event.text).success).toBe(true)
  }
  const data = JSON.stringify(events.map((event) => event.data))
  for (const word of ['Orders', 'dba-lead', '15.4', 'Title of copy']) expect(data).not.toContain(word)
})

describe('is refused', () => {
  const many = Array.from({ length: 1500 }, (_, n) => `${'s'.repeat(50)}${n}`)
  test.each<[string, readonly StepSketch[], string]>([
    ['no steps', [], 'no-steps'],
    ['two of one id', [{ id: 'copy' }, { id: 'copy' }], 'plan-broken'],
    ['a need that is not there', [{ id: 'copy', needs: ['gone'] }], 'plan-broken'],
    ['hosts that are not there', [{ id: 'copy', targets: 'constructor' }], 'plan-broken'],
    ['a step that needs itself', [{ id: 'copy', needs: ['copy'] }], 'plan-broken'],
    [
      'a circle',
      [{ id: 'a', needs: ['c'] }, { id: 'b', needs: ['a'] }, { id: 'c', needs: ['b'] }, { id: 'd' }],
      'plan-broken',
    ],
    ['a step too large', [...many.map((id) => ({ id })), { id: 'all', needs: many }], 'step-too-large'],
  ])('%s', (_name, steps, code) => {
    expect(codeOf(planned(plan(steps)))).toBe(code)
  })

  test('a set without hosts, or with too long a name', () => {
    expect(codeOf(planned(plan([{ id: 'copy' }], [])))).toBe('no-hosts')
    const sets = [{ name: 'x'.repeat(9000), hosts: ['h1'] }]
    expect(codeOf(planned(plan([{ id: 'copy', targets: 'x'.repeat(9000) }], ['h1'], { sets })))).toBe('too-many-names')
  })

  test('and a plan in any order of steps is not', () => {
    expect(isRefusal(planned(plan([{ id: 'b', needs: ['a'] }, { id: 'a' }])))).toBe(false)
  })
})
