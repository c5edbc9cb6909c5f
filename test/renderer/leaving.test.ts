import { expect, test } from 'vitest'
import { isWorkUnderWay } from '../../renderer/app/leaving.ts'
import type { Status } from '../../shared/api/console.ts'
import type { RunSummary } from '../../shared/api/runs.ts'

const status = (...open: number[]) =>
  ({ runs: open.map((openOnHosts): Partial<RunSummary> => ({ openOnHosts })) }) as Status

test('only work that would be in doubt keeps a window', () => {
  expect(isWorkUnderWay(null)).toBe(false)
  expect(isWorkUnderWay(status())).toBe(false)
  expect(isWorkUnderWay(status(0, 0))).toBe(false)
  expect(isWorkUnderWay(status(0, 1))).toBe(true)
})
