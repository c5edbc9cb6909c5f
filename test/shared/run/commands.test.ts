/** Each act of a person: what it is refused for, and what it leads to. */
import { describe, expect, test } from 'vitest'
import type { Refusal } from '../../../shared/model/commands.ts'
import type { RecordedRunEvent } from '../../../shared/model/events.ts'
import { decide } from '../../../shared/run/decide.ts'
import { shownState } from '../../../shared/run/shown.ts'
import {
  BAD,
  backout,
  begin,
  cell,
  codeOf,
  dueNames,
  EPOCH,
  finish,
  LOST,
  must,
  OK,
  perform,
  performAll,
  plan,
  type RunCommand,
  started,
  type StepSketch,
  type World,
  world,
} from './world.ts'

const reason = 'because'
const KEY = `SHA256:${'K'.repeat(43)}`
const OTHER = `SHA256:${'L'.repeat(43)}`

const SCRIPT: StepSketch = { id: 'upgrade' }
const MANUAL: StepSketch = {
  id: 'switch',
  kind: 'manual',
  backout: { expectedMs: 60_000, by: 'person', hasCheck: false },
}
const GATE: StepSketch = { id: 'go', kind: 'gate', approvals: { security: 1, business: 2 } }

/** A run in some state, by name; what it takes to get there is played, never made up. */
const WORLDS = {
  planned: () => world(plan([SCRIPT, MANUAL])),
  started: () => started(plan([SCRIPT, MANUAL])),
  held: () => act(started(plan([SCRIPT, MANUAL])), { do: 'hold', reason }),
  closed: () => act(started(plan([SCRIPT])), { do: 'close', result: 'abandoned' }),
  'running on h1': () => {
    const of = started(plan([SCRIPT]))
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
    return of
  },
  'passed on h1': () => ended(plan([SCRIPT]), OK),
  'failed on h1': () => ended(plan([SCRIPT]), BAD),
  'unknown on h1': () => ended(plan([SCRIPT]), LOST),
  'failed on h1, accepted': () =>
    act(ended(plan([SCRIPT]), BAD), { do: 'proceed', step: 'upgrade', target: 'h1', reason }),
  'failed on h1, excluded': () => act(ended(plan([SCRIPT]), BAD), { do: 'exclude', host: 'h1', reason }),
  'failed on h1, backing out that host': () =>
    act(ended(plan([SCRIPT]), BAD), { do: 'backOut', scope: { kind: 'host', host: 'h1' }, reason }),
  'failed on h1, backing out': () => act(ended(plan([SCRIPT]), BAD), { do: 'backOut', scope: { kind: 'run' }, reason }),
  'failed on h1, diagnostics running': () => {
    const of = ended(plan([{ ...SCRIPT, hasDiagnostics: true }]), BAD)
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'diagnostics' })
    return of
  },
  'backout failed on h1': () => backedOut(BAD),
  'backout unknown on h1': () => backedOut(LOST),
  'backout running on h1': () => {
    const of = backingOut()
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'backout' })
    return of
  },
  'backed out on h1': () => backedOut(OK),
  'a gate waiting': () => started(plan([SCRIPT, { ...GATE, needs: ['upgrade'] }])),
  'a gate ready': () => started(plan([GATE])),
  'a gate approved': () => {
    const of = started(plan([{ ...GATE, approvals: { security: 1 } }]))
    return act(of, { do: 'approve', gate: 'go', role: 'security', key: KEY })
  },
  'a gate passed': () =>
    act(
      started(
        plan([
          { ...GATE, approvals: {} },
          { ...SCRIPT, needs: ['go'] },
        ]),
      ),
      go,
    ),
  'a gate refused': () =>
    act(started(plan([{ ...GATE, approvals: {} }])), { do: 'decideGate', gate: 'go', decision: 'no-go', reason }),
  'a manual step ready': () => started(plan([MANUAL])),
  'a manual step begun': () => act(started(plan([MANUAL])), { do: 'beginManual', step: 'switch', target: '-' }),
  'a manual step that asks for evidence': () => started(plan([{ ...MANUAL, evidenceRequired: true }])),
  'a manual step to undo': () => {
    const of = act(started(plan([MANUAL])), passed)
    return act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
  },
  'a manual step held': () => act(started(plan([MANUAL])), { do: 'hold', reason }),
  'a manual step held, the point of no return': () =>
    act(started(plan([{ ...MANUAL, pointOfNoReturn: true }])), { do: 'hold', reason }),
  'a manual step cancelled by the backout': () =>
    act(started(plan([MANUAL])), { do: 'backOut', scope: { kind: 'run' }, reason }),
  'past the point of no return': () => {
    const of = started(plan([SCRIPT, { id: 'cut', needs: ['upgrade'], pointOfNoReturn: true }]))
    performAll(of, OK)
    return of
  },
} satisfies Record<string, () => World>

const go: RunCommand = { do: 'decideGate', gate: 'go', decision: 'go' }
const passed: RunCommand = { do: 'recordOutcome', step: 'switch', target: '-', outcome: 'passed', phase: 'forward' }
const h1 = [{ step: 'upgrade', target: 'h1' }]

function act(of: World, command: RunCommand): World {
  must(of.person(command))
  return of
}

function ended(of: ReturnType<typeof plan>, ending: typeof OK): World {
  const made = started(of)
  perform(made, 'upgrade', 'h1', ending)
  return made
}

function backingOut(): World {
  return act(ended(plan([SCRIPT]), OK), { do: 'backOut', scope: { kind: 'run' }, reason })
}

function backedOut(ending: typeof OK): World {
  const of = backingOut()
  perform(of, 'upgrade', 'h1', ending, 'backout')
  return of
}

