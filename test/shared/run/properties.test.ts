/**
 * What holds whatever people, hosts and time do to any plan. `world` throws by itself when decide emits what its schema, the
 * journal's rules or fold do not take; the rest is said here.
 */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { isRefusal } from '../../../shared/model/commands.ts'
import type { Recorded, RecordedRunEvent } from '../../../shared/model/events.ts'
import { asRunEvent } from '../../../shared/model/events.ts'
import type { ShownState } from '../../../shared/model/cell.ts'
import { stateAt } from '../../../shared/replay/replay.ts'
import { decide } from '../../../shared/run/decide.ts'
import { type Effect, effectsOf } from '../../../shared/run/effects.ts'
import { fold, foldAll } from '../../../shared/run/fold.ts'
import { backoutOptions } from '../../../shared/run/questions-backout.ts'
import { questions } from '../../../shared/run/questions.ts'
import { dueAttempts } from '../../../shared/run/rules.ts'
import { latestBackoutStart, schedule } from '../../../shared/run/schedule.ts'
import { counts, runPhase, shownState, stepState } from '../../../shared/run/shown.ts'
import type { Run } from '../../../shared/run/state.ts'
import { foldWords, NO_WORDS } from '../../../shared/run/wording.ts'
import { type Answered, actOfTurn, asked, dice, engineTurn, filled, isAlive, toTheEnd, type Turn } from './driver.ts'
import { oracle } from './oracle.ts'
import { anyMode, anyPlan, runs } from './plans.ts'
import { EPOCH, must, started, type World } from './world.ts'

// Their number is what bounds them; a busy machine is not a failure.
vi.setConfig({ testTimeout: 300_000 })

const tape = fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), { maxLength: 60, size: 'max' })
const anyRun = fc.record({ plan: anyPlan, mode: anyMode, practice: fc.boolean(), tape, seed: fc.nat() })
type AnyRun = typeof anyRun extends fc.Arbitrary<infer T> ? T : never

/** Plays the tape; `after` is called once the run has started and after each turn. */
function play(given: AnyRun, after: (of: World, turn: Turn | null) => void = () => {}): World {
  const of = started(given.plan, { mode: given.mode, practice: given.practice })
  after(of, null)
  for (const turn of given.tape) {
    const act = actOfTurn(of, turn)
    if (act === null) engineTurn(of, turn)
    else {
      const answer = of.person(act.command)
      if (act.option !== null) must(answer)
    }
    after(of, turn)
  }
  return of
}

function shown(run: Run): Map<string, ShownState> {
  const all = Object.entries(run.cells).flatMap(([step, row]) =>
    Object.keys(row).map((target) => [step, target] as const),
  )
  return new Map(all.map(([step, target]) => [`${step} ${target}`, shownState(run, step, target)]))
}

function same(a: unknown, b: unknown): void {
  if (!isDeepStrictEqual(a, b)) expect(a).toEqual(b)
}

