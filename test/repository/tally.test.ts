/** The closing line of a test run can be trusted: nothing that failed, and nothing that did not run, passes in it. */
import { expect, test } from 'vitest'
import { closingLine, tallyPlaywright, tallyVitest, withExit } from '../support/tally.ts'

const file = (status: string, statuses: readonly string[], message = '') => ({
  name: '/repo/test/a.test.ts',
  status,
  message,
  assertionResults: statuses.map((one, index) => ({ status: one, fullName: ` t${index}` })),
})

test('vitest: passed, failed, and everything else is skipped', () => {
  const report = { testResults: [file('failed', ['passed', 'failed', 'skipped', 'todo', 'pending'])] }
  expect(tallyVitest(report, '/repo')).toEqual({
    passed: 1,
    failed: ['test/a.test.ts › t1'],
    skipped: ['test/a.test.ts › t2', 'test/a.test.ts › t3', 'test/a.test.ts › t4'],
  })
})

test('vitest: a file that did not load is a failure', () => {
  expect(tallyVitest({ testResults: [file('failed', [], 'SyntaxError')] }, '/repo').failed).toEqual([
    'test/a.test.ts: SyntaxError',
  ])
  expect(tallyVitest({ testResults: [file('failed', ['skipped'], 'set-up broke')] }, '/repo').failed).toHaveLength(1)
})

test('Playwright: nested suites count, a flaky test failed, so did an error outside any test', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] })
  const inner = { title: 'inner', specs: [spec('b', 'unexpected'), spec('c', 'flaky'), spec('d', 'skipped')] }
  const report = {
    suites: [{ title: 'f.spec.ts', specs: [spec('a', 'expected')], suites: [inner] }],
    errors: [{ message: 'no browser' }],
  }
  expect(tallyPlaywright(report)).toEqual({
    passed: 1,
    failed: ['inner › b', 'inner › c', 'no browser'],
    skipped: ['inner › d'],
  })
})

test('a runner that ends badly or runs nothing failed', () => {
  const clean = { passed: 2, failed: [], skipped: [] }
  expect(withExit('unit', 0, clean)).toBe(clean)
  expect(withExit('unit', 1, clean).failed).toEqual(['unit: the runner exited with 1'])
  expect(withExit('unit', 0, { ...clean, passed: 0 }).failed).toEqual(['unit: no test ran'])
  expect(withExit('unit', 1, { ...clean, failed: ['x'] }).failed).toEqual(['x'])
})

test('the closing line sums, and speaks of skipped tests only when there are some', () => {
  const a = { passed: 3, failed: [], skipped: [] }
  expect(closingLine([a, { passed: 2, failed: ['x'], skipped: [] }])).toBe('5 passed, 1 failed')
  expect(closingLine([a, { passed: 0, failed: [], skipped: ['y'] }])).toBe('3 passed, 0 failed, 1 skipped')
})
