import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  parseDuration,
  showCountdown,
  showDuration,
  showLateness,
  writeDuration,
} from '../../../shared/text/duration.ts'

const MIN = 60_000
const HOUR = 60 * MIN

test.each([
  ['1h30m', 90 * MIN],
  ['45m', 45 * MIN],
  ['90s', 90_000],
  ['2d', 48 * HOUR],
  ['30m1h', 90 * MIN],
  ['0s', 0],
])('%s is read', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '1', 'h', '1h 30m', '1.5h', '-1h', '1H', '1h30', '9999999d', '1ms', `${'1h'.repeat(40)}`])(
  '"%s" is not a duration',
  (text) => {
    expect(parseDuration(text)).toBeNull()
  },
)

test.each([
  [0, '0 s'],
  [40, '0.1 s'],
  [400, '0.4 s'],
  [18_000, '18 s'],
  [59_499, '59 s'],
  [59_600, '1 min'],
  [245_000, '4 min 05 s'],
  [240_000, '4 min'],
  [12 * MIN + 20_000, '12 min'],
  [59 * MIN + 45_000, '1 h'],
  [64 * MIN, '1 h 04 min'],
  [51 * HOUR, '2 d 03 h'],
  [48 * HOUR, '2 d'],
  [-18_000, '−18 s'],
])('%i ms is shown as %s', (ms, text) => {
  expect(showDuration(ms)).toBe(text)
})

test.each([
  [288_000, '4:48'],
  [599_999, '9:59'],
  [9_000, '0:09'],
  [600_000, '10 min'],
  [64 * MIN + 59_000, '1 h 04 min'],
  [-75_000, '−1:15'],
])('%i ms left is shown as %s', (ms, text) => {
  expect(showCountdown(ms)).toBe(text)
})

test.each([
  [16 * MIN, '+16 min'],
  [-12 * MIN, '−12 min'],
  [59_999, 'on time'],
  [-59_999, 'on time'],
  [64 * MIN, '+1 h 04 min'],
])('%i ms against the plan is shown as %s', (ms, text) => {
  expect(showLateness(ms)).toBe(text)
})

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 80_000_000 }), (seconds) => {
      expect(parseDuration(writeDuration(seconds * 1000))).toBe(seconds * 1000)
    }),
  )
})
