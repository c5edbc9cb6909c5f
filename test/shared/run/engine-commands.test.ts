/** What the engine reports, and what the rules make of it: outcomes, retries, conditions, waves, times. */
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../shared/model/cell.ts'
import type { FailureCode, Verdict } from '../../../shared/model/words.ts'
import { nextWakeMs } from '../../../shared/run/rules.ts'
import {
  BAD,
  begin,
  cell,
  codeOf,
  conditionsDue,
  dueNames,
  type Ending,
  EPOCH,
  finish,
  LOST,
  MINUTE,
  must,
  OK,
  perform,
  performAll,
  plan,
  started,
  type StepSketch,
  WINDOW_START,
} from './world.ts'

const reason = 'because'
const exit = (code: number): Outcome => ({ kind: 'exit', code, ok: code === 0 })
const notStarted = (code: FailureCode): Outcome => ({ kind: 'not-started', code })
const one = (sketch: Partial<StepSketch> = {}, hosts = ['h1']) => started(plan([{ id: 'upgrade', ...sketch }], hosts))
const main = { step: 'upgrade', target: 'h1', purpose: 'main' } as const

describe('the end of a script', () => {
  test.each<[Outcome, string, string | null]>([
    [exit(0), 'passed', null],
    [exit(1), 'failed', null],
    [exit(100), 'passed', null],
    [{ kind: 'exit', code: 100, ok: false }, 'passed', null],
    [{ kind: 'signal', signal: 'KILL' }, 'failed', null],
    [{ kind: 'timeout' }, 'failed', null],
    [notStarted('upload-failed'), 'failed', 'upload-failed'],
    [notStarted('already-started'), 'unknown', 'already-started'],
    [notStarted('still-running'), 'unknown', 'still-running'],
    [{ kind: 'lost', code: 'link-lost' }, 'unknown', 'link-lost'],
    [{ kind: 'lost', code: 'console-restarted' }, 'unknown', 'console-restarted'],
  ])('%j: %s', (outcome, state, failure) => {
    const of = one({ successExit: [0, 100] })
    perform(of, 'upgrade', 'h1', { outcome, verdict: null })
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state, failure, open: null })
  })

  test.each<[Verdict | null, Outcome, string]>([
    ['pass', exit(0), 'passed'],
    ['warn', exit(0), 'warned'],
    ['fail', exit(0), 'failed'],
    ['unknown', exit(0), 'unknown'],
    [null, exit(0), 'unknown'],
    ['pass', { kind: 'lost', code: 'link-lost' }, 'unknown'],
    ['pass', { kind: 'timeout' }, 'unknown'],
    ['pass', notStarted('channel-refused'), 'unknown'],
  ])('its check says %s and ends with %j: %s', (verdict, outcome, state) => {
    const of = one({ hasCheck: true })
    perform(of, 'upgrade', 'h1', OK)
    expect(cell(of, 'upgrade', 'h1').state).toBe('running')
    perform(of, 'upgrade', 'h1', { outcome, verdict }, 'check')
    expect(cell(of, 'upgrade', 'h1').state).toBe(state)
  })

  test('a script that failed has no check', () => {
    const of = one({ hasCheck: true })
    perform(of, 'upgrade', 'h1', BAD)
    expect(cell(of, 'upgrade', 'h1').state).toBe('failed')
    expect(dueNames(of)).toEqual([])
  })

  test.each<[Verdict | null, Outcome, string]>([
    ['pass', exit(0), 'passed'],
    ['warn', exit(0), 'warned'],
    ['fail', exit(1), 'failed'],
    [null, exit(0), 'unknown'],
    ['pass', { kind: 'lost', code: 'link-lost' }, 'unknown'],
    ['pass', notStarted('no-shell'), 'unknown'],
  ])('a probe that says %s and ends with %j: %s', (verdict, outcome, state) => {
    const of = one({ kind: 'probe', backout: null })
    perform(of, 'upgrade', 'h1', { outcome, verdict })
    expect(cell(of, 'upgrade', 'h1').state).toBe(state)
  })

  test('diagnostics run once after a failure and change nothing of it', () => {
    const of = one({ hasDiagnostics: true })
    perform(of, 'upgrade', 'h1', BAD)
    const { last, state } = cell(of, 'upgrade', 'h1')
    expect(dueNames(of)).toEqual(['upgrade@h1 diagnostics'])
    perform(of, 'upgrade', 'h1', LOST, 'diagnostics')
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ last, state })
    expect(dueNames(of)).toEqual([])
  })

  describe('diagnostics begin on no host while the run is held', () => {
    const begun = { do: 'beginAttempt', ...main, purpose: 'diagnostics', epoch: EPOCH } as const

    test.each([
      ['by a person', { do: 'hold', reason }],
      ['since the console was started again', { do: 'interrupt', because: 'restart', message: 'started again' }],
    ] as const)('%s', (_, hold) => {
      const of = one({ hasDiagnostics: true })
      begin(of, main)
      must(hold.do === 'hold' ? of.person(hold) : of.engine(hold))
      finish(of, main, BAD)
      expect(dueNames(of)).toEqual([])
      expect(codeOf(of.engine(begun))).toBe('not-due')
      must(of.person({ do: 'resume' }))
      expect(dueNames(of)).toEqual(['upgrade@h1 diagnostics'])
    })

    test('because the step itself failed, where the runbook says hold', () => {
      const of = one({ hasDiagnostics: true, onFailure: 'hold' })
      perform(of, 'upgrade', 'h1', BAD)
      expect(dueNames(of)).toEqual([])
    })

    test('but for what is backed out during the hold; all of them while the run is backed out', () => {
      const of = started(plan([{ id: 'upgrade', hasDiagnostics: true }], ['h1', 'h2']))
      for (const target of ['h1', 'h2']) begin(of, { ...main, target })
      must(of.person({ do: 'hold', reason }))
      for (const target of ['h1', 'h2']) finish(of, { ...main, target }, BAD)
      must(of.person({ do: 'backOut', scope: { kind: 'host', host: 'h1' }, reason }))
      expect(dueNames(of)).toEqual(['upgrade@h1 diagnostics', 'upgrade@h1 backout'])
      must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
      expect(dueNames(of)).toContain('upgrade@h2 diagnostics')
    })
  })
})

