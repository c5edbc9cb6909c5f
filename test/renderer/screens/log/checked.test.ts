import { expect, test } from 'vitest'
import type { Job } from '../../../../renderer/store/jobs.ts'
import { checkedBy } from '../../../../renderer/screens/log/checked.ts'

const OWN = 'holdpoint/6f0c1d2e-0000-4000-8000-00000000d021/00000002'
const OTHER = 'holdpoint/6f0c1d2e-0000-4000-8000-00000000d021/00000001'

function verified(origins: readonly string[]): Job {
  const problems = [
    { code: 'chain-broken', seq: 7, message: 'first' },
    { code: 'root-mismatch', seq: 7, message: 'second' },
    { code: 'checkpoint-missing', seq: null, message: 'of none' },
  ]
  const answer = {
    ok: false,
    trust: 'self-asserted' as const,
    origins: origins.map((origin) => ({ origin, size: 9, root: null, problems })),
  }
  return { runningSinceMs: null, progress: null, ended: { atMs: 5, result: { kind: 'verified', answer, tookMs: 3 } } }
}

test('an entry is marked with the first thing that is wrong with it, of this log only', () => {
  const checked = checkedBy(verified([OTHER, OWN]), OWN)
  expect([...(checked?.codes ?? [])]).toEqual([[7, 'chain-broken']])
  expect(checked?.size).toBe(9)
  const elsewhere = checkedBy(verified([OTHER]), OWN)
  expect(elsewhere?.own).toBeNull()
  expect(elsewhere?.size).toBe(0)
  expect(elsewhere?.codes.size).toBe(0)
})

test('what was not verified says nothing', () => {
  expect(checkedBy({ runningSinceMs: 1, progress: null, ended: null }, OWN)).toBeNull()
})