describe('is refused', () => {
  const refused: readonly [keyof typeof WORLDS, RunCommand, string][] = [
    ['started', { do: 'startRun' }, 'started'],
    ['planned', { do: 'hold', reason }, 'not-started'],
    ['held', { do: 'hold', reason }, 'held'],
    ['started', { do: 'resume' }, 'not-held'],
    ['planned', { do: 'backOut', scope: { kind: 'run' }, reason }, 'not-started'],

    ['closed', { do: 'resume' }, 'closed'],
    ['closed', { do: 'retry', cells: h1 }, 'closed'],
    ['closed', { do: 'close', result: 'failed' }, 'closed'],
    ['closed', { do: 'backOut', scope: { kind: 'run' }, reason }, 'closed'],
    ['closed', { do: 'takeOver', epoch: { ...EPOCH, number: 2 }, reason }, 'closed'],

    ['running on h1', { do: 'close', result: 'abandoned' }, 'still-running'],
    ['unknown on h1', { do: 'close', result: 'failed' }, 'unknown-open'],
    ['backout unknown on h1', { do: 'close', result: 'failed' }, 'unknown-open'],
    ['started', { do: 'close', result: 'done' }, 'not-done'],
    ['failed on h1', { do: 'close', result: 'done' }, 'not-done'],
    ['backed out on h1', { do: 'close', result: 'done' }, 'not-done'],
    ['started', { do: 'close', result: 'backed-out' }, 'not-backed-out'],
    ['backout failed on h1', { do: 'close', result: 'backed-out' }, 'not-backed-out'],
    ['backout failed on h1', { do: 'close', result: 'failed' }, 'backout-open'],

    ['started', { do: 'skip', cells: [{ step: 'upgrade', target: 'h9' }], reason }, 'no-such-cell'],
    ['started', { do: 'skip', cells: [{ step: 'constructor', target: 'name' }], reason }, 'no-such-cell'],
    ['a gate ready', { do: 'skip', cells: [{ step: 'go', target: '-' }], reason }, 'gate'],
    ['unknown on h1', { do: 'skip', cells: h1, reason }, 'unknown-open'],
    ['running on h1', { do: 'skip', cells: h1, reason }, 'not-skippable'],
    ['passed on h1', { do: 'skip', cells: h1, reason }, 'not-skippable'],
    ['failed on h1, diagnostics running', { do: 'skip', cells: h1, reason }, 'not-skippable'],
    ['backed out on h1', { do: 'skip', cells: h1, reason }, 'backed-out'],

    ['a gate refused', { do: 'proceed', step: 'go', target: '-', reason }, 'gate'],
    ['passed on h1', { do: 'proceed', step: 'upgrade', target: 'h1', reason }, 'not-failed'],
    ['unknown on h1', { do: 'proceed', step: 'upgrade', target: 'h1', reason }, 'not-failed'],
    ['failed on h1, accepted', { do: 'proceed', step: 'upgrade', target: 'h1', reason }, 'accepted'],
    ['failed on h1, backing out', { do: 'proceed', step: 'upgrade', target: 'h1', reason }, 'backed-out'],
    ['started', { do: 'proceed', step: 'upgrade', target: '-', reason }, 'no-such-cell'],

    ['started', { do: 'retry', cells: h1 }, 'not-failed'],
    ['passed on h1', { do: 'retry', cells: h1 }, 'not-failed'],
    ['running on h1', { do: 'retry', cells: h1 }, 'still-running'],
    ['failed on h1, diagnostics running', { do: 'retry', cells: h1 }, 'still-running'],
    ['failed on h1, excluded', { do: 'retry', cells: h1 }, 'excluded'],
    ['failed on h1, backing out that host', { do: 'retry', cells: h1 }, 'backed-out'],
    ['failed on h1, backing out', { do: 'retry', cells: h1 }, 'backing-out'],
    ['failed on h1', { do: 'retry', cells: [...h1, { step: 'upgrade', target: 'h2' }] }, 'not-failed'],

    ['failed on h1', { do: 'settle', cells: h1, as: 'passed', phase: 'forward', reason }, 'not-unknown'],
    ['running on h1', { do: 'settle', cells: h1, as: 'passed', phase: 'forward', reason }, 'not-unknown'],
    ['backout failed on h1', { do: 'settle', cells: h1, as: 'passed', phase: 'backout', reason }, 'not-unknown'],
    ['unknown on h1', { do: 'settle', cells: h1, as: 'passed', phase: 'backout', reason }, 'not-unknown'],

    ['started', { do: 'beginManual', step: 'upgrade', target: 'h1' }, 'not-manual'],
    ['a manual step begun', { do: 'beginManual', step: 'switch', target: '-' }, 'running'],
    ['a manual step held', { do: 'beginManual', step: 'switch', target: '-' }, 'not-due'],
    ['a manual step ready', { do: 'beginManual', step: 'switch', target: 'h1' }, 'no-such-cell'],
    ['a manual step held, the point of no return', passed, 'not-due'],
    ['a manual step cancelled by the backout', passed, 'not-due'],
    ['a manual step that asks for evidence', passed, 'evidence-missing'],
    ['a manual step that asks for evidence', { ...passed, evidence: '  ' }, 'evidence-missing'],
    ['a manual step ready', { ...passed, phase: 'backout' }, 'no-backout'],
    [
      'failed on h1, backing out',
      { do: 'recordOutcome', step: 'upgrade', target: 'h1', outcome: 'passed', phase: 'backout' },
      'not-manual',
    ],

    ['started', { do: 'exclude', host: 'h9', reason }, 'no-such-host'],
    ['started', { do: 'exclude', host: '-', reason }, 'no-such-host'],
    ['failed on h1, excluded', { do: 'exclude', host: 'h1', reason }, 'excluded'],

    ['started', { do: 'approve', gate: 'upgrade', role: 'security', key: KEY }, 'not-a-gate'],
    ['a gate ready', { do: 'approve', gate: 'go', role: 'nobody', key: KEY }, 'role-not-asked'],
    ['a gate ready', { do: 'approve', gate: 'go', role: 'constructor', key: KEY }, 'role-not-asked'],
    ['a gate approved', { do: 'approve', gate: 'go', role: 'security', key: KEY }, 'given'],
    ['a gate passed', { do: 'approve', gate: 'go', role: 'security', key: KEY }, 'role-not-asked'],
    ['a gate approved', { do: 'withdraw', gate: 'go', role: 'security', key: OTHER }, 'nothing-given'],
    ['a gate ready', go, 'approvals-missing'],
    ['a gate waiting', go, 'not-due'],
    ['a gate passed', go, 'not-due'],
    ['started', { do: 'decideGate', gate: 'upgrade', decision: 'go' }, 'not-a-gate'],
    ['a gate approved', { do: 'decideGate', gate: 'go', decision: 'conditional-go' }, 'condition-missing'],
    [
      'a gate approved',
      { do: 'decideGate', gate: 'go', decision: 'conditional-go', condition: ' ' },
      'condition-missing',
    ],

    ['past the point of no return', { do: 'backOut', scope: { kind: 'run' }, reason }, 'past-no-return'],
    ['past the point of no return', { do: 'backOut', scope: { kind: 'host', host: 'h1' }, reason }, 'past-no-return'],
    ['failed on h1, backing out', { do: 'backOut', scope: { kind: 'run' }, reason }, 'backing-out'],
    ['started', { do: 'backOut', scope: { kind: 'step', step: 'upgrade' }, reason }, 'nothing-to-back-out'],
    ['passed on h1', { do: 'backOut', scope: { kind: 'host', host: 'h2' }, reason }, 'nothing-to-back-out'],
    ['passed on h1', { do: 'backOut', scope: { kind: 'workstream', workstream: 'x' }, reason }, 'nothing-to-back-out'],
    ['started', { do: 'retryBackout', step: 'upgrade', target: 'h1' }, 'no-backout'],
    ['backed out on h1', { do: 'retryBackout', step: 'upgrade', target: 'h1' }, 'not-failed'],
    ['backout running on h1', { do: 'retryBackout', step: 'upgrade', target: 'h1' }, 'still-running'],
    ['backout running on h1', { do: 'giveUpBackout', cells: h1, reason }, 'still-running'],
    ['backed out on h1', { do: 'giveUpBackout', cells: h1, reason }, 'not-failed'],
    ['started', { do: 'giveUpBackout', cells: h1, reason }, 'no-backout'],

    ['started', { do: 'takeOver', epoch: EPOCH, reason }, 'epoch-too-low'],
  ]
  test.each(refused)('%s: %j', (name, command, code) => {
    const of = WORLDS[name]()
    const before = of.run
    const answer = of.person(command)
    expect(codeOf(answer)).toBe(code)
    expect((answer as Refusal).message).toMatch(/^.{9,}[.?]$/)
    expect(of.run).toBe(before)
  })
})

