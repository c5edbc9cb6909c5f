/** What is asked of people, and what each state offers: above all where nothing would go on without an answer. */
import { describe, expect, test } from 'vitest'
import type { Question } from '../../../shared/run/question.ts'
import { asked, filled, isAlive } from './driver.ts'
import {
  BAD,
  begin,
  cell,
  dueNames,
  finish,
  LOST,
  MINUTE,
  must,
  OK,
  perform,
  performAll,
  plan,
  type RunCommand,
  started,
  WINDOW_START,
  type World,
  world,
} from './world.ts'

const reason = 'because'

/** `kind step target: options` of everything that is asked. */
function said(of: World): string[] {
  return asked(of).map(({ kind, step, target, options }) => {
    const about = [kind, step, target].filter((part) => part !== null).join(' ')
    return `${about}: ${options.map((option) => option.key).join(' ')}`
  })
}

function ask(of: World, kind: Question['kind']): Question {
  const found = asked(of).find((question) => question.kind === kind)
  if (found === undefined) throw new Error(`nobody asks ${kind}: ${said(of).join(', ')}`)
  return found
}

function answer(of: World, kind: Question['kind'], key: string): void {
  const option = ask(of, kind).options.find((one) => one.key === key)
  if (option === undefined) throw new Error(`${key} is not offered`)
  must(of.person(filled(option)))
}

const MANUAL = { id: 'switch', kind: 'manual', backout: { expectedMs: 1, by: 'person', hasCheck: false } } as const

