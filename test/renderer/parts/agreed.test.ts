/** What was agreed about a step is told to people, and only what was. */
import { expect, test } from 'vitest'
import { agreedRows } from '../../../renderer/parts/agreed.ts'
import { agreedOf } from '../../../shared/run/agreed.ts'

test('all that was agreed has its row', () => {
  const agreed = agreedOf(
    { timeboxMs: 1_800_000, silentMs: 300_000, hasVerify: true },
    {
      deputy: 'dba-2',
      contingency: 'Fail over to Leeds',
      waitsFor: { who: 'Network', ticket: 'NET-7', promisedAt: '2026-12-05T22:30' },
    },
    'dba-3',
  )
  expect(agreedRows(agreed).map(({ term, value }) => `${term}: ${value}`)).toEqual([
    'Deputy: dba-2',
    'Waits for: Network, NET-7, 2026-12-05T22:30',
    'Timebox: 30 min, then decide',
    'Silent: look after 5 min without output',
    'Verify: a check to run where the outcome is not known',
    'If it fails: Fail over to Leeds',
  ])
})

test('the deputy of the workstream stands in where the step names none', () => {
  expect(agreedRows(agreedOf(undefined, {}, 'dba-3'))).toEqual([{ term: 'Deputy', value: 'dba-3' }])
})

test('nothing agreed, nothing said', () => {
  expect(agreedRows(agreedOf(undefined, undefined))).toEqual([])
})