const typesOf = (events: readonly RecordedRunEvent[]) => events.map((event) => event.type)

describe('start, hold, resume, close', () => {
  test('a start makes ready what needs nothing, and begins nothing by itself', () => {
    const of = world(plan([SCRIPT, { id: 'later', needs: ['upgrade'] }]))
    expect(cell(of, 'upgrade', 'h1').state).toBe('waiting')
    expect(dueNames(of)).toEqual([])
    expect(typesOf(must(of.person({ do: 'startRun' })))).toEqual(['run.started', 'cells.readied'])
    expect(dueNames(of)).toEqual(['upgrade@h1 main', 'upgrade@h2 main'])
    expect(cell(of, 'later', 'h1').state).toBe('waiting')
  })

  test('a plan that was not written to its end is not started', () => {
    const of = world(plan([SCRIPT, MANUAL]))
    const half = of.states.at(-2)
    if (half === undefined) throw new Error('no state')
    expect(codeOf(decide(half, { do: 'startRun' }, '2026-12-05T21:00:00.000Z'))).toBe('plan-incomplete')
  })

  test('a hold lets what runs end, with its check, and begins nothing more', () => {
    const of = started(
      plan(
        [
          { ...SCRIPT, hasCheck: true },
          { id: 'later', needs: ['upgrade'] },
        ],
        ['h1'],
      ),
    )
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
    act(of, { do: 'hold', reason })
    finish(of, { step: 'upgrade', target: 'h1', purpose: 'main' }, OK)
    expect(dueNames(of)).toEqual(['upgrade@h1 check'])
    perform(of, 'upgrade', 'h1', OK, 'check')
    expect(cell(of, 'later', 'h1').state).toBe('ready')
    expect(dueNames(of)).toEqual([])
    act(of, { do: 'resume' })
    expect(dueNames(of)).toEqual(['later@h1 main'])
  })

  test.each([
    ['done', OK, 'done'],
    ['failed', BAD, 'failed'],
    ['abandoned', LOST, 'abandoned'],
  ] as const)('a run is closed as %s', (result, ending, expected) => {
    const of = started(plan([SCRIPT], ['h1']))
    perform(of, 'upgrade', 'h1', ending)
    act(of, { do: 'close', result })
    expect(of.run).toMatchObject({ phase: 'closed', result: expected, closedAtMs: of.atMs })
  })

  test('a note is taken after the close, and changes nothing', () => {
    const of = WORLDS.closed()
    const { lastRef, lastAtMs, ...before } = of.run
    act(of, { do: 'note', subject: 'the run', note: 'The report is in the ticket.' })
    expect(of.run).toMatchObject(before)
    expect(of.run.lastRef.seq).toBe(lastRef.seq + 1)
    expect(of.run.lastAtMs).toBe(lastAtMs)
  })

  test('after an interruption nothing starts until a person resumes', () => {
    const of = started(plan([SCRIPT]))
    must(of.engine({ do: 'interrupt', because: 'restart', message: 'The console was away.' }))
    expect(of.run.held).toMatchObject({ by: 'policy' })
    expect(dueNames(of)).toEqual([])
    expect(must(of.engine({ do: 'interrupt', because: 'restart', message: 'Again.' }))).toEqual([])
  })
})

