/** Times of the log to the millisecond, in a zone that the table's head names. */
import { showClockSeconds, showDay, zoneName } from '../../../shared/text/time.ts'

/** `06:48:55.551`. */
export function showClockFine(ms: number, zone: string): string {
  return `${showClockSeconds(ms, zone)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, '0')}`
}

/** `24 Nov`. */
export function showShortDay(ms: number, zone: string): string {
  return showDay(ms, zone).split(' ').slice(1, 3).join(' ')
}

/** `Tue 24 Nov 2026, 06:48:55.551 CET`. */
export function showMomentFine(ms: number, zone: string): string {
  return `${showDay(ms, zone)}, ${showClockFine(ms, zone)} ${zoneName(ms, zone)}`
}
