/** Moments of the archive: with the day, which may be long ago, and the zone. */
import { msOf, showClockSeconds, showDay, zoneName } from '../../../shared/text/time.ts'

/** `24 Nov, 06:48:55 CET`. */
export function showMomentMs(ms: number, zone: string): string {
  return `${showDay(ms, zone).split(' ').slice(1, 3).join(' ')}, ${showClockSeconds(ms, zone)} ${zoneName(ms, zone)}`
}

export function showMoment(at: string, zone: string): string {
  return showMomentMs(msOf(at), zone)
}