describe('skip, proceed, retry, settle, exclude', () => {
  const two = () => started(plan([SCRIPT, { id: 'later', needs: ['upgrade'] }]))

  test('a skip satisfies what waits, and cells named twice are skipped once', () => {
    const of = two()
    const cells = [...h1, { step: 'upgrade', target: 'h2' }, ...h1]
    expect(typesOf(must(of.person({ do: 'skip', cells, reason })))).toEqual(['cells.skipped', 'cells.readied'])
    expect(dueNames(of)).toEqual(['later@h1 main', 'later@h2 main'])
  })

  test('to proceed satisfies what waits, and the cell stays failed', () => {
    const of = two()
    perform(of, 'upgrade', 'h1', BAD)
    perform(of, 'upgrade', 'h2', OK)
    expect(dueNames(of)).toEqual([])
    act(of, { do: 'proceed', step: 'upgrade', target: 'h1', reason })
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state: 'failed', isAccepted: true })
    expect(dueNames(of)).toEqual(['later@h1 main', 'later@h2 main'])
  })

  test('a retry runs the next try, and takes back that it was accepted', () => {
    const of = WORLDS['failed on h1, accepted']()
    act(of, { do: 'retry', cells: h1 })
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state: 'ready', isAccepted: false, tries: 1, failure: null })
    const [intent] = begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
    expect(intent?.data).toMatchObject({ try: 2, purpose: 'main' })
    expect(intent?.cause).toBe(of.journal.find((event) => event.type === 'cell.retried')?.ref.seq)
  })

  test('an unknown does not start again by itself, and is settled or retried by a person', () => {
    for (const command of [
      { do: 'settle', cells: h1, as: 'passed', phase: 'forward', reason },
      { do: 'settle', cells: h1, as: 'failed', phase: 'forward', reason },
      { do: 'retry', cells: h1 },
    ] satisfies RunCommand[]) {
      const of = WORLDS['unknown on h1']()
      expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state: 'unknown', failure: 'link-lost' })
      expect(dueNames(of)).toEqual(['upgrade@h2 main'])
      act(of, command)
      expect(cell(of, 'upgrade', 'h1')).toMatchObject({
        state: command.do === 'retry' ? 'ready' : command.as,
        failure: null,
      })
    }
  })

  test('many unknowns are settled in one act', () => {
    const of = started(plan([SCRIPT], ['h1', 'h2', 'h3']))
    for (const host of ['h1', 'h2', 'h3']) perform(of, 'upgrade', host, LOST)
    const cells = ['h1', 'h2', 'h3'].map((target) => ({ step: 'upgrade', target }))
    expect(typesOf(must(of.person({ do: 'settle', cells, as: 'passed', phase: 'forward', reason })))).toEqual([
      'cells.settled',
    ])
    expect(Object.values(of.run.cells['upgrade'] ?? {}).map((one) => one.state)).toEqual(['passed', 'passed', 'passed'])
  })

  test.each([
    ['hold', ['cells.settled', 'run.held']],
    ['backout', ['cells.settled', 'backout.planned', 'cells.cancelled', 'backout.readied']],
    ['ask', ['cells.settled']],
    ['continue', ['cells.settled', 'cells.readied']],
  ] as const)('an unknown settled as failed leads where the runbook says: %s', (onFailure, types) => {
    const of = started(
      plan(
        [
          { ...SCRIPT, onFailure },
          { id: 'later', needs: ['upgrade'] },
        ],
        ['h1'],
      ),
    )
    perform(of, 'upgrade', 'h1', LOST)
    expect(typesOf(must(of.person({ do: 'settle', cells: h1, as: 'failed', phase: 'forward', reason })))).toEqual(types)
  })

  test('an excluded host does not count: what waits goes on elsewhere, what runs there ends, nothing more begins there', () => {
    const of = started(
      plan([
        { ...SCRIPT, retry: { times: 3, afterMs: 0 } },
        { id: 'later', needs: ['upgrade'] },
      ]),
    )
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
    perform(of, 'upgrade', 'h2')
    act(of, { do: 'exclude', host: 'h1', reason })
    expect(dueNames(of)).toEqual(['later@h2 main'])
    expect(cell(of, 'later', 'h1').state).toBe('cancelled')
    finish(of, { step: 'upgrade', target: 'h1', purpose: 'main' }, BAD)
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({ state: 'failed', isExcluded: true })
    performAll(of)
    act(of, { do: 'close', result: 'done' })
  })

  test('with every host excluded the steps on hosts are satisfied', () => {
    const of = started(plan([SCRIPT, { ...MANUAL, needs: ['upgrade'] }]))
    act(of, { do: 'exclude', host: 'h1', reason })
    expect(cell(of, 'switch').state).toBe('waiting')
    act(of, { do: 'exclude', host: 'h2', reason })
    expect(cell(of, 'switch').state).toBe('ready')
  })

  test('too many cells to name in one entry are refused before anything is signed', () => {
    const hosts = Array.from({ length: 400 }, (_, n) => `${'h'.repeat(120)}-${n}`)
    const of = started(plan([{ id: 'a'.repeat(60) }], hosts))
    const cells = hosts.map((target) => ({ step: 'a'.repeat(60), target }))
    expect(codeOf(of.person({ do: 'skip', cells, reason }))).toBe('too-many')
    must(of.person({ do: 'skip', cells: cells.slice(0, 100), reason }))
  })
})

