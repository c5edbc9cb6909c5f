import { expect, test } from 'vitest'
import type { ProbeDefinition } from '../../../shared/criteria/probe.ts'
import { readProbeOutput, recordedValues } from '../../../shared/criteria/reading.ts'
import { evaluate, judge, worstVerdict } from '../../../shared/criteria/verdict.ts'

const disk: ProbeDefinition = {
  holdpoint: 'probe/v1',
  id: 'disk.free',
  title: 'Free disk space',
  values: {
    free: { type: 'number', unit: 'B', description: 'free' },
    total: { type: 'number', description: 'total' },
    name: { type: 'string', description: 'name' },
    mounted: { type: 'boolean', description: 'mounted' },
  },
  require: { fail: 'free < 10', warn: 'free < 20' },
  script: 'true',
}
const verdict = (output: string, require?: { fail?: string; warn?: string }) =>
  evaluate(disk, require, readProbeOutput(disk, output))

test.each([
  ['free=5', 'fail'],
  ['free=15', 'warn'],
  ['free=25', 'pass'],
  ['free=2.5e1', 'pass'],
  ['free=', 'unknown'],
  ['free=many', 'unknown'],
  ['free=25 GB', 'unknown'],
  ['total=100', 'unknown'],
  ['', 'unknown'],
  ['free=25\n!unknown df hangs', 'unknown'],
  ['free=25\nfree=5', 'unknown'],
  ['free=25\nfree=25', 'pass'],
  ['Last login: today\nfree=25\r\nother=1\n', 'pass'],
  ['free=NaN', 'unknown'],
  ['free=1e999', 'unknown'],
])('%j: %s', (output, expected) => {
  expect(verdict(output)).toBe(expected)
})

test('a step’s own criteria take the place of the probe’s, both parts', () => {
  expect(verdict('free=5', { warn: 'free < 6' })).toBe('warn')
  expect(verdict('free=5', {})).toBe('pass')
  expect(verdict('free=5', { fail: 'nope > 1' })).toBe('unknown')
})

test('it fails although the warning has no value, and is unknown where the failure has none', () => {
  expect(verdict('free=5', { fail: 'free < 10', warn: 'total < 1' })).toBe('fail')
  expect(verdict('free=15', { fail: 'free < 10', warn: 'total < 1' })).toBe('unknown')
  expect(verdict('free=15', { fail: 'total < 1', warn: 'free < 20' })).toBe('unknown')
})

test('the reason is said', () => {
  const because = (output: string) => judge(disk, undefined, readProbeOutput(disk, output)).because
  expect(because('free=5')).toBe('free < 10')
  expect(because('total=5')).toBe('free was not measured')
  expect(because('!unknown  df is not installed ')).toBe('df is not installed')
  expect(because('!unknown')).toBe('the probe could not measure')
  expect(because('')).toBe('nothing was measured')
})

test('values are recorded as text with their unit, unmeasured ones as null', () => {
  const reading = readProbeOutput(disk, 'free=1073741824\nmounted=true\nname=a b=c\n')
  expect(recordedValues(disk, reading)).toEqual([
    { name: 'free', value: '1073741824', unit: 'B' },
    { name: 'total', value: null },
    { name: 'name', value: 'a b=c' },
    { name: 'mounted', value: 'true' },
  ])
})

test('hostile output is read within bounds', () => {
  const before = performance.now()
  const reading = readProbeOutput(
    disk,
    `__proto__=1\nconstructor=2\nname=${'x'.repeat(5000)}\n${'free=1\n'.repeat(2_000_000)}`,
  )
  expect(performance.now() - before).toBeLessThan(1000)
  expect(reading.values).toEqual({ free: 1, total: null, name: null, mounted: null })
})

test('over hosts, what is not known weighs most', () => {
  expect(worstVerdict(['pass', 'fail', 'warn'])).toBe('fail')
  expect(worstVerdict(['pass', 'unknown', 'fail'])).toBe('unknown')
  expect(worstVerdict([])).toBeNull()
})
