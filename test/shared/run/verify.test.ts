/** What is not known, looked at by the step's own check: asked for by a person, and settled only where the work is there. */
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../shared/model/words.ts'
import { effectsOf } from '../../../shared/run/effects.ts'
import { questions } from '../../../shared/run/questions.ts'
import {
  begin,
  cell,
  codeOf,
  dueNames,
  finish,
  LOST,
  must,
  OK,
  perform,
  plan,
  started,
  type StepSketch,
  type World,
} from './world.ts'

const reason = 'because'
const h1 = [{ step: 'upgrade', target: 'h1' }]
const verifyH1 = { step: 'upgrade', target: 'h1', purpose: 'verify' } as const

/** An upgrade with a verify whose outcome on h1 is not known, and a step that waits for it. */
function unknown(sketch: Partial<StepSketch> = {}): World {
  const steps = [
    { id: 'upgrade', hasVerify: true, ...sketch },
    { id: 'after', needs: ['upgrade'] },
  ]
  const of = started(plan(steps, ['h1']))
  perform(of, 'upgrade', 'h1', LOST)
  return of
}

const optionsOf = (of: World) => questions(of.run, of.atMs).flatMap((one) => one.options.map(({ key }) => key))

function verify(of: World, verdict: Verdict | null): void {
  must(of.person({ do: 'verify', cells: h1 }))
  begin(of, verifyH1)
  finish(of, verifyH1, { ...OK, verdict })
}

describe('verify of a step', () => {
  test('is offered first where the runbook has one, and only there', () => {
    expect(optionsOf(unknown())).toEqual(['verify', 'settle-passed', 'settle-failed', 'retry'])
    expect(optionsOf(unknown({ hasVerify: false }))).toEqual(['settle-passed', 'settle-failed', 'retry'])
  })

  test('tells beforehand that it looks, and changes nothing by being asked for', () => {
    const of = unknown()
    expect(effectsOf(of.run, { do: 'verify', cells: h1 }, of.atMs)).toMatchObject({
      changes: [],
      startsNext: [verifyH1],
    })
    must(of.person({ do: 'verify', cells: h1 }))
    expect(dueNames(of)).toEqual(['upgrade@h1 verify'])
    expect(cell(of, 'upgrade', 'h1').state).toBe('unknown')
  })

  test.each<[Verdict | null, string]>([
    ['pass', 'passed'],
    ['warn', 'warned'],
    ['fail', 'unknown'],
    ['unknown', 'unknown'],
    [null, 'unknown'],
  ])('a verdict of %s leaves it %s', (verdict, state) => {
    const of = unknown()
    verify(of, verdict)
    expect(cell(of, 'upgrade', 'h1')).toMatchObject({
      state,
      isVerifyAsked: false,
      last: { purpose: 'verify', verdict },
    })
    expect(dueNames(of)).toEqual(state === 'unknown' ? [] : ['after@h1 main'])
    // What settled nothing may be asked for again.
    expect(optionsOf(of).includes('verify')).toBe(state === 'unknown')
  })

  test('a link that is lost, or no link at all, settles nothing either', () => {
    const lost = unknown()
    must(lost.person({ do: 'verify', cells: h1 }))
    begin(lost, verifyH1)
    finish(lost, verifyH1, LOST)
    expect(cell(lost, 'upgrade', 'h1')).toMatchObject({ state: 'unknown', failure: 'link-lost', open: null })

    const dark = unknown()
    must(dark.person({ do: 'verify', cells: h1 }))
    must(dark.engine({ do: 'cannotBegin', ...verifyH1, failure: 'unreachable', message: 'no route' }))
    expect(cell(dark, 'upgrade', 'h1')).toMatchObject({ state: 'unknown', verifyTries: 1, open: null })
    expect(dueNames(dark)).toEqual([])
    expect(optionsOf(dark)).toContain('verify')
  })

  test('while it is looked at nothing else is asked about it; a settlement meanwhile stands', () => {
    const of = unknown()
    must(of.person({ do: 'verify', cells: h1 }))
    expect(optionsOf(of)).toEqual([])
    expect(codeOf(of.person({ do: 'verify', cells: h1 }))).toBe('still-running')
    begin(of, verifyH1)
    must(of.person({ do: 'settle', cells: h1, as: 'failed', phase: 'forward', reason }))
    expect(codeOf(of.engine({ do: 'finishAttempt', ...verifyH1, try: 1, durationMs: 1, ...OK, verdict: 'pass' }))).toBe(
      'no-such-attempt',
    )
    expect(cell(of, 'upgrade', 'h1').state).toBe('failed')
  })

  test('begins during a hold, when it was asked for in it; a hold takes back what has not begun', () => {
    const of = unknown()
    must(of.person({ do: 'verify', cells: h1 }))
    must(of.person({ do: 'hold', reason }))
    expect(dueNames(of)).toEqual([])
    expect(optionsOf(of)).toContain('verify')
    must(of.person({ do: 'verify', cells: h1 }))
    expect(dueNames(of)).toEqual(['upgrade@h1 verify'])
  })

  test('is not there on an excluded host, unless what ran there is to be undone', () => {
    const of = unknown()
    must(of.person({ do: 'exclude', host: 'h1', reason }))
    expect(codeOf(of.person({ do: 'verify', cells: h1 }))).toBe('excluded')
    must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    expect(dueNames(of)).toEqual([])
    verify(of, 'pass')
    expect(dueNames(of)).toEqual(['upgrade@h1 backout'])
  })

  test.each([
    ['what is known', { do: 'verify', cells: [{ step: 'after', target: 'h1' }] }, 'not-unknown'],
    ['what is not there', { do: 'verify', cells: [{ step: 'upgrade', target: 'h9' }] }, 'no-such-cell'],
  ] as const)('is refused for %s', (_, command, code) => {
    expect(codeOf(unknown().person({ ...command, cells: [...command.cells] }))).toBe(code)
  })

  test('is refused where the runbook has none, and in a walkthrough', () => {
    expect(codeOf(unknown({ hasVerify: false }).person({ do: 'verify', cells: h1 }))).toBe('no-verify')
    const walked = started(plan([{ id: 'upgrade', hasVerify: true }], ['h1']), { mode: 'walkthrough' })
    perform(walked, 'upgrade', 'h1', LOST)
    expect(codeOf(walked.person({ do: 'verify', cells: h1 }))).toBe('walkthrough')
    expect(optionsOf(walked)).not.toContain('verify')
  })
})