describe('is refused', () => {
  const open = () => {
    const of = one()
    begin(of, main)
    return of
  }
  const finishing = { do: 'finishAttempt', ...main, try: 1, durationMs: 1, ...OK } as const

  test('the end of an attempt that is not open, or was another', () => {
    expect(codeOf(one().engine(finishing))).toBe('no-such-attempt')
    expect(codeOf(open().engine({ ...finishing, try: 2 }))).toBe('no-such-attempt')
    expect(codeOf(open().engine({ ...finishing, purpose: 'check' }))).toBe('no-such-attempt')
    expect(codeOf(open().engine({ ...finishing, purpose: 'backout' }))).toBe('no-such-attempt')
    const of = open()
    finish(of, main, OK)
    expect(codeOf(of.engine(finishing))).toBe('no-such-attempt')
  })

  test('a second intent while one is open, and any that is not due', () => {
    const of = open()
    expect(codeOf(of.engine({ do: 'beginAttempt', ...main, epoch: EPOCH }))).toBe('not-due')
    for (const purpose of ['check', 'verify', 'diagnostics', 'backout', 'backout-check'] as const)
      expect(codeOf(of.engine({ do: 'beginAttempt', ...main, purpose, epoch: EPOCH }))).toBe('not-due')
    expect(codeOf(of.engine({ do: 'beginAttempt', ...main, step: 'constructor', epoch: EPOCH }))).toBe('not-due')
    expect(codeOf(of.engine({ do: 'cannotBegin', ...main, failure: 'unreachable', message: 'x' }))).toBe('not-due')
  })

  test('to walk past a step in a run that is not a walkthrough', () => {
    const of = open()
    const walked = { ...finishing, outcome: { kind: 'walked' }, verdict: null } as const
    expect(codeOf(of.engine(walked))).toBe('not-a-walkthrough')
    expect(cell(of, 'upgrade', 'h1').state).toBe('running')
  })

  test("to end a person's work for them", () => {
    const of = started(plan([{ id: 'upgrade', kind: 'manual' }]))
    must(of.person({ do: 'beginManual', step: 'upgrade', target: '-' }))
    expect(codeOf(of.engine({ ...finishing, target: '-', ...LOST }))).toBe('not-on-a-host')
  })

  test('a condition that is not due, or was evaluated', () => {
    const of = started(plan([{ id: 'first' }, { id: 'upgrade', needs: ['first'], hasCondition: true }], ['h1']))
    expect(codeOf(of.engine({ do: 'evaluateCondition', step: 'upgrade', result: true }))).toBe('not-due')
    expect(codeOf(of.engine({ do: 'evaluateCondition', step: 'first', result: true }))).toBe('not-due')
    performAll(of)
    must(of.engine({ do: 'evaluateCondition', step: 'upgrade', result: true }))
    expect(codeOf(of.engine({ do: 'evaluateCondition', step: 'upgrade', result: false }))).toBe('not-due')
  })
})

