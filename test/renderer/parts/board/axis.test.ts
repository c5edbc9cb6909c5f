import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spanOf, timeAxis } from '../../../../renderer/parts/board/axis.ts'

const HOUR = 3_600_000
const NIGHT = Date.parse('2026-12-05T21:00:00.000Z')

test('hours of the zone are marked, its midnight by the day', () => {
  const axis = timeAxis(NIGHT, NIGHT + 6 * HOUR, 'Europe/Berlin')
  expect(axis.ticks.map((tick) => tick.text)).toEqual(['22', '23', 'Sun 6', '01', '02', '03', '04'])
})

test('a zone with half an hour has its own full hours', () => {
  const axis = timeAxis(NIGHT, NIGHT + 3 * HOUR, 'Asia/Kolkata', 4)
  expect(axis.ticks.map((tick) => new Date(tick.ms).getUTCMinutes())).toEqual([30, 30, 30])
})

test('a run of seconds is marked in seconds', () => {
  const axis = timeAxis(NIGHT, NIGHT + 60_000, 'UTC', 8)
  expect(axis.ticks[1]?.text).toMatch(/^21:00:\d\d$/)
})

test('places keep order, stay within the axis, and ticks are never too many', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      fc.integer({ min: 0, max: 40 * 24 * HOUR }),
      fc.integer({ min: 2, max: 12 }),
      (start, length, most) => {
        const axis = timeAxis(start, start + length, 'Europe/Berlin', most)
        const places = [start - HOUR, start, start + length / 2, start + length, start + length + HOUR].map(axis.place)
        expect(places).toEqual(places.toSorted((a, b) => a - b))
        expect(Math.min(...places)).toBe(0)
        expect(Math.max(...places)).toBe(100)
        expect(axis.ticks.length).toBeLessThanOrEqual(most + 1)
      },
    ),
  )
})

test('a span shows the window with its margins, or the run with what is still expected of it', () => {
  const times = { window: { startMs: 0, endMs: 6 * HOUR }, startMs: 0, finishMs: 60_000, nowMs: 30_000 }
  expect(spanOf('window', times)).toEqual({ startMs: -600_000, endMs: 6 * HOUR + 600_000 })
  const run = spanOf('run', times)
  expect(run.startMs).toBeLessThan(0)
  expect(run.endMs).toBeGreaterThan(60_000)
  expect(run.endMs).toBeLessThan(120_000)
  expect(spanOf('window', { ...times, window: null })).toEqual(run)
})
