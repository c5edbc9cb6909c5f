import { expect, test } from 'vitest'
import { clockStep } from '../../../shared/journal/clock-step.ts'

const at = (clock: string, mono: number, boot = 'a1') => ({ at: `2026-12-05T${clock}.000Z`, mono, boot })

test('a clock that goes with the time that passes was not set', () => {
  expect(clockStep(at('22:00:00', 5_000), at('22:00:10', 15_000))).toBeNull()
  expect(clockStep(at('22:00:00', 5_000), at('22:00:10', 14_100))).toBeNull()
})

test('one that was set is told with its direction', () => {
  expect(clockStep(at('22:00:00', 5_000), at('22:03:00', 6_000))).toBe(179_000)
  expect(clockStep(at('22:03:00', 5_000), at('22:00:00', 6_000))).toBe(-181_000)
})

test('over a start of the console nothing can be told', () => {
  expect(clockStep(at('22:00:00', 5_000), at('23:00:00', 1_000, 'b2'))).toBeNull()
})
