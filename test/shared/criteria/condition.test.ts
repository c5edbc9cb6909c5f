import { expect, test } from 'vitest'
import { compileCondition, evaluateCondition } from '../../../shared/criteria/condition.ts'
import { isProblem } from '../../../shared/criteria/expression.ts'

const given = {
  vars: { version: '15.4', shards: 3, dry: false },
  verdicts: { space: 'warn', 'pre-check': 'pass', lag: 'unknown' },
} as const

test.each([
  ['verdicts.space == "warn"', true],
  ['verdicts["pre-check"] == "pass" && !vars.dry', true],
  ['vars.shards > 3', false],
  ['vars.version.startsWith("15.")', true],
  ['verdicts.lag == "pass"', null],
  ['verdicts.space == "warn" || verdicts.lag == "pass"', true],
  ['verdicts.nope == "pass"', null],
  ['vars.version > 3', null],
  ['vars.shards', null],
  ['broken (', null],
])('%s: %s', (when, result) => {
  expect(evaluateCondition(when, given)).toBe(result)
})

test('only declared variables and needed steps can be read', () => {
  const names = { variables: { version: 'string' }, steps: ['space'] } as const
  expect(isProblem(compileCondition('vars.version == "1" && verdicts.space == "pass"', names))).toBe(false)
  expect(compileCondition('verdicts.other == "pass"', names)).toMatchObject({
    problem: expect.stringContaining('verdicts.other'),
  })
  expect(isProblem(compileCondition('version == "1"', names))).toBe(true)
})