describe('hold points', () => {
  const vote = (role: string, key: string): RunCommand => ({ do: 'approve', gate: 'go', role, key })
  const third = `SHA256:${'M'.repeat(43)}`

  test('needs each role as often as it says, from different keys, one role a key', () => {
    const of = started(plan([GATE]))
    act(of, vote('security', KEY))
    expect(codeOf(of.person(vote('business', KEY)))).toBe('one-role')
    act(of, vote('business', OTHER))
    expect(codeOf(of.person(vote('business', OTHER)))).toBe('given')
    expect(codeOf(of.person(go))).toBe('approvals-missing')
    act(of, vote('business', third))
    act(of, go)
    expect(cell(of, 'go').state).toBe('passed')
    expect(codeOf(of.person({ do: 'withdraw', gate: 'go', role: 'business', key: third }))).toBe('gate-decided')
  })

  test('a withdrawn or refused approval counts no more', () => {
    for (const command of [
      { do: 'withdraw', gate: 'go', role: 'security', key: KEY },
      { do: 'refuse', gate: 'go', role: 'security', key: KEY, reason },
    ] satisfies RunCommand[]) {
      const of = WORLDS['a gate approved']()
      act(of, command)
      expect(codeOf(of.person(go))).toBe('approvals-missing')
      act(of, { do: 'approve', gate: 'go', role: 'security', key: KEY })
      act(of, go)
    }
  })

  test('may be approved before it is due', () => {
    const of = started(plan([SCRIPT, { ...GATE, approvals: { security: 1 }, needs: ['upgrade'] }], ['h1']))
    act(of, vote('security', KEY))
    performAll(of)
    act(of, go)
  })

  test.each([
    ['go', 'passed', ['upgrade@h1 main']],
    ['conditional-go', 'warned', ['upgrade@h1 main']],
    ['no-go', 'failed', []],
  ] as const)('%s: %s', (decision, state, due) => {
    const of = started(
      plan(
        [
          { ...GATE, approvals: {} },
          { ...SCRIPT, needs: ['go'] },
        ],
        ['h1'],
      ),
    )
    act(of, { do: 'decideGate', gate: 'go', decision, condition: 'watch it', reason })
    expect(cell(of, 'go').state).toBe(state)
    expect(dueNames(of)).toEqual(due)
  })

  test('no-go satisfies nothing, whatever the runbook says of failures', () => {
    const of = started(
      plan([
        { ...GATE, approvals: {}, onFailure: 'continue' },
        { ...SCRIPT, needs: ['go'] },
      ]),
    )
    act(of, { do: 'decideGate', gate: 'go', decision: 'no-go', reason })
    expect(dueNames(of)).toEqual([])
  })

  test('after a no-go it is asked afresh: earlier approvals are gone', () => {
    const of = WORLDS['a gate approved']()
    act(of, { do: 'decideGate', gate: 'go', decision: 'no-go', reason })
    act(of, { do: 'retry', cells: [{ step: 'go', target: '-' }] })
    expect(codeOf(of.person(go))).toBe('approvals-missing')
    act(of, { do: 'approve', gate: 'go', role: 'security', key: KEY })
    act(of, go)
    expect(cell(of, 'go').state).toBe('passed')
  })

  test('one that was ready is not passed once what it needs is backed out or tried again', () => {
    const of = started(
      plan(
        [
          { ...SCRIPT, onFailure: 'continue' },
          { ...GATE, approvals: {}, needs: ['upgrade'] },
        ],
        ['h1'],
      ),
    )
    perform(of, 'upgrade', 'h1', BAD)
    act(of, { do: 'retry', cells: h1 })
    expect(codeOf(of.person(go))).toBe('needs-not-met')
    perform(of, 'upgrade', 'h1', OK)
    act(of, { do: 'backOut', scope: { kind: 'host', host: 'h1' }, reason })
    expect(codeOf(of.person(go))).toBe('needs-not-met')
  })

  test('as the point of no return: with its go nothing is backed out any more', () => {
    const of = started(plan([SCRIPT, { ...GATE, approvals: {}, needs: ['upgrade'], pointOfNoReturn: true }], ['h1']))
    performAll(of)
    act(of, go)
    expect(of.run.noReturn).toMatchObject({ step: 'go' })
    expect(codeOf(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))).toBe('past-no-return')
  })
})