describe('retries of the runbook', () => {
  test('run at once without a delay, as often as it says, then it has failed', () => {
    const of = one({ retry: { times: 2, afterMs: 0 } })
    for (const number of [1, 2, 3]) {
      expect(dueNames(of)).toEqual(['upgrade@h1 main'])
      const [intent] = begin(of, main)
      expect(intent?.data).toMatchObject({ try: number })
      finish(of, main, BAD)
    }
    expect(dueNames(of)).toEqual([])
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state: 'failed', tries: 3 })
    expect(of.journal.filter((event) => event.type === 'cell.retried').map((event) => event.data.by)).toEqual([
      'policy',
      'policy',
    ])
  })

  test('wait for their delay: the run says when to look again', () => {
    const of = one({ retry: { times: 1, afterMs: 30_000 } })
    perform(of, 'upgrade', 'h1', BAD)
    expect(dueNames(of)).toEqual([])
    expect(nextWakeMs(of.run, of.atMs)).toBe(of.atMs + 30_000)
    of.atMs += 29_999
    expect(codeOf(of.engine({ do: 'beginAttempt', ...main, epoch: EPOCH }))).toBe('not-due')
    of.atMs += 1
    expect(dueNames(of)).toEqual(['upgrade@h1 main'])
    expect(nextWakeMs(of.run, of.atMs)).toBeNull()
    perform(of, 'upgrade', 'h1', OK)
    expect(cell(of, 'upgrade', 'h1').state).toBe('passed')
  })

  test('a retry by a person does not wait, and the runbook may retry again after it', () => {
    const of = one({ retry: { times: 1, afterMs: 30_000 } })
    perform(of, 'upgrade', 'h1', BAD)
    of.atMs += 30_000
    perform(of, 'upgrade', 'h1', BAD)
    must(of.person({ do: 'retry', cells: [{ step: 'upgrade', target: 'h1' }] }))
    perform(of, 'upgrade', 'h1', BAD)
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state: 'ready', policyRetries: 1, tries: 3 })
  })

  test('never for an unknown outcome', () => {
    const of = one({ retry: { times: 5, afterMs: 0 } })
    perform(of, 'upgrade', 'h1', LOST)
    expect(cell(of, 'upgrade', 'h1').state).toBe('unknown')
    expect(dueNames(of)).toEqual([])
  })

  test('for a check that fails run the script again, and its check', () => {
    const of = one({ hasCheck: true, retry: { times: 1, afterMs: 0 } })
    perform(of, 'upgrade', 'h1', OK)
    perform(of, 'upgrade', 'h1', { ...OK, verdict: 'fail' }, 'check')
    expect(dueNames(of)).toEqual(['upgrade@h1 main'])
    perform(of, 'upgrade', 'h1', OK)
    const [intent] = begin(of, { ...main, purpose: 'check' })
    expect(intent?.data).toMatchObject({ try: 2 })
  })

  test.each<[FailureCode, string]>([
    ['unreachable', 'ready'],
    ['timed-out', 'ready'],
    ['host-key-changed', 'failed'],
    ['host-key-unknown', 'failed'],
    ['authentication-refused', 'failed'],
    ['secret-missing', 'failed'],
    ['already-started', 'unknown'],
    ['still-running', 'unknown'],
  ])('of what could not begin because of %s: %s, and no try is spent', (failure, state) => {
    const of = one({ retry: { times: 1, afterMs: 0 } })
    must(of.engine({ do: 'cannotBegin', ...main, failure, message: 'no' }))
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state, tries: 0 })
  })
})

