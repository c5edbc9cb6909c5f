/** Times: local ones made instants without guessing, instants shown in a zone that is always named. */
import { Temporal } from 'temporal-polyfill'

/** Why a written time is not one instant. */
export type TimeProblem = 'bad-time' | 'bad-zone' | 'no-zone' | 'skipped' | 'twice'

export type ReadTime = { readonly at: string } | { readonly problem: TimeProblem }

const WRITTEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(Z|[+-]\d\d:\d\d)?$/

/** An IANA zone such as `Europe/Berlin`, or `UTC`. A bare offset is none: it does not know of summer time. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(zone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

/**
 * @param text `2026-12-05T22:00`, seconds optional; with `Z` or `+01:00` the zone does not matter
 * @param zone for a time without offset
 * @returns RFC 3339, UTC, milliseconds; or why this is not one moment: it does not exist (`skipped`, the clock jumped
 *   over it) or occurs `twice`
 */
export function readTime(text: string, zone: string | null): ReadTime {
  const match = WRITTEN.exec(text)
  if (match === null || text.slice(16, 19) === ':60') return { problem: 'bad-time' }
  if (match[1] !== undefined) {
    try {
      return { at: stamp(Temporal.Instant.from(text)) }
    } catch {
      return { problem: 'bad-time' }
    }
  }
  if (zone === null) return { problem: 'no-zone' }
  if (!isZone(zone)) return { problem: 'bad-zone' }
  let local: Temporal.PlainDateTime
  try {
    local = Temporal.PlainDateTime.from(text, { overflow: 'reject' })
  } catch {
    return { problem: 'bad-time' }
  }
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { at: stamp(earlier.toInstant()) }
  return { problem: earlier.toPlainDateTime().equals(local) ? 'twice' : 'skipped' }
}

function stamp(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'millisecond' })
}

/** RFC 3339, UTC, milliseconds. */
export function instantOf(ms: number): string {
  return stamp(Temporal.Instant.fromEpochMilliseconds(Math.trunc(ms)))
}

/** Milliseconds since 1970 of an RFC 3339 instant. */
export function msOf(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds
}

const zoned = (ms: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(Math.trunc(ms)).toZonedDateTimeISO(isZone(zone) ? zone : 'UTC')

/** `22:08`: for a table whose head names the zone. */
export function showClock(ms: number, zone: string): string {
  return zoned(ms, zone).toPlainTime().toString({ smallestUnit: 'minute' })
}

/** `22:08:31`. */
export function showClockSeconds(ms: number, zone: string): string {
  return zoned(ms, zone).toPlainTime().toString({ smallestUnit: 'second' })
}

/** `22:08 CET`. */
export function showClockInZone(ms: number, zone: string): string {
  return `${showClock(ms, zone)} ${zoneName(ms, zone)}`
}

/** `22:08:31.042`: for the journal, in UTC. */
export function showClockMs(ms: number): string {
  return zoned(ms, 'UTC').toPlainTime().toString({ smallestUnit: 'millisecond' })
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Sat 5 Dec 2026`. */
export function showDay(ms: number, zone: string): string {
  const day = zoned(ms, zone)
  return `${DAYS[day.dayOfWeek - 1]} ${day.day} ${MONTHS[day.month - 1]} ${day.year}`
}

/** `Sat 5 Dec 2026, 22:00 – Sun 6 Dec 2026, 04:00 CET`; the day once where both are on it. */
export function showRange(fromMs: number, toMs: number, zone: string): string {
  const from = showDay(fromMs, zone)
  const to = showDay(toMs, zone)
  if (from === to) return `${from}, ${showClock(fromMs, zone)}–${showClockInZone(toMs, zone)}`
  return `${from}, ${showClock(fromMs, zone)} – ${to}, ${showClockInZone(toMs, zone)}`
}

/** `CET`, `GMT+5:30`, `UTC`: how the zone calls itself at that moment. */
export function zoneName(ms: number, zone: string): string {
  if (!isZone(zone)) return 'UTC'
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' }).formatToParts(ms)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
}