describe('a run that nobody spares', () => {
  test('starts nothing before its needs, wave, time, condition; twice; past a hold, an exclusion; undoes in reverse', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        const judge = oracle(given.plan)
        const of = play(given)
        if (given.seed % 2 === 0 && of.run.phase !== 'closed') toTheEnd(of, dice(given.seed))
        for (const event of of.journal) expect(judge.look(event)).toEqual([])
      }),
      { numRuns: runs(300) },
    )
  })

  test('offers only answers that are taken, with ids of their own, and is never left with nothing to do', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        play(given, (of) => {
          if (!isAlive(of)) throw new Error(`nothing is due, nothing is asked: ${JSON.stringify(of.run.cells)}`)
          const all = asked(of)
          expect(new Set(all.map((one) => one.id)).size).toBe(all.length)
          for (const question of all) {
            expect(question.options.length).toBeGreaterThan(0)
            expect(new Set(question.options.map((one) => one.key)).size).toBe(question.options.length)
            for (const option of question.options) {
              const answer = decide(of.run, filled(option), new Date(of.atMs).toISOString())
              if (isRefusal(answer)) throw new Error(`${question.id} ${option.key}: ${answer.code}: ${answer.message}`)
              expect(answer.length).toBeGreaterThan(0)
            }
          }
        })
      }),
      { numRuns: runs(300) },
    )
  })

  test('comes to its end when every question is answered, however badly', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        const of = play(given)
        toTheEnd(of, dice(given.seed))
        expect(of.run.phase).toBe('closed')
        expect(asked(of)).toEqual([])
        expect(dueAttempts(of.run, of.atMs)).toEqual([])
      }),
      { numRuns: runs(300) },
    )
  })

  test('has a fixed point after each command: advancing again adds nothing', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        play(given, (of) => expect(decide(of.run, { do: 'advance' }, new Date(of.atMs).toISOString())).toEqual([]))
      }),
      { numRuns: runs(150) },
    )
  })

  test('offers, plans and starts no backout past the point of no return', () => {
    const passed = { count: 0 }
    fc.assert(
      fc.property(anyRun, (given) => {
        play(given, (of) => {
          if (of.run.noReturn === null) return
          passed.count += 1
          const options = questions(of.run, of.atMs).flatMap((one) => one.options)
          expect(options.filter((one) => ['backOut', 'retryBackout'].includes(one.command.do))).toEqual([])
          for (const row of Object.values(of.run.cells))
            for (const cell of Object.values(row)) expect(backoutOptions(of.run, cell)).toEqual([])
          expect(dueAttempts(of.run, of.atMs).filter((one) => one.purpose.startsWith('backout'))).toEqual([])
          expect(latestBackoutStart(of.run)).toBeNull()
          const answer = decide(
            of.run,
            { do: 'backOut', scope: { kind: 'run' }, reason: 'no' },
            new Date(of.atMs).toISOString(),
          )
          expect(isRefusal(answer)).toBe(true)
        })
      }),
      { numRuns: runs(200) },
    )
    expect(passed.count).toBeGreaterThan(10)
  })

  test('does what effectsOf said it would', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        const of = started(given.plan, { mode: given.mode, practice: given.practice })
        const follow = (act: Answered) => {
          const before = of.run
          const said = effectsOf(before, act.option?.command ?? act.command, of.atMs)
          const answer = of.person(act.command)
          // What a person has still to write is not part of the effect.
          if (isRefusal(answer) && ['evidence-missing', 'condition-missing'].includes(answer.code)) return
          expect(isRefusal(said)).toBe(isRefusal(answer))
          if (isRefusal(said) || isRefusal(answer)) return
          expectEffect(said, before, of, answer)
        }
        for (const turn of given.tape) {
          const act = actOfTurn(of, turn)
          if (act === null) engineTurn(of, turn)
          else follow(act)
        }
      }),
      { numRuns: runs(250) },
    )
  })
})

function expectEffect(said: Effect, before: Run, of: World, answer: readonly RecordedRunEvent[]): void {
  const was = shown(before)
  const changed = [...shown(of.run)].filter(([cell, to]) => was.get(cell) !== to)
  expect(new Map(said.changes.map(({ step, target, to }) => [`${step} ${target}`, to]))).toEqual(new Map(changed))
  for (const { step, target, from } of said.changes) expect(from).toBe(was.get(`${step} ${target}`))
  expect(said.backsOut).toEqual(answer.flatMap((event) => (event.type === 'backout.planned' ? event.data.cells : [])))
  const names = (run: Run) =>
    dueAttempts(run, of.atMs).map(({ step, target, purpose }) => `${step} ${target} ${purpose}`)
  const known = names(before)
  expect(said.startsNext.map(({ step, target, purpose }) => `${step} ${target} ${purpose}`)).toEqual(
    names(of.run).filter((name) => !known.includes(name)),
  )
  expect(said.finishMs).toBe(schedule(of.run, of.atMs).finishMs)
  expect(said.finishBeforeMs).toBe(schedule(before, of.atMs).finishMs)
}

describe('replay', () => {
  test('gives the state that the live run had at that entry', () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), (given, from) => {
        const { journal, states } = play(given)
        for (let i = from % 7; i < journal.length; i += 7) same(stateAt(journal, { seq: i })?.run, states[i])
        expect(stateAt(journal, { seq: journal.length + 5 })?.run).toEqual(states.at(-1))
      }),
      { numRuns: runs(100) },
    )
  })

  test('is the same with every payload redacted', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        const { journal, run } = play(given)
        same(
          foldAll(
            null,
            journal.map((event) => ({ ...event, text: null })),
          ),
          run,
        )
      }),
      { numRuns: runs(150) },
    )
  })

  test('of a journal through JSON and schema is the same', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        const { journal, run } = play(given)
        const again = journal.map((event) => asRunEvent(JSON.parse(JSON.stringify(event)) as Recorded))
        same(
          foldAll(
            null,
            again.filter((event) => event !== null),
          ),
          run,
        )
      }),
      { numRuns: runs(50) },
    )
  })
})

/** Everything that a screen or the engine asks of a state, so that none of it throws. */
function lookAtAll(run: Run, atMs: number): void {
  for (const step of run.order) stepState(run, step)
  counts(run)
  runPhase(run)
  questions(run, atMs)
  dueAttempts(run, atMs)
  schedule(run, atMs)
  latestBackoutStart(run)
  decide(run, { do: 'advance' }, new Date(atMs).toISOString())
}

const anyName = fc.constantFrom('h1', 'h2', '-', 'toString', 'copy', 'constructor', 'valueOf', 'no-such')