describe('what cannot begin', () => {
  const beginning = { do: 'cannotBegin', ...main, failure: 'unreachable', message: 'no route' } as const

  test('a check: the script ran, so its outcome is unknown', () => {
    const of = one({ hasCheck: true })
    perform(of, 'upgrade', 'h1', OK)
    must(of.engine({ ...beginning, purpose: 'check' }))
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state: 'unknown', failure: 'unreachable' })
  })

  test('diagnostics: it is noted, and not tried again for ever', () => {
    const of = one({ hasDiagnostics: true })
    perform(of, 'upgrade', 'h1', BAD)
    must(of.engine({ ...beginning, purpose: 'diagnostics' }))
    expect(cell(of, 'upgrade', 'h1').state).toBe('failed')
    expect(dueNames(of)).toEqual([])
  })

  test.each([
    ['backout', 'unreachable', 'failed'],
    ['backout', 'already-started', 'unknown'],
    ['backout-check', 'unreachable', 'unknown'],
  ] as const)('%s, %s: %s', (purpose, failure, state) => {
    const of = one({ backout: { expectedMs: 1, by: 'script', hasCheck: true } })
    performAll(of)
    must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    if (purpose === 'backout-check') perform(of, 'upgrade', 'h1', OK, 'backout')
    must(of.engine({ ...beginning, purpose, failure }))
    expect(of.run.backouts['upgrade']?.['h1']).toMatchObject({ state, failure })
  })

  test.each(['host-key-unknown', 'host-key-changed', 'authentication-refused', 'secret-missing'] as const)(
    '%s waits for a person, whatever the runbook says of failures, and goes on from there',
    (failure) => {
      for (const onFailure of ['hold', 'continue', 'backout'] as const) {
        const of = started(
          plan(
            [{ id: 'first' }, { id: 'upgrade', needs: ['first'], onFailure }, { id: 'later', needs: ['upgrade'] }],
            ['h1'],
          ),
        )
        perform(of, 'first', 'h1')
        must(of.engine({ ...beginning, failure }))
        expect([of.run.held, of.run.backingOut, dueNames(of)]).toEqual([null, null, []])
        must(of.person({ do: 'retry', cells: [{ step: 'upgrade', target: 'h1' }] }))
        expect(dueNames(of)).toEqual(['upgrade@h1 main'])
        // What the script itself then makes of it is a failure as any other.
        perform(of, 'upgrade', 'h1', BAD)
        expect([of.run.held !== null, of.run.backingOut !== null, dueNames(of).includes('later@h1 main')]).toEqual([
          onFailure === 'hold',
          onFailure === 'backout',
          onFailure === 'continue',
        ])
      }
    },
  )

  test('where the runbook says back out, the cell itself has failed and is not cancelled as well', () => {
    const of = started(plan([{ id: 'first' }, { id: 'upgrade', needs: ['first'], onFailure: 'backout' }], ['h1', 'h2']))
    perform(of, 'first', 'h1')
    perform(of, 'first', 'h2')
    must(of.engine(beginning))
    expect(cell(of, 'upgrade', 'h1').state).toBe('failed')
    expect(cell(of, 'upgrade', 'h2').state).toBe('cancelled')
    expect(dueNames(of)).toEqual(['first@h2 backout', 'first@h1 backout'])
  })
})

describe('on failure', () => {
  const two = (onFailure: 'ask' | 'hold' | 'continue' | 'backout') => {
    const of = started(
      plan([{ id: 'upgrade', onFailure }, { id: 'other' }, { id: 'later', needs: ['upgrade'] }], ['h1']),
    )
    perform(of, 'upgrade', 'h1', BAD)
    return of
  }

  test.each([
    ['ask', ['other@h1 main']],
    ['hold', []],
    ['continue', ['other@h1 main', 'later@h1 main']],
    ['backout', ['upgrade@h1 backout']],
  ] as const)('%s: what may begin then is %j', (onFailure, names) => {
    expect(dueNames(two(onFailure))).toEqual(names)
  })

  test('nothing forward is tried again or held while the run is backed out', () => {
    const of = started(
      plan([{ id: 'upgrade', onFailure: 'hold', retry: { times: 3, afterMs: 0 } }, { id: 'other' }], ['h1']),
    )
    begin(of, main)
    perform(of, 'other', 'h1')
    must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    finish(of, main, BAD)
    expect(of.run.held).toBeNull()
    expect(cell(of, 'upgrade', 'h1').state).toBe('failed')
    expect(dueNames(of)).toEqual(['other@h1 backout'])
  })
})