describe('is asked', () => {
  test('to start, and nothing else, of a planned run', () => {
    expect(said(world(plan([{ id: 'copy' }])))).toEqual(['start: start'])
  })

  test('nothing while hosts work', () => {
    const of = started(plan([{ id: 'copy' }]))
    expect(said(of)).toEqual([])
    begin(of, { step: 'copy', target: 'h1', purpose: 'main' })
    expect(said(of)).toEqual([])
  })

  test('how a failure is to be answered, with the smallest backout first; a hold once', () => {
    const steps = [{ id: 'copy' }, { id: 'net', workstream: 'network', kind: 'manual' as const }]
    const of = started(plan(steps, ['h1', 'h2']))
    perform(of, 'copy', 'h1', BAD)
    const options = 'retry skip proceed exclude hold back-out-step back-out-host back-out-workstream back-out-run'
    expect(said(of)).toEqual([`failure copy h1: ${options}`, 'manual net -: begin passed warned failed'])
    answer(of, 'failure', 'hold')
    expect(said(of)).toEqual([
      `failure copy h1: ${options.replace('hold ', '')}`,
      'held: resume back-out-run',
      'manual net -: passed warned failed',
    ])
  })

  test('nothing about a failure that the runbook goes on past, or of an excluded host', () => {
    const of = started(plan([{ id: 'copy', onFailure: 'continue' }, { id: 'upgrade' }]))
    perform(of, 'copy', 'h1', BAD)
    perform(of, 'upgrade', 'h2', BAD)
    must(of.person({ do: 'exclude', host: 'h2', reason }))
    expect(said(of)).toEqual([])
  })

  test('about all that is unknown at once', () => {
    const of = started(plan([{ id: 'copy' }, { id: 'upgrade' }]))
    perform(of, 'copy', 'h1', LOST)
    perform(of, 'upgrade', 'h2', LOST)
    expect(ask(of, 'unknown').cells).toEqual([
      { step: 'copy', target: 'h1' },
      { step: 'upgrade', target: 'h2' },
    ])
    answer(of, 'unknown', 'settle-passed')
    expect(cell(of, 'upgrade', 'h2').state).toBe('passed')
  })

  test('by when a hold point has to be decided, in the time of this run', () => {
    const latestStart = new Date(WINDOW_START + 90 * MINUTE).toISOString()
    const gate = { id: 'go', kind: 'gate', latestStart, approvals: { security: 1 } } as const
    const of = started(plan([gate]), { mode: 'rehearsal', atMs: WINDOW_START - 1000 * MINUTE })
    expect(ask(of, 'gate')).toMatchObject({ byMs: WINDOW_START - 910 * MINUTE })
    expect(said(of)).toEqual(['gate go -: no-go'])
    must(of.person({ do: 'approve', gate: 'go', role: 'security', key: `SHA256:${'K'.repeat(43)}` }))
    expect(said(of)).toEqual(['gate go -: go conditional-go no-go'])
  })

  test('what to do after a no-go, ending the run among it', () => {
    const of = started(
      plan([
        { id: 'go', kind: 'gate' },
        { id: 'copy', needs: ['go'] },
      ]),
    )
    answer(of, 'gate', 'no-go')
    expect(said(of)).toEqual(['no-go go -: retry hold back-out-run close-failed'])
    answer(of, 'no-go', 'close-failed')
    expect(of.run).toMatchObject({ phase: 'closed', result: 'failed' })
  })

  test('about a backout: by hand, failed, unknown', () => {
    const of = started(plan([{ id: 'copy' }, MANUAL], ['h1']))
    performAll(of)
    answer(of, 'manual', 'passed')
    must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    perform(of, 'copy', 'h1', BAD, 'backout')
    expect(said(of)).toEqual(['backout-manual switch -: passed failed', 'backout-failed copy h1: retry give-up'])
    answer(of, 'backout-failed', 'retry')
    answer(of, 'backout-manual', 'failed')
    perform(of, 'copy', 'h1', LOST, 'backout')
    expect(said(of)).toContain('backout-unknown copy h1: settle-passed settle-failed retry give-up')
  })

  test('to close, with what it plainly is first', () => {
    const done = started(plan([{ id: 'copy' }], ['h1']))
    performAll(done)
    expect(said(done)).toEqual(['close: close-done close-failed'])
    must(done.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    performAll(done)
    expect(said(done)).toEqual(['close: close-backed-out close-failed'])
    const given = started(plan([{ id: 'copy' }], ['h1']))
    performAll(given)
    must(given.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    perform(given, 'copy', 'h1', BAD, 'backout')
    answer(given, 'backout-failed', 'give-up')
    expect(said(given)).toEqual(['close: close-failed close-abandoned'])
  })
})

describe('nobody is left waiting', () => {
  const chain = (hosts = ['h1', 'h2']) =>
    plan([{ id: 'copy' }, { id: 'upgrade', needs: ['copy'] }, { ...MANUAL, needs: ['upgrade'] }], hosts)

  test('when one host was backed out: it is dropped, and the others go on', () => {
    const of = started(chain())
    perform(of, 'copy', 'h1', OK)
    perform(of, 'copy', 'h2', BAD)
    answer(of, 'failure', 'back-out-host')
    performAll(of)
    expect(said(of)).toEqual(['stuck upgrade h1: exclude skip back-out-run close-failed'])
    expect(ask(of, 'stuck').cells).toEqual([{ step: 'upgrade', target: 'h1' }])
    answer(of, 'stuck', 'exclude')
    expect(dueNames(of)).toEqual(['upgrade@h1 main'])
    performAll(of)
    answer(of, 'manual', 'passed')
    answer(of, 'close', 'close-done')
  })

  test('when a step was backed out: what waits for it is skipped, one step at a time', () => {
    const of = started(chain())
    for (const host of ['h1', 'h2']) perform(of, 'copy', host)
    must(of.person({ do: 'backOut', scope: { kind: 'step', step: 'copy' }, reason }))
    performAll(of)
    expect(said(of)).toEqual(['stuck upgrade: skip back-out-run close-failed'])
    answer(of, 'stuck', 'skip')
    answer(of, 'manual', 'passed')
    expect(said(of)).toEqual(['close: close-failed close-abandoned'])
  })

  test('when a hold point waits for what was undone: it is not skipped, but the run may end', () => {
    const of = started(plan([{ id: 'copy' }, { id: 'go', kind: 'gate', needs: ['copy'] }]))
    performAll(of)
    must(of.person({ do: 'backOut', scope: { kind: 'workstream', workstream: 'main' }, reason }))
    performAll(of)
    expect(of.run.backingOut).toBeNull()
    expect(said(of)).toEqual(['close: close-failed close-abandoned'])
    const part = started(plan([{ id: 'copy' }, { id: 'go', kind: 'gate', needs: ['copy'] }]))
    performAll(part)
    must(part.person({ do: 'backOut', scope: { kind: 'step', step: 'copy' }, reason }))
    performAll(part)
    expect(said(part)).toEqual(['stuck go -: back-out-run close-failed'])
  })

  test('when an earlier wave was backed out', () => {
    const of = started(plan([{ id: 'upgrade', waves: [1, 2] }]))
    perform(of, 'upgrade', 'h1', BAD)
    must(of.person({ do: 'backOut', scope: { kind: 'host', host: 'h1' }, reason }))
    performAll(of)
    expect(said(of)).toEqual(['stuck upgrade h2: exclude skip back-out-run close-failed'])
  })

  test('when a host was excluded while its outcome was unknown', () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    perform(of, 'copy', 'h1', LOST)
    must(of.person({ do: 'exclude', host: 'h1', reason }))
    expect(said(of)).toEqual(['close: close-done close-failed'])
    expect(cell(of, 'copy', 'h1').state).toBe('unknown')
  })

  test('when that host is to be backed out: it waits for what is known, so that is asked', () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    perform(of, 'copy', 'h1', LOST)
    must(of.person({ do: 'exclude', host: 'h1', reason }))
    must(of.person({ do: 'backOut', scope: { kind: 'run' }, reason }))
    expect(said(of)).toEqual(['unknown copy h1: settle-passed settle-failed'])
  })

  test('when a script on an excluded host fails, or one of a step that is being undone', () => {
    const commands: RunCommand[] = [
      { do: 'exclude', host: 'h1', reason },
      { do: 'backOut', scope: { kind: 'step', step: 'copy' }, reason },
    ]
    for (const command of commands) {
      const of = started(plan([{ id: 'copy', retry: { times: 9, afterMs: 60_000 } }], ['h1']))
      begin(of, { step: 'copy', target: 'h1', purpose: 'main' })
      must(of.person(command))
      finish(of, { step: 'copy', target: 'h1', purpose: 'main' }, BAD)
      performAll(of)
      expect(cell(of, 'copy', 'h1').state).toBe('failed')
      expect(said(of)[0]).toMatch(/^close:/)
    }
  })

  test('when all hosts are excluded', () => {
    const of = started(chain())
    for (const host of ['h1', 'h2']) must(of.person({ do: 'exclude', host, reason }))
    expect(said(of)).toEqual(['manual switch -: begin passed warned failed'])
    answer(of, 'manual', 'passed')
    answer(of, 'close', 'close-done')
  })

  test('when the run is held with nothing else to do', () => {
    const of = started(plan([{ id: 'copy' }], ['h1']))
    must(of.person({ do: 'hold', reason }))
    expect(isAlive(of)).toBe(true)
    expect(said(of)).toEqual(['held: resume back-out-run'])
  })

  test('for a hold to end, when what somebody did meanwhile is to be recorded', () => {
    const manual = { kind: 'manual' } as const
    const of = started(
      plan([
        { id: 'switch', ...manual },
        { id: 'cut', ...manual, pointOfNoReturn: true },
      ]),
    )
    must(of.person({ do: 'hold', reason }))
    // Nothing begins during a hold, and the point of no return is not passed in it.
    expect(said(of)).toEqual(['held: resume back-out-run', 'manual switch -: passed warned failed'])
    answer(of, 'manual', 'passed')
    expect(said(of)).toEqual(['held: resume back-out-run'])
    answer(of, 'held', 'resume')
    expect(said(of)).toEqual(['manual cut -: begin passed warned failed'])
  })

  test('past the point of no return: forward or the end is offered, never back', () => {
    const of = started(
      plan(
        [
          { id: 'cut', pointOfNoReturn: true },
          { id: 'go', kind: 'gate', needs: ['cut'] },
        ],
        ['h1'],
      ),
    )
    perform(of, 'cut', 'h1', BAD)
    expect(said(of)).toEqual(['failure cut h1: retry skip proceed exclude hold'])
    answer(of, 'failure', 'proceed')
    answer(of, 'gate', 'no-go')
    expect(said(of)).toEqual(['no-go go -: retry hold close-failed'])
  })
})

test('what asks for a reason has none yet, and the rest can be sent as it is', () => {
  const of = started(plan([{ id: 'copy' }], ['h1']))
  perform(of, 'copy', 'h1', BAD)
  for (const { command, needsReason } of ask(of, 'failure').options)
    expect('reason' in command && command.reason === '').toBe(needsReason)
})

test('the most urgent comes first: unknown, backouts, failures, a hold, hold points, work', () => {
  const steps = [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd', kind: 'gate' as const }, { ...MANUAL, id: 'e' }]
  const of = started(plan(steps, ['h1']))
  perform(of, 'a', 'h1', LOST)
  perform(of, 'b', 'h1', BAD)
  perform(of, 'c', 'h1', OK)
  must(of.person({ do: 'backOut', scope: { kind: 'step', step: 'c' }, reason }))
  perform(of, 'c', 'h1', BAD, 'backout')
  expect(asked(of).map((question) => question.kind)).toEqual(['unknown', 'backout-failed', 'failure', 'gate', 'manual'])
})
