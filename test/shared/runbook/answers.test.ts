import { expect, test } from 'vitest'
import { parseAnswers } from '../../../shared/runbook/answers.ts'

const TEXT = `holdpoint: answers/v1
secrets: { password: hunter2 }
variables: { version: "15.5", shards: 3 }
answers:
  - step: go
    question: gate
    approvals: [{ role: application-owner, as: A. Owner, key: practice }]
    decide: go
  - { step: switch, question: manual, decide: passed, evidence: dig, occurredAt: 2026-12-05T22:10, doneBy: B }
  - { step: deploy, host: app2, question: failure, decide: back-out, scope: run, reason: no room }
  - { step: deploy, host: app1, question: unknown, decide: failed, reason: looked }
  - { step: deploy, host: app1, question: backout-failed, decide: give-up, reason: by hand }
  - { step: deploy, host: app1, question: backout-unknown, decide: passed, reason: looked }
  - { step: batch, question: backout-manual, decide: passed }
  - { step: go, question: no-go, decide: hold, reason: wait }
  - { question: held, decide: resume }
  - { host: app1, question: host-key, decide: accept }
  - { question: close, result: backed-out }
`

test('every question can be answered, and each answer knows its line', () => {
  const { answers, faults, lines } = parseAnswers(TEXT)
  expect(faults).toEqual([])
  expect(answers?.answers?.map((answer) => answer.question)).toEqual([
    'gate',
    'manual',
    'failure',
    'unknown',
    'backout-failed',
    'backout-unknown',
    'backout-manual',
    'no-go',
    'held',
    'host-key',
    'close',
  ])
  expect(lines).toEqual([5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])
})

test.each([
  ['decide: go\n', 'decide: perhaps\n', 'bad-value', 8],
  ['question: gate', 'question: gates', 'unknown-question', 6],
  ['question: gate\n', '\n', 'missing-key', 5],
  ['evidence: dig', 'evidense: dig', 'unknown-key', 9],
  ['scope: run', 'scope: world', 'bad-value', 10],
  [
    ', reason: looked }\n  - { step: deploy, host: app1, question: backout-f',
    ' }\n  - { step: deploy, host: app1, question: backout-f',
    'missing-key',
    11,
  ],
  ['password: hunter2', 'password: 15', 'wrong-type', 2],
  ['host: app2', 'host: [app2]', 'wrong-type', 10],
  ['key: practice', 'kee: practice', 'unknown-key', 7],
  ['occurredAt: 2026-12-05T22:10', 'occurredAt: yesterday', 'bad-value', 9],
])('%j → %j is a fault', (from, to, rule, line) => {
  expect(TEXT).toContain(from)
  const { answers, faults } = parseAnswers(TEXT.replace(from, to))
  expect(answers).toBeNull()
  expect(faults).toContainEqual(expect.objectContaining({ rule, line }))
})