describe('conditions', () => {
  const three = plan(
    [
      { id: 'first' },
      { id: 'upgrade', needs: ['first'], hasCondition: true, waves: [1, 2] },
      { id: 'later', needs: ['upgrade'] },
    ],
    ['h1', 'h2'],
  )
  const asked = () => {
    const of = started(three)
    expect(conditionsDue(of)).toEqual([])
    performAll(of)
    expect(conditionsDue(of)).toEqual(['upgrade'])
    return of
  }
  const evaluate = (result: boolean | null) => {
    const of = asked()
    must(of.engine({ do: 'evaluateCondition', step: 'upgrade', result }))
    return of
  }

  test('true: its first wave may begin', () => {
    expect(dueNames(evaluate(true))).toEqual(['upgrade@h1 main'])
  })

  test('false: all its cells are skipped, and what waits goes on', () => {
    const of = evaluate(false)
    expect(cell(of, 'upgrade', 'h2').state).toBe('skipped')
    expect(dueNames(of)).toEqual(['later@h1 main', 'later@h2 main'])
  })

  test('without a value: unknown, and a retry asks it again for each cell', () => {
    const of = evaluate(null)
    const cells = ['h1', 'h2'].map((target) => ({ step: 'upgrade', target }))
    for (const { target } of cells)
      expect(cell(of, 'upgrade', target)).toMatchObject({ state: 'unknown', failure: 'condition-unknown', tries: 0 })
    must(of.person({ do: 'retry', cells }))
    expect(dueNames(of)).toEqual([])
    expect(conditionsDue(of)).toEqual(['upgrade'])
    must(of.engine({ do: 'evaluateCondition', step: 'upgrade', result: false }))
    expect(cell(of, 'upgrade', 'h1').state).toBe('skipped')
    expect(cell(of, 'upgrade', 'h2').state).toBe('skipped')
  })

  test('a cell that was settled as failed and is retried does not slip past its condition', () => {
    const of = evaluate(null)
    const cells = ['h1', 'h2'].map((target) => ({ step: 'upgrade', target }))
    must(of.person({ do: 'settle', cells, as: 'failed', phase: 'forward', reason }))
    must(of.person({ do: 'retry', cells }))
    expect(cells.map(({ target }) => cell(of, 'upgrade', target).state)).toEqual(['waiting', 'waiting'])
    expect(dueNames(of)).toEqual([])
  })

  test('is not asked while the run is held, or before its time', () => {
    const held = asked()
    must(held.person({ do: 'hold', reason }))
    expect(conditionsDue(held)).toEqual([])
    const notBefore = new Date(WINDOW_START + 5 * MINUTE).toISOString()
    const of = started(plan([{ id: 'upgrade', hasCondition: true, notBefore }]))
    expect(conditionsDue(of)).toEqual([])
    expect(nextWakeMs(of.run, of.atMs)).toBe(WINDOW_START + 5 * MINUTE)
  })
})

describe('waves', () => {
  const hosts = ['h1', 'h2', 'h3', 'h4', 'h5']
  test('open one after the other, each with all of its hosts satisfied', () => {
    const of = one({ waves: [1, 3, 5] }, hosts)
    expect(dueNames(of)).toEqual(['upgrade@h1 main'])
    perform(of, 'upgrade', 'h1', { ...OK, verdict: 'warn' })
    expect(dueNames(of)).toEqual(['upgrade@h2 main', 'upgrade@h3 main'])
    perform(of, 'upgrade', 'h2', BAD)
    perform(of, 'upgrade', 'h3', OK)
    expect(dueNames(of)).toEqual([])
    must(of.person({ do: 'exclude', host: 'h2', reason }))
    expect(dueNames(of)).toEqual(['upgrade@h4 main', 'upgrade@h5 main'])
  })

  test('an unknown pilot opens nothing; a wave that adds no host is passed over', () => {
    const of = one({ waves: [1, 1, 5] }, hosts)
    perform(of, 'upgrade', 'h1', LOST)
    expect(dueNames(of)).toEqual([])
    must(
      of.person({ do: 'settle', cells: [{ step: 'upgrade', target: 'h1' }], as: 'passed', phase: 'forward', reason }),
    )
    expect(dueNames(of)).toHaveLength(4)
  })

  test('a pilot that is tried again closes the wave that had opened', () => {
    const of = one({ waves: [1, 5], onFailure: 'continue' }, hosts)
    perform(of, 'upgrade', 'h1', BAD)
    expect(dueNames(of)).toHaveLength(4)
    must(of.person({ do: 'retry', cells: [{ step: 'upgrade', target: 'h1' }] }))
    expect(dueNames(of)).toEqual(['upgrade@h1 main'])
  })
})