/** Changes values anywhere in an event's data, keeping to the schema. */
function mutated(event: RecordedRunEvent, name: string, n: number): RecordedRunEvent | null {
  const data = JSON.parse(JSON.stringify(event.data)) as Record<string, unknown>
  const keys = Object.keys(data).filter((key) => key !== 'run')
  const key = keys[n % Math.max(1, keys.length)]
  if (key === undefined) return null
  const value = data[key]
  if (typeof value === 'string') data[key] = name
  else if (typeof value === 'number') data[key] = n % 5
  else if (typeof value === 'boolean') data[key] = !value
  else if (Array.isArray(value)) data[key] = n % 2 === 0 ? [] : [...(value as unknown[]), ...(value as unknown[])]
  else if (key === 'step') data[key] = { ...(value as object), id: name, targets: name, needs: [name] }
  const entry = { ...event, data } as unknown as Recorded
  return asRunEvent(entry)
}

describe('fold is total', () => {
  test('over any shuffled, repeated, thinned and altered journal; what contradicts becomes a conflict', () => {
    const seen = { conflicts: 0 }
    fc.assert(
      fc.property(
        anyRun,
        fc.array(fc.tuple(fc.nat(), fc.nat(3), anyName, fc.nat()), { maxLength: 150 }),
        (given, draws) => {
          const { journal, atMs } = play(given)
          const first = journal[0]
          if (first === undefined) return
          let run = fold(null, first)
          let words = foldWords(NO_WORDS, first)
          const plan =
            draws.length % 3 === 0 ? [] : journal.slice(1, 2 + given.plan.sets.length + given.plan.steps.length)
          const drawn = draws.map(([at, what, name, n]) => {
            const event = journal[at % journal.length] ?? first
            return what === 0 ? mutated(event, name, n) : event
          })
          for (const event of [...plan, ...drawn]) {
            if (event === null) continue
            const before = run
            run = fold(run, event)
            words = foldWords(words, event)
            expect(run).not.toBeNull()
            expect(run?.conflicts.length).toBeGreaterThanOrEqual(before?.conflicts.length ?? 0)
          }
          if (run === null) throw new Error('no run')
          seen.conflicts += run.conflicts.length
          lookAtAll(run, atMs)
        },
      ),
      { numRuns: runs(250) },
    )
    expect(seen.conflicts).toBeGreaterThan(100)
  })

  test('an entry that comes twice changes nothing the second time', () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), (given, at) => {
        const { journal, states } = play(given)
        const index = at % journal.length
        const event = journal[index]
        const state = states[index]
        if (event === undefined || state === undefined) return
        const again = fold(state, event)
        const facts = (run: Run | null) =>
          run && {
            cells: states_(run),
            backouts: run.backouts,
            phase: run.phase,
            starts: run.starts,
            noReturn: run.noReturn,
          }
        same(facts(again), facts(state))
      }),
      { numRuns: runs(150) },
    )
  })

  test('leaves the events and states it was given alone, and those of another run out', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        const { journal } = play(given)
        const text = JSON.stringify(journal)
        let run: Run | null = null
        for (const event of journal) {
          const was: string = JSON.stringify(run)
          const next = fold(run, Object.freeze(event))
          expect(JSON.stringify(run)).toBe(was)
          run = next
        }
        expect(JSON.stringify(journal)).toBe(text)
        const other = { ...journal.at(-1), data: { ...journal.at(-1)?.data, run: 'another-run' } } as RecordedRunEvent
        expect(fold(run, other)).toBe(run)
        expect(fold(null, { ...other })).toBeNull()
      }),
      { numRuns: runs(30) },
    )
  })
})

function states_(run: Run): unknown {
  return Object.fromEntries(
    Object.entries(run.cells).map(([step, row]) => [
      step,
      Object.fromEntries(
        Object.entries(row).map(([target, { state, tries, open }]) => [target, { state, tries, open }]),
      ),
    ]),
  )
}

test('only the console that drives begins attempts', () => {
  fc.assert(
    fc.property(anyRun, (given) => {
      play(given, (of) => {
        const [next] = dueAttempts(of.run, of.atMs)
        if (next === undefined) return
        for (const epoch of [
          { ...of.run.epoch, number: of.run.epoch.number - 1 },
          { ...of.run.epoch, number: of.run.epoch.number + 1 },
          { ...EPOCH, number: of.run.epoch.number, origin: 'holdpoint/other' },
        ]) {
          const answer = decide(of.run, { do: 'beginAttempt', ...next, epoch }, new Date(of.atMs).toISOString())
          expect(isRefusal(answer) && answer.code).toBe('not-driving')
        }
      })
    }),
    { numRuns: runs(50) },
  )
})
