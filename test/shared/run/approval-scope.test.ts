/** What an approval covers changes with whatever will run, and with what was measured. */
import { expect, test } from 'vitest'
import { approvalScope } from '../../../shared/run/approval-scope.ts'
import { perform, plan, started } from './world.ts'

const PLANNED = { files: { 'runbook.yaml': 'a'.repeat(64) }, variables: { version: '4.2' } }

test('probes before the gate are told with their states and age, near and far; nothing after it is', () => {
  const of = started(
    plan(
      [
        { id: 'space', kind: 'probe' },
        { id: 'health', kind: 'probe', needs: ['space'] },
        { id: 'work', needs: ['health'] },
        { id: 'go', kind: 'gate', needs: ['work'] },
        { id: 'after', kind: 'probe', needs: ['go'] },
      ],
      ['h1', 'h2'],
    ),
  )
  const pass = { outcome: { kind: 'exit', code: 0, ok: true }, verdict: 'pass' } as const
  perform(of, 'space', 'h1', pass)
  perform(of, 'space', 'h2', { ...pass, verdict: 'warn' })
  const { checks } = approvalScope(of.run, 'go', PLANNED, JSON.stringify)
  expect(checks).toEqual([
    { step: 'space', states: { passed: 1, warned: 1 }, oldestMs: of.run.cells['space']?.['h1']?.endedMs },
    { step: 'health', states: { ready: 2 }, oldestMs: null },
  ])
})

test('each part of what will run is a part of it', () => {
  const { run } = started(plan([{ id: 'go', kind: 'gate' }], ['h1']))
  const scope = (planned = PLANNED, of = run) => JSON.stringify(approvalScope(of, 'go', planned, JSON.stringify))
  const others = [
    scope({ ...PLANNED, files: { 'runbook.yaml': 'b'.repeat(64) } }),
    scope({ ...PLANNED, variables: { version: '4.3' } }),
    scope(PLANNED, { ...run, sets: { 'tag:db': ['h2'] } }),
    scope(PLANNED, { ...run, runbook: { ...run.runbook, version: 'c'.repeat(64) } }),
  ]
  expect(new Set([scope(), ...others]).size).toBe(5)
})
