import { expect, test } from 'vitest'
import {
  instantOf,
  isZone,
  msOf,
  readTime,
  showClock,
  showClockInZone,
  showClockMs,
  showClockSeconds,
  showDay,
  showRange,
  zoneName,
} from '../../../shared/text/time.ts'

const BERLIN = 'Europe/Berlin'

test.each([
  ['2026-12-05T22:00', BERLIN, '2026-12-05T21:00:00.000Z'],
  ['2026-07-05T22:00:30', BERLIN, '2026-07-05T20:00:30.000Z'],
  ['2026-12-05T22:00+05:30', null, '2026-12-05T16:30:00.000Z'],
  ['2026-12-05T22:00Z', BERLIN, '2026-12-05T22:00:00.000Z'],
  ['2026-10-25T02:30+02:00', BERLIN, '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T02:30+01:00', BERLIN, '2026-10-25T01:30:00.000Z'],
])('%s in %s is %s', (text, zone, at) => {
  expect(readTime(text, zone)).toEqual({ at })
})

test.each([
  ['2026-03-29T02:30', BERLIN, 'skipped'],
  ['2026-10-25T02:30', BERLIN, 'twice'],
  ['2026-12-05T22:00', null, 'no-zone'],
  ['2026-12-05T22:00', 'Europe/Berln', 'bad-zone'],
  ['2026-02-30T22:00', BERLIN, 'bad-time'],
  ['2026-02-30T22:00Z', BERLIN, 'bad-time'],
  ['2026-12-05T24:00', BERLIN, 'bad-time'],
  ['2026-12-05T23:59:60', BERLIN, 'bad-time'],
  ['2026-12-05', BERLIN, 'bad-time'],
])('%s in %s: %s', (text, zone, problem) => {
  expect(readTime(text, zone)).toEqual({ problem })
})

test('the hours around a change of the clock are moments', () => {
  expect(readTime('2026-03-29T01:59', BERLIN)).toEqual({ at: '2026-03-29T00:59:00.000Z' })
  expect(readTime('2026-03-29T03:00', BERLIN)).toEqual({ at: '2026-03-29T01:00:00.000Z' })
  expect(readTime('2026-10-25T03:00', BERLIN)).toEqual({ at: '2026-10-25T02:00:00.000Z' })
})

test('a zone is a place, not an offset', () => {
  expect(['UTC', BERLIN, 'America/Argentina/Buenos_Aires'].every(isZone)).toBe(true)
  expect(['+01:00', '', 'Nowhere/Town', '../etc', 'x'.repeat(100)].some(isZone)).toBe(false)
})

test('a moment is shown in the zone that is asked for, and the zone is named', () => {
  const ms = msOf('2026-12-05T21:08:31.042Z')
  expect(showClock(ms, BERLIN)).toBe('22:08')
  expect(showClockSeconds(ms, BERLIN)).toBe('22:08:31')
  expect(showClockInZone(ms, BERLIN)).toBe('22:08 CET')
  expect(showClockMs(ms)).toBe('21:08:31.042')
  expect(showDay(ms, BERLIN)).toBe('Sat 5 Dec 2026')
  expect(showDay(ms, 'Asia/Tokyo')).toBe('Sun 6 Dec 2026')
  expect(zoneName(msOf('2026-07-05T21:00:00.000Z'), BERLIN)).toBe('CEST')
  expect(zoneName(ms, 'UTC')).toBe('UTC')
  expect(instantOf(ms)).toBe('2026-12-05T21:08:31.042Z')
})

test('a range names a day once where both ends are on it', () => {
  const from = msOf('2026-12-05T21:00:00.000Z')
  expect(showRange(from, from + 3_600_000, BERLIN)).toBe('Sat 5 Dec 2026, 22:00–23:00 CET')
  expect(showRange(from, from + 6 * 3_600_000, BERLIN)).toBe('Sat 5 Dec 2026, 22:00 – Sun 6 Dec 2026, 04:00 CET')
})
