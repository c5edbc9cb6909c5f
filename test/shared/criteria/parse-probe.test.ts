import { expect, test } from 'vitest'
import { parseProbe } from '../../../shared/criteria/parse-probe.ts'

const PROBE = `holdpoint: probe/v1
id: disk.free
title: Free disk space
with:
  path: { type: string, default: /, description: A folder }
values:
  free: { type: number, unit: B, description: Free }
require:
  fail: free < 1 * GiB
script: |
  echo free=1
`

test('a probe is read', () => {
  const { definition, faults } = parseProbe(PROBE)
  expect(faults).toEqual([])
  expect(definition).toMatchObject({
    id: 'disk.free',
    values: { free: { type: 'number', unit: 'B' } },
    script: 'echo free=1\n',
  })
})

test.each([
  ['id: disk.free', 'id: Disk Free', 'bad-value', 2],
  ['title: Free disk space\n', '', 'missing-key', 1],
  ['title:', 'titel:', 'unknown-key', 3],
  ['default: /', 'default: 1', 'wrong-type', 5],
  ['type: number', 'type: bytes', 'bad-value', 7],
  ['free: {', 'size: {', 'reserved-name', 7],
  ['free: {', 'Free: {', 'bad-name', 7],
  ['free < 1 * GiB', 'fre < 1 * GiB', 'criterion', 9],
  ['script: |', 'script: &x |', 'yaml-alias', 10],
])('%s → %s is a fault', (from, to, rule, line) => {
  expect(PROBE).toContain(from)
  const { definition, faults } = parseProbe(PROBE.replace(from, to))
  expect(definition).toBeNull()
  expect(faults).toContainEqual(expect.objectContaining({ rule, line }))
})
