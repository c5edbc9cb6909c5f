import { expect, test } from 'vitest'
import { commandOf, NO_ANSWER } from '../../../../renderer/screens/run/decision/answer.ts'
import type { Option } from '../../../../shared/run/question.ts'

const option = (command: Option['command']): Option => ({ key: 'k', command, needsReason: false, isDestructive: false })

test('a reason is trimmed and left out where there is none', () => {
  expect(commandOf(option({ do: 'resume' }), { ...NO_ANSWER, reason: '  ' })).toEqual({ do: 'resume' })
  expect(commandOf(option({ do: 'hold', reason: '' }), { ...NO_ANSWER, reason: ' wait ' })).toEqual({
    do: 'hold',
    reason: 'wait',
  })
})

test('the reason of a conditional go is its condition', () => {
  const go = option({ do: 'decideGate', gate: 'go', decision: 'conditional-go', condition: '' })
  expect(commandOf(go, { ...NO_ANSWER, reason: 'watch app2' })).toMatchObject({ condition: 'watch app2' })
})

test('an outcome carries its evidence and for whom it is recorded', () => {
  const done = option({ do: 'recordOutcome', step: 'announce', target: '-', outcome: 'passed', phase: 'forward' })
  const answer = { ...NO_ANSWER, evidence: 'entry 1182', doneBy: 'M. Brandt', occurredAt: '2026-12-05T21:42:00.000Z' }
  expect(commandOf(done, answer)).toEqual({
    do: 'recordOutcome',
    step: 'announce',
    target: '-',
    outcome: 'passed',
    phase: 'forward',
    evidence: 'entry 1182',
    doneBy: 'M. Brandt',
    occurredAt: '2026-12-05T21:42:00.000Z',
  })
})

test('of many unknown cells only those that a person left chosen are settled', () => {
  const cells = ['db1', 'db2', 'db3'].map((target) => ({ step: 'replicas', target }))
  const settle = option({ do: 'settle', cells, as: 'passed', phase: 'forward', reason: '' })
  const [, second] = cells
  if (second === undefined) throw new Error('unreachable')
  expect(commandOf(settle, { ...NO_ANSWER, reason: 'looked', cells: [second] })).toMatchObject({ cells: [second] })
})
