import { expect, test } from 'vitest'
import { isWorkUnderWay } from '../../renderer/app/leaving.ts'
import type { RunSummary, Status } from '../../shared/api/contract.ts'

const status = (...runs: { phase: RunSummary['phase']; counts: Record<string, number> }[]) =>
  ({ runs }) as unknown as Status

test('only work that would be in doubt keeps a window', () => {
  expect(isWorkUnderWay(null)).toBe(false)
  expect(isWorkUnderWay(status())).toBe(false)
  expect(isWorkUnderWay(status({ phase: 'running', counts: { passed: 3, waiting: 2 } }))).toBe(false)
  expect(isWorkUnderWay(status({ phase: 'closed', counts: { running: 1 } }))).toBe(false)
  expect(isWorkUnderWay(status({ phase: 'held', counts: { running: 1 } }))).toBe(true)
  expect(
    isWorkUnderWay(status({ phase: 'planned', counts: {} }, { phase: 'backing-out', counts: { 'backing-out': 1 } })),
  ).toBe(true)
})