describe('work done by people', () => {
  test('is begun, then said how it went', () => {
    const of = WORLDS['a manual step begun']()
    expect(cell(of, 'switch')).toMatchObject({ state: 'running', tries: 1 })
    const events = must(of.person({ ...passed, outcome: 'warned' }))
    expect(typesOf(events)).toEqual(['cell.ended'])
    expect(cell(of, 'switch')).toMatchObject({ state: 'warned', open: null, tries: 1 })
  })

  test('is recorded late: when it was and who did it go into the text, and nothing else changes', () => {
    const late = { occurredAt: '2026-12-05T20:42:00.000Z', doneBy: 'Grace, by phone', reason: 'The link was down.' }
    const of = WORLDS['a manual step ready']()
    const events = must(of.person({ ...passed, evidence: 'dig says 10.0.0.7', ...late }))
    expect(typesOf(events)).toEqual(['attempt.started', 'cell.ended'])
    const end = events[1]
    expect(end?.text).toEqual({ ...late, evidence: 'dig says 10.0.0.7' })
    expect(end?.at).toBe('2026-12-05T21:00:00.000Z')
    expect(JSON.stringify(end?.data)).not.toContain('Grace')
    expect(cell(of, 'switch')).toMatchObject({ state: 'passed', endedMs: of.atMs })
  })

  test('is recorded late during a hold too, after a restart above all, and starts nothing', () => {
    const of = started(plan([MANUAL, { ...SCRIPT, needs: ['switch'] }], ['h1']))
    must(of.engine({ do: 'interrupt', because: 'restart', message: 'The console was started again.' }))
    const events = must(of.person({ ...passed, occurredAt: '2026-12-05T20:42:00.000Z' }))
    expect(typesOf(events)).toEqual(['attempt.started', 'cell.ended', 'cells.readied'])
    expect(cell(of, 'switch')).toMatchObject({ state: 'passed', open: null })
    expect(of.run.held).not.toBeNull()
    expect(dueNames(of)).toEqual([])
  })

  test('during a hold is not recorded before its turn', () => {
    const of = act(started(plan([SCRIPT, { ...MANUAL, needs: ['upgrade'] }], ['h1'])), { do: 'hold', reason })
    expect(codeOf(of.person(passed))).toBe('not-due')
  })

  test('that fails counts as begun: it is undone itself where the runbook says back out', () => {
    const of = started(plan([{ ...MANUAL, onFailure: 'backout' }]))
    act(of, { ...passed, outcome: 'failed' })
    expect(backout(of, 'switch').state).toBe('ready')
    expect(cell(of, 'switch').state).toBe('failed')
  })

  test('that fails past the point of no return it was itself backs nothing out', () => {
    const of = started(
      plan([SCRIPT, { ...MANUAL, needs: ['upgrade'], onFailure: 'backout', pointOfNoReturn: true }], ['h1']),
    )
    performAll(of)
    act(of, { ...passed, outcome: 'failed' })
    expect(of.run).toMatchObject({ noReturn: { step: 'switch' }, backingOut: null })
  })

  test('evidence may be bytes instead of words; a failure needs none', () => {
    const blob = { name: 'dig.txt', sha256: 'b'.repeat(64), size: 5, chunk: 65536 as const, tree: 'c'.repeat(64) }
    act(WORLDS['a manual step that asks for evidence'](), { ...passed, blobs: [blob] })
    act(WORLDS['a manual step that asks for evidence'](), { ...passed, outcome: 'failed' })
  })

  test('is undone by a person too, and may be recorded during a hold', () => {
    const of = WORLDS['a manual step to undo']()
    expect(backout(of, 'switch').state).toBe('ready')
    act(of, { do: 'hold', reason })
    act(of, { ...passed, phase: 'backout' })
    expect(shownState(of.run, 'switch', '-')).toBe('backed-out')
  })
})

