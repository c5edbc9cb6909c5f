/** What the plan and the clock say: expected finish, lateness, and the last moment to begin backing out. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { latestBackoutStart, schedule } from '../../../shared/run/schedule.ts'
import { actOfTurn, engineTurn, type Turn } from './driver.ts'
import { anyPlan, runs } from './plans.ts'
import {
  BAD,
  begin,
  finish,
  LOST,
  MINUTE,
  must,
  OK,
  perform,
  performAll,
  plan,
  started,
  WINDOW_END,
  WINDOW_START,
  type World,
  world,
} from './world.ts'

// The number of runs is what bounds the properties; a busy machine is not a failure.
vi.setConfig({ testTimeout: 300_000 })

const at = (minutes: number) => WINDOW_START + minutes * MINUTE
const inMinutes = (of: World) =>
  Object.fromEntries(
    Object.entries(schedule(of.run, of.atMs).steps).map(([id, times]) => [
      id,
      [times.startMs, times.endMs].map((ms) => (ms - WINDOW_START) / MINUTE),
    ]),
  )
const three = plan(
  [
    { id: 'copy', expectedMs: 10 * MINUTE },
    { id: 'upgrade', expectedMs: 20 * MINUTE, needs: ['copy'] },
    { id: 'tell', expectedMs: 5 * MINUTE },
  ],
  ['h1'],
)

describe('the schedule', () => {
  test('of a plan follows its needs from the start of the window', () => {
    const of = world(three, { atMs: at(-600) })
    expect(inMinutes(of)).toEqual({ copy: [0, 10], upgrade: [10, 30], tell: [0, 5] })
    expect(schedule(of.run, of.atMs)).toMatchObject({ finishMs: at(30), plannedFinishMs: at(30) })
  })

  test('of a rehearsal begins now', () => {
    const of = world(three, { mode: 'rehearsal', atMs: at(-600) })
    expect(inMinutes(of)).toMatchObject({ copy: [-600, -590], upgrade: [-590, -570] })
  })

  test('moves with what has happened: a late start, a late end', () => {
    const of = started(three, { atMs: at(5) })
    expect(inMinutes(of)).toMatchObject({ copy: [5, 15], upgrade: [15, 35] })
    of.atMs = at(7)
    begin(of, { step: 'copy', target: 'h1', purpose: 'main' })
    of.atMs = at(30)
    // It should have ended at 17: it ends now at the earliest.
    expect(inMinutes(of)).toMatchObject({ copy: [7, 30], upgrade: [30, 50] })
    const { steps, finishMs, plannedFinishMs } = schedule(of.run, of.atMs)
    expect([finishMs, plannedFinishMs]).toEqual([at(50), at(30)])
    expect(steps['copy']).toMatchObject({ isStarted: true, isDone: false, isLate: true, plannedEndMs: at(10) })
  })

  test('a step ends with its last host, and failed is an end; unknown is not', () => {
    const of = started(plan([{ id: 'copy', expectedMs: 10 * MINUTE }], ['h1', 'h2']))
    perform(of, 'copy', 'h1', OK)
    of.atMs = at(4)
    perform(of, 'copy', 'h2', BAD)
    expect(schedule(of.run, of.atMs).steps['copy']).toMatchObject({ isDone: true, startMs: at(0), endMs: at(4) })
    const unknown = started(plan([{ id: 'copy', expectedMs: 10 * MINUTE }], ['h1']))
    perform(unknown, 'copy', 'h1', LOST)
    expect(schedule(unknown.run, at(40)).steps['copy']).toMatchObject({ isDone: false, endMs: at(40) })
  })

  describe('a step that is tried again takes its time anew', () => {
    const retried = (hosts: readonly string[] = ['h1']) => {
      const of = started(
        plan(
          [
            { id: 'aaa', expectedMs: 10 * MINUTE },
            { id: 'bbb', expectedMs: 10 * MINUTE, needs: ['aaa'] },
          ],
          hosts,
        ),
      )
      perform(of, 'aaa', 'h1', BAD)
      for (const host of hosts.slice(1)) perform(of, 'aaa', host, OK)
      of.atMs = at(60)
      must(of.person({ do: 'retry', cells: [{ step: 'aaa', target: 'h1' }] }))
      return of
    }

    test('from now while it has not begun', () => {
      const of = retried()
      expect(inMinutes(of)).toEqual({ aaa: [0, 70], bbb: [70, 80] })
      of.atMs = at(65)
      expect(schedule(of.run, of.atMs).finishMs).toBe(at(85))
    })

    test('from its latest start once it has, and then it ends now at the earliest', () => {
      const of = retried()
      begin(of, { step: 'aaa', target: 'h1', purpose: 'main' })
      of.atMs = at(64)
      expect(inMinutes(of)).toEqual({ aaa: [0, 70], bbb: [70, 80] })
      of.atMs = at(75)
      expect(inMinutes(of)).toEqual({ aaa: [0, 75], bbb: [75, 85] })
      finish(of, { step: 'aaa', target: 'h1', purpose: 'main' }, OK)
      expect(inMinutes(of)).toEqual({ aaa: [0, 75], bbb: [75, 85] })
    })

    test('on one of its hosts as well, the others having passed', () => {
      expect(inMinutes(retried(['h1', 'h2']))).toEqual({ aaa: [0, 70], bbb: [70, 80] })
    })

    test('after the delay that the runbook sets', () => {
      const of = started(
        plan([{ id: 'aaa', expectedMs: 10 * MINUTE, retry: { times: 1, afterMs: 3 * MINUTE } }], ['h1']),
      )
      of.atMs = at(9)
      perform(of, 'aaa', 'h1', BAD)
      expect(inMinutes(of)).toEqual({ aaa: [9, 22] })
    })
  })

  test('an excluded host is not waited for', () => {
    const of = started(plan([{ id: 'copy' }, { id: 'upgrade', needs: ['copy'] }], ['h1', 'h2']))
    perform(of, 'copy', 'h1', OK)
    must(of.person({ do: 'exclude', host: 'h2', reason: 'dead' }))
    expect(schedule(of.run, of.atMs).steps['copy']).toMatchObject({ isDone: true })
  })

  test.each([
    [0, false],
    [1, false],
    [2, true],
  ])('that will end %s minutes after its plan is late: %s', (minutes, isLate) => {
    const of = started(plan([{ id: 'copy', expectedMs: 120 * MINUTE }], ['h1']))
    of.atMs = at(minutes)
    begin(of, { step: 'copy', target: 'h1', purpose: 'main' })
    expect(schedule(of.run, of.atMs).steps['copy']).toMatchObject({ startMs: at(minutes), isLate })
  })

  test('latestStart is what makes a start late, in the run’s own time', () => {
    const latestStart = new Date(at(30)).toISOString()
    for (const [minutes, isLate] of [
      [29, false],
      [31, true],
    ] as const) {
      const of = started(
        plan([
          { id: 'copy', expectedMs: 0, latestStart, needs: ['wait'] },
          { id: 'wait', expectedMs: 40 * MINUTE },
        ]),
        {
          mode: 'rehearsal',
          atMs: at(-100),
        },
      )
      for (const host of ['h1', 'h2']) perform(of, 'wait', host)
      of.atMs = at(-100 + minutes)
      begin(of, { step: 'copy', target: 'h1', purpose: 'main' })
      expect(schedule(of.run, of.atMs).steps['copy']?.isLate).toBe(isLate)
    }
  })

  test('of any plan is the longest way through its needs and times', () => {
    fc.assert(
      fc.property(anyPlan, (given) => {
        const of = world(given, { atMs: at(-60) })
        const end = (id: string): number => {
          const step = given.steps.find((one) => one.id === id)
          if (step === undefined) return 0
          const notBefore = step.notBefore === null ? 0 : Date.parse(step.notBefore)
          return Math.max(at(0), notBefore, ...step.needs.map(end)) + step.expectedMs
        }
        const ends = given.steps.map((step) => end(step.id))
        expect(schedule(of.run, of.atMs).plannedFinishMs).toBe(Math.max(...ends))
        expect(schedule(of.run, of.atMs).finishMs).toBe(Math.max(...ends))
      }),
      { numRuns: runs(100) },
    )
  })
})

/** Longest chain of what must be undone one after the other, by trying each pair. */
function bruteForce(of: World): number | null {
  const { run } = of
  const ran = run.order
    .flatMap((id) => Object.values(run.cells[id] ?? {}))
    .filter((cell) => cell.tries > 0 && run.steps[cell.step]?.backout != null)
    .filter((cell) => !Object.hasOwn(run.backouts[cell.step] ?? {}, cell.target))
  if (ran.length === 0) return null
  const needs = (from: string, to: string): boolean =>
    (run.steps[from]?.needs ?? []).some((need) => need === to || needs(need, to))
  const isFirst = (a: (typeof ran)[number], b: (typeof ran)[number]): boolean => {
    if ((a.startedNth ?? 0) <= (b.startedNth ?? 0)) return false
    if (a.step === b.step) return a.wave !== b.wave
    return (a.target === b.target && a.target !== '-') || needs(a.step, b.step) || needs(b.step, a.step)
  }
  const end = (cell: (typeof ran)[number]): number =>
    (run.steps[cell.step]?.backout?.expectedMs ?? 0) +
    Math.max(0, ...ran.filter((other) => isFirst(other, cell)).map((other) => end(other)))
  return Math.max(...ran.map((cell) => end(cell)))
}