describe('times', () => {
  const notBefore = new Date(WINDOW_START + 20 * MINUTE).toISOString()

  test('nothing begins before its time, and the run says when to look again', () => {
    const of = one({ notBefore })
    expect(cell(of, 'upgrade', 'h1').state).toBe('waiting')
    expect(nextWakeMs(of.run, of.atMs)).toBe(WINDOW_START + 20 * MINUTE)
    of.atMs = WINDOW_START + 20 * MINUTE
    must(of.engine({ do: 'advance' }))
    expect(dueNames(of)).toEqual(['upgrade@h1 main'])
  })

  test.each([
    ['live', false, 0],
    ['live', true, 48],
    ['rehearsal', false, 48],
    ['walkthrough', false, 48],
  ] as const)('a %s run (practice: %s) that starts 48 h early shifts its times by %s h', (mode, practice, hours) => {
    const of = started(plan([{ id: 'upgrade', notBefore }]), { mode, practice, atMs: WINDOW_START - 48 * 60 * MINUTE })
    expect(of.run.shiftMs).toBe(hours === 0 ? 0 : -hours * 60 * MINUTE)
    expect(nextWakeMs(of.run, of.atMs)).toBe(WINDOW_START + (20 - hours * 60) * MINUTE)
  })

  test('a plan without a window has nothing to shift', () => {
    const of = started(plan([{ id: 'upgrade' }], ['h1'], { window: null }), { mode: 'rehearsal' })
    expect(of.run.shiftMs).toBe(0)
  })
})

test('a walkthrough goes past every step without touching a host', () => {
  const undo = { expectedMs: 1, by: 'script', hasCheck: true } as const
  const of = started(
    plan(
      [
        { id: 'space', kind: 'probe' },
        { id: 'upgrade', needs: ['space'], backout: undo },
      ],
      ['h1'],
    ),
    {
      mode: 'walkthrough',
    },
  )
  const walked: Ending = { outcome: { kind: 'walked' }, verdict: null }
  performAll(of, walked)
  expect(cell(of, 'space', 'h1').state).toBe('passed')
  expect(cell(of, 'upgrade', 'h1').state).toBe('passed')
  must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
  performAll(of, walked)
  must(of.person({ do: 'close', result: 'backed-out' }))
})

test('milestones pass by themselves, one after the other, in one append', () => {
  const of = started(
    plan([
      { id: 'last', kind: 'milestone', needs: ['middle'] },
      { id: 'middle', kind: 'milestone', needs: ['upgrade'] },
      { id: 'upgrade', kind: 'manual' },
    ]),
  )
  const events = must(
    of.person({ do: 'recordOutcome', step: 'upgrade', target: '-', outcome: 'passed', phase: 'forward' }),
  )
  expect(events.map((event) => event.type)).toEqual([
    'attempt.started',
    'cell.ended',
    'cells.readied',
    'cell.ended',
    'cells.readied',
    'cell.ended',
  ])
  expect(cell(of, 'last').state).toBe('passed')
})

test('a milestone waits while the run is held, and passes with its end', () => {
  const of = started(plan([{ id: 'upgrade' }, { id: 'reached', kind: 'milestone', needs: ['upgrade'] }], ['h1']))
  begin(of, main)
  must(of.person({ do: 'hold', reason }))
  finish(of, main, OK)
  expect(cell(of, 'reached').state).toBe('ready')
  must(of.person({ do: 'resume' }))
  expect(cell(of, 'reached').state).toBe('passed')
})

test('a milestone that is the point of no return passes it', () => {
  const of = started(
    plan([{ id: 'upgrade' }, { id: 'cut', kind: 'milestone', needs: ['upgrade'], pointOfNoReturn: true }]),
  )
  performAll(of)
  expect(of.run.noReturn).toMatchObject({ step: 'cut' })
  expect(codeOf(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))).toBe('past-no-return')
})

test('output is bound to its attempt and says nothing about the state', () => {
  const of = one()
  begin(of, main)
  const before = of.run
  const blob = { name: 'stdout', sha256: 'a'.repeat(64), size: 10, chunk: 65536 as const, tree: 'b'.repeat(64) }
  const events = must(
    of.engine({
      do: 'bindOutput',
      ...main,
      try: 1,
      stream: 'stdout',
      segment: 0,
      raw: { from: 0, to: 10 },
      stored: { from: 0, to: 8 },
      blob,
    }),
  )
  expect(events.map((event) => event.type)).toEqual(['output.bound'])
  expect({ ...of.run, lastRef: 0, lastAtMs: 0 }).toEqual({ ...before, lastRef: 0, lastAtMs: 0 })
})
