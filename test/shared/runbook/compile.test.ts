import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Plan, PlanWords } from '../../../shared/model/plan.ts'
import type { Runbook } from '../../../shared/model/runbook.ts'
import { compile } from '../../../shared/runbook/compile.ts'
import { parseRunbook } from '../../../shared/runbook/parse.ts'
import { selectHosts, waveCounts } from '../../../shared/runbook/select.ts'
import { CONTEXT, fixture, host } from './context.ts'

const hosts = CONTEXT.hosts ?? []

function documentOf(text: string): Runbook {
  const { document, faults } = parseRunbook(text)
  if (document === null) throw new Error(JSON.stringify(faults))
  return document
}

function compiled(text: string) {
  const result = compile(documentOf(text), { hosts })
  if (isRefusal(result)) throw new Error(result.message)
  return result
}

const { plan, words } = compiled(fixture('clean.yaml'))
const step = (id: string) => plan.steps.find((one) => one.id === id)

test('what is compiled fits the model', () => {
  expect(Plan.parse(plan)).toEqual(plan)
  expect(PlanWords.parse(words)).toEqual(words)
})

test('times are UTC, durations milliseconds', () => {
  expect(plan.window).toEqual({
    start: '2026-12-05T21:00:00.000Z',
    end: '2026-12-06T03:00:00.000Z',
    zone: 'Europe/Berlin',
  })
  expect(plan.outage).toEqual({ start: '2026-12-05T22:00:00.000Z', end: '2026-12-06T01:00:00.000Z' })
  expect(step('go')).toMatchObject({ notBefore: '2026-12-05T21:10:00.000Z', latestStart: '2026-12-05T22:30:00.000Z' })
  expect(step('upgrade')).toMatchObject({
    expectedMs: 1_200_000,
    timeoutMs: 2_700_000,
    silentMs: 300_000,
    timeboxMs: 1_800_000,
    retry: { times: 1, afterMs: 30_000 },
    backout: { expectedMs: 720_000, by: 'script', hasCheck: true },
  })
})

test('targets are frozen in the order of the inventory, and equal sets are one', () => {
  expect(plan.sets).toEqual([
    { name: 'tag:db', hosts: ['db1', 'db2', 'db3'] },
    { name: 'db1', hosts: ['db1'] },
  ])
  expect(step('lag')?.targets).toBe('tag:db')
  expect(step('open')?.targets).toBe('db1')
  expect(step('go')?.targets).toBeNull()
  expect(step('upgrade')?.waves).toEqual([1, 2, 3])
})

test('what is not said is filled in', () => {
  expect(step('space')).toMatchObject({
    onFailure: 'ask',
    successExit: [0],
    approvals: {},
    waves: [],
    backout: null,
    hasCheck: false,
  })
  expect(step('upgrade')).toMatchObject({
    successExit: [0, 100],
    hasCheck: true,
    hasVerify: true,
    hasDiagnostics: true,
    hasCondition: true,
  })
  expect(step('batch')?.backout).toEqual({ expectedMs: 300_000, by: 'person', hasCheck: false })
  expect(step('switch')).toMatchObject({ pointOfNoReturn: true, evidenceRequired: true, backout: null })
  expect(step('done')).toMatchObject({ kind: 'milestone', expectedMs: 0 })
})

test('words go beside the plan, and structure alone into it', () => {
  expect(words.steps['batch']).toEqual({
    title: 'Stop the batch',
    owner: 'payments',
    instructions: 'Suspend it.',
    backoutInstructions: 'Release it.',
    waitsFor: { who: 'Vendor', ticket: 'V-1', promisedAt: '2026-12-05T22:30' },
  })
  expect(words.steps['upgrade']).toMatchObject({
    command: 'scripts/upgrade.sh',
    contingency: 'Call the vendor',
    deputy: 'dba-2',
  })
  expect(JSON.stringify(plan)).not.toContain('Upgrade')
})

test('without workstreams there is one lane, the owner’s', () => {
  const small = compiled(`holdpoint: runbook/v1
id: small
title: Small
owner: me
steps:
  - { id: a, kind: milestone, title: A }
`)
  expect(small.plan.workstreams).toEqual(['main'])
  expect(small.words.workstreams).toEqual({ main: { owner: 'me' } })
  expect(small.plan.window).toBeNull()
})

test('hosts that are not there, and times that are not, are refused', () => {
  const document = documentOf(fixture('clean.yaml'))
  expect(compile(document, { hosts: [host('other', [])] })).toMatchObject({ refused: true, code: 'no-host' })
  const zoneless = documentOf(fixture('clean.yaml').replace('2026-12-05T23:30', '2026-03-29T02:30'))
  expect(compile(zoneless, { hosts })).toMatchObject({ refused: true, code: 'bad-time' })
})

test.each([
  ['db1', ['db1']],
  ['tag:web', ['web1']],
  ['group:standby', ['db2', 'db3']],
  [
    ['group:standby', 'db1', 'db2'],
    ['db1', 'db2', 'db3'],
  ],
  ['tag:nobody', []],
  ['db', []],
])('%j selects %j', (selector, names) => {
  expect(selectHosts(selector, hosts).map((one) => one.name)).toEqual(names)
})

test.each([
  [[1, '50%', '100%'], 15, [1, 8, 15]],
  [[1, '50%', '100%'], 2, [1, 2]],
  [[1, '50%', '100%'], 1, [1]],
  [['10%', '100%'], 7, [1, 7]],
  [[1, 5], 9, [1, 5, 9]],
  [[4, 20], 9, [4, 9]],
  [undefined, 9, []],
])('waves %j over %i hosts are %j', (waves, count, counts) => {
  expect(waveCounts(waves, count)).toEqual(counts)
})

test('waves grow, and end with all hosts', () => {
  const wave = fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`),
  )
  fc.assert(
    fc.property(fc.array(wave, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 250 }), (waves, count) => {
      const counts = waveCounts(waves, count)
      expect(counts.at(-1)).toBe(count)
      expect(counts.every((one, i) => one > (counts[i - 1] ?? 0))).toBe(true)
    }),
  )
})