describe('back out by', () => {
  test('the end of the window less what undoing takes: hosts side by side, steps one after the other', () => {
    const of = started(
      plan([
        { id: 'copy', backout: { expectedMs: 3 * MINUTE, by: 'script', hasCheck: false } },
        { id: 'upgrade', needs: ['copy'], backout: { expectedMs: 12 * MINUTE, by: 'script', hasCheck: false } },
      ]),
    )
    expect(latestBackoutStart(of.run)).toBeNull()
    performAll(of)
    expect(latestBackoutStart(of.run)).toEqual({ atMs: WINDOW_END - 15 * MINUTE, backoutMs: 15 * MINUTE, cells: 4 })
  })

  test('waves are undone one after the other', () => {
    const undo = { expectedMs: MINUTE, by: 'script', hasCheck: false } as const
    const of = started(plan([{ id: 'copy', waves: [1, 2, 3], backout: undo }], ['h1', 'h2', 'h3']))
    performAll(of)
    expect(latestBackoutStart(of.run)).toMatchObject({ backoutMs: 3 * MINUTE })
  })

  test('in a rehearsal the window has moved, and so has this', () => {
    const of = started(plan([{ id: 'copy' }]), { mode: 'rehearsal', atMs: at(-300) })
    performAll(of)
    expect(latestBackoutStart(of.run)?.atMs).toBe(WINDOW_END - 300 * MINUTE - 5 * MINUTE)
  })

  test('is not said without a window, past the point of no return, or once closed', () => {
    const without = started(plan([{ id: 'copy' }], ['h1'], { window: null }))
    performAll(without)
    expect(latestBackoutStart(without.run)).toBeNull()
    const past = started(plan([{ id: 'copy', pointOfNoReturn: true }]))
    performAll(past)
    expect(latestBackoutStart(past.run)).toBeNull()
    const closed = started(plan([{ id: 'copy' }]))
    performAll(closed)
    must(closed.person({ do: 'close', result: 'done' }))
    expect(latestBackoutStart(closed.run)).toBeNull()
  })

  test('is what trying each pair gives, for any run', () => {
    const tape = fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), { maxLength: 50, size: 'max' })
    let compared = 0
    fc.assert(
      fc.property(anyPlan, tape, (given, turns) => {
        const of = started(given)
        for (const turn of turns as readonly Turn[]) {
          const act = actOfTurn(of, turn)
          if (act === null) engineTurn(of, turn)
          else of.person(act.command)
        }
        const said = latestBackoutStart(of.run)
        if (of.run.noReturn !== null || of.run.phase !== 'running') return
        expect(said?.backoutMs ?? null).toBe(bruteForce(of))
        if (said !== null) compared += 1
      }),
      { numRuns: runs(200) },
    )
    expect(compared).toBeGreaterThan(20)
  })
})