describe('backing out', () => {
  const chain = (hosts = ['h1', 'h2']) =>
    plan(
      [{ id: 'copy' }, { id: 'upgrade', needs: ['copy'] }, { id: 'check', kind: 'probe', needs: ['upgrade'] }],
      hosts,
    )

  test('undoes what ran, newest first on each host and by needs; what did not run is cancelled', () => {
    const of = started(chain())
    perform(of, 'copy', 'h1')
    perform(of, 'copy', 'h2')
    perform(of, 'upgrade', 'h2', BAD)
    const events = must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    expect(typesOf(events)).toEqual(['backout.planned', 'cells.cancelled', 'backout.readied'])
    expect(events[0]?.data).toMatchObject({
      cells: [
        { step: 'upgrade', target: 'h2', order: 0 },
        { step: 'copy', target: 'h2', order: 1 },
        { step: 'copy', target: 'h1', order: 1 },
      ],
    })
    expect(dueNames(of)).toEqual(['upgrade@h2 backout'])
    expect(backout(of, 'copy', 'h1').state).toBe('waiting')
    perform(of, 'upgrade', 'h2', OK, 'backout')
    expect(new Set(dueNames(of))).toEqual(new Set(['copy@h1 backout', 'copy@h2 backout']))
    performAll(of)
    act(of, { do: 'close', result: 'backed-out' })
  })

  describe('what was tried again ran last, and is undone first', () => {
    const goesOn = { onFailure: 'continue' } as const
    /** `aaa` fails on h1, all else runs, then it is tried again. */
    const again = (steps: readonly StepSketch[], hosts: readonly string[]): World => {
      const of = started(plan(steps, hosts))
      perform(of, 'aaa', 'h1', BAD)
      performAll(of)
      act(of, { do: 'retry', cells: [{ step: 'aaa', target: 'h1' }] })
      perform(of, 'aaa', 'h1')
      return act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
    }

    test.each([
      ['that needs it', ['aaa']],
      ['that does not', []],
    ])('before other work on its host %s', (_, needs) => {
      const of = again(
        [
          { id: 'aaa', ...goesOn },
          { id: 'bbb', needs },
        ],
        ['h1'],
      )
      expect(dueNames(of)).toEqual(['aaa@h1 backout'])
      perform(of, 'aaa', 'h1', OK, 'backout')
      expect(dueNames(of)).toEqual(['bbb@h1 backout'])
    })

    test('needs order it on other hosts as well: never side by side', () => {
      const of = again(
        [
          { id: 'aaa', ...goesOn },
          { id: 'bbb', needs: ['aaa'] },
        ],
        ['h1', 'h2'],
      )
      expect(dueNames(of)).toEqual(['aaa@h1 backout'])
      perform(of, 'aaa', 'h1', OK, 'backout')
      expect(dueNames(of).toSorted()).toEqual(['bbb@h1 backout', 'bbb@h2 backout'])
    })

    test('and so does the wave', () => {
      const of = again([{ id: 'aaa', ...goesOn, waves: [1, 2] }], ['h1', 'h2'])
      expect(dueNames(of)).toEqual(['aaa@h1 backout'])
      perform(of, 'aaa', 'h1', OK, 'backout')
      expect(dueNames(of)).toEqual(['aaa@h2 backout'])
    })

    test('also when only a rule of the runbook tried it again', () => {
      const of = started(plan([{ id: 'aaa', retry: { times: 1, afterMs: 0 } }, { id: 'bbb' }], ['h1']))
      perform(of, 'aaa', 'h1', BAD)
      perform(of, 'bbb', 'h1')
      perform(of, 'aaa', 'h1')
      act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
      expect(dueNames(of)).toEqual(['aaa@h1 backout'])
    })
  })

  test('later waves are undone before earlier ones', () => {
    const of = started(plan([{ id: 'upgrade', waves: [1, 2, 3] }], ['h1', 'h2', 'h3']))
    performAll(of)
    act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
    for (const host of ['h3', 'h2', 'h1']) {
      expect(dueNames(of)).toEqual([`upgrade@${host} backout`])
      perform(of, 'upgrade', host, OK, 'backout')
    }
  })

  test('waits for what runs, and for what is unknown to be settled', () => {
    const of = started(plan([SCRIPT], ['h1', 'h2']))
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
    begin(of, { step: 'upgrade', target: 'h2', purpose: 'main' })
    act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
    expect(dueNames(of)).toEqual([])
    finish(of, { step: 'upgrade', target: 'h1', purpose: 'main' }, BAD)
    expect(dueNames(of)).toEqual(['upgrade@h1 backout'])
    finish(of, { step: 'upgrade', target: 'h2', purpose: 'main' }, LOST)
    expect(dueNames(of)).toEqual(['upgrade@h1 backout'])
    act(of, { do: 'settle', cells: [{ step: 'upgrade', target: 'h2' }], as: 'failed', phase: 'forward', reason })
    expect(dueNames(of).toSorted()).toEqual(['upgrade@h1 backout', 'upgrade@h2 backout'])
  })

  test.each([
    [{ kind: 'step', step: 'copy' }, ['copy h1', 'copy h2'], ['upgrade h1', 'upgrade h2']],
    [{ kind: 'host', host: 'h1' }, ['upgrade h1', 'copy h1'], ['upgrade h2']],
    [{ kind: 'workstream', workstream: 'main' }, ['upgrade h1', 'upgrade h2', 'copy h1', 'copy h2'], []],
  ] as const)('of %j undoes %j; also affected: %j', async (scope, undone, affected) => {
    const { effectsOf } = await import('../../../shared/run/effects.ts')
    const of = started(chain())
    for (const id of ['copy', 'upgrade']) for (const host of ['h1', 'h2']) perform(of, id, host)
    const effect = must(effectsOf(of.run, { do: 'backOut', scope, reason: '' }, of.atMs))
    const names = (cells: readonly { step: string; target: string }[]) =>
      cells.map(({ step, target }) => `${step} ${target}`)
    expect(names(effect.backsOut).toSorted()).toEqual([...undone].toSorted())
    expect(names(effect.alsoAffected)).toEqual(affected)
  })

  test('of one host goes on while the others stay held; of the run ends the hold', () => {
    const of = started(chain())
    for (const host of ['h1', 'h2']) perform(of, 'copy', host)
    act(of, { do: 'hold', reason })
    act(of, { do: 'backOut', scope: { kind: 'host', host: 'h1' }, reason })
    expect(dueNames(of)).toEqual(['copy@h1 backout'])
    expect(of.run.held).not.toBeNull()
    act(of, { do: 'hold', reason })
    expect(dueNames(of)).toEqual([])
    act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
    expect(of.run.held).toBeNull()
    expect(dueNames(of).toSorted()).toEqual(['copy@h1 backout', 'copy@h2 backout'])
  })

  test('by a rule of the runbook does not end a hold', () => {
    const of = started(plan([{ ...SCRIPT, onFailure: 'backout' }], ['h1']))
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
    act(of, { do: 'hold', reason })
    finish(of, { step: 'upgrade', target: 'h1', purpose: 'main' }, BAD)
    expect(of.run.backingOut).not.toBeNull()
    expect(dueNames(of)).toEqual([])
    act(of, { do: 'resume' })
    expect(dueNames(of)).toEqual(['upgrade@h1 backout'])
  })

  test('its check has to pass too, is not held up, and an unknown one is not a success', () => {
    const undo = { expectedMs: 1, by: 'script', hasCheck: true } as const
    const of = started(plan([{ ...SCRIPT, backout: undo }], ['h1']))
    performAll(of)
    act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
    begin(of, { step: 'upgrade', target: 'h1', purpose: 'backout' })
    act(of, { do: 'hold', reason })
    finish(of, { step: 'upgrade', target: 'h1', purpose: 'backout' }, OK)
    expect(shownState(of.run, 'upgrade', 'h1')).toBe('backing-out')
    expect(dueNames(of)).toEqual(['upgrade@h1 backout-check'])
    perform(of, 'upgrade', 'h1', { ...OK, verdict: null }, 'backout-check')
    expect(shownState(of.run, 'upgrade', 'h1')).toBe('unknown')
    act(of, { do: 'settle', cells: h1, as: 'passed', phase: 'backout', reason })
    expect(shownState(of.run, 'upgrade', 'h1')).toBe('backed-out')
  })

  test('may fail, be tried again, and be given up; then it is failed, not backed out', () => {
    const of = WORLDS['backout failed on h1']()
    expect(shownState(of.run, 'upgrade', 'h1')).toBe('backout-failed')
    act(of, { do: 'retryBackout', step: 'upgrade', target: 'h1' })
    const [intent] = begin(of, { step: 'upgrade', target: 'h1', purpose: 'backout' })
    expect(intent?.data).toMatchObject({ try: 2 })
    finish(of, { step: 'upgrade', target: 'h1', purpose: 'backout' }, LOST)
    expect(shownState(of.run, 'upgrade', 'h1')).toBe('unknown')
    act(of, { do: 'giveUpBackout', cells: h1, reason })
    expect(shownState(of.run, 'upgrade', 'h1')).toBe('backout-failed')
    expect(codeOf(of.person({ do: 'close', result: 'backed-out' }))).toBe('not-backed-out')
    act(of, { do: 'close', result: 'failed' })
  })

  test('that was given up and is tried again waits for its turn', () => {
    const of = started(chain(['h1']))
    for (const id of ['copy', 'upgrade']) perform(of, id, 'h1')
    act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
    act(of, { do: 'giveUpBackout', cells: [{ step: 'copy', target: 'h1' }], reason })
    act(of, { do: 'retryBackout', step: 'copy', target: 'h1' })
    expect(backout(of, 'copy', 'h1').state).toBe('waiting')
    expect(dueNames(of)).toEqual(['upgrade@h1 backout'])
    perform(of, 'upgrade', 'h1', OK, 'backout')
    expect(dueNames(of)).toEqual(['copy@h1 backout'])
  })

  test('that was ready waits again when later work comes to be undone', () => {
    const undo = { expectedMs: 1, by: 'person', hasCheck: false } as const
    const of = started(
      plan(
        [
          { ...MANUAL, backout: undo },
          { ...SCRIPT, needs: ['switch'] },
        ],
        ['h1'],
      ),
    )
    act(of, passed)
    perform(of, 'upgrade', 'h1')
    act(of, { do: 'backOut', scope: { kind: 'step', step: 'switch' }, reason })
    act(of, { do: 'backOut', scope: { kind: 'run' }, reason })
    const undone: RunCommand = { ...passed, phase: 'backout' }
    expect(codeOf(of.person(undone))).toBe('not-due')
    performAll(of)
    act(of, undone)
  })

  test('nothing is half undone when the point of no return is passed', () => {
    const of = started(plan([SCRIPT, { id: 'other' }, { id: 'cut', needs: ['other'], pointOfNoReturn: true }], ['h1']))
    perform(of, 'upgrade', 'h1')
    perform(of, 'other', 'h1')
    expect(dueNames(of)).toEqual(['cut@h1 main'])
    act(of, { do: 'backOut', scope: { kind: 'step', step: 'upgrade' }, reason })
    expect(dueNames(of)).toEqual(['upgrade@h1 backout'])
    perform(of, 'upgrade', 'h1', BAD, 'backout')
    expect(dueNames(of)).toEqual([])
    act(of, { do: 'giveUpBackout', cells: h1, reason })
    begin(of, { step: 'cut', target: 'h1', purpose: 'main' })
    expect(of.run.noReturn).toMatchObject({ step: 'cut' })
    expect(codeOf(of.person({ do: 'retryBackout', step: 'upgrade', target: 'h1' }))).toBe('past-no-return')
  })

  test('the point of no return is passed with the intent, also when its outcome is unknown', () => {
    const of = started(plan([{ ...SCRIPT, pointOfNoReturn: true }], ['h1']))
    const events = begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
    expect(typesOf(events)).toEqual(['attempt.started', 'noreturn.passed'])
    expect(of.states.at(-2)?.noReturn).not.toBeNull()
    finish(of, { step: 'upgrade', target: 'h1', purpose: 'main' }, LOST)
    expect(codeOf(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))).toBe('past-no-return')
  })

  test('a large one is cut into entries that fit; the first is the act, the others follow from it', () => {
    const hosts = Array.from({ length: 300 }, (_, n) => `${'application-server'.repeat(6)}-${n}`)
    const of = started(plan([{ id: 'upgrade-the-application' }], hosts))
    performAll(of)
    const events = must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    const pieces = events.filter((event) => event.type === 'backout.planned')
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.map((event) => event.data.by)).toEqual(['person', ...pieces.slice(1).map(() => 'policy')])
    expect(pieces.flatMap((event) => event.data.cells)).toHaveLength(300)
  })
})

test('taking over raises the epoch: the console that drove before begins nothing more', () => {
  const of = started(plan([SCRIPT]))
  act(of, { do: 'takeOver', epoch: { number: 2, origin: EPOCH.origin }, reason })
  const answer = of.engine({ do: 'beginAttempt', step: 'upgrade', target: 'h1', purpose: 'main', epoch: EPOCH })
  expect(codeOf(answer)).toBe('not-driving')
  begin(of, { step: 'upgrade', target: 'h1', purpose: 'main' })
})

test('deviations and decisions are kept with who signed them', () => {
  const of = started(plan([SCRIPT], ['h1']))
  act(of, { do: 'deviate', subject: 'upgrade', reason: 'A newer package.' })
  act(of, { do: 'hold', reason })
  act(of, { do: 'resume' })
  expect(of.run.deviations).toMatchObject([{ subject: 'upgrade' }])
  expect(of.run.decisions.map((one) => one.act)).toEqual(['hold', 'resume'])
})
