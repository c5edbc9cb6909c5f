/** Times of a runbook: each against the zone of its window. */
import type { Runbook } from '../model/runbook.ts'
import { readTime } from '../text/time.ts'

/** The zone in which times without an offset are meant; null: there is none. */
export function zoneOf(document: Pick<Runbook, 'window'>): string | null {
  return document.window?.zone ?? null
}

/** RFC 3339 in UTC; null where the time is not one moment (the static check says why). */
export function resolveTime(text: string | undefined, zone: string | null): string | null {
  if (text === undefined) return null
  const read = readTime(text, zone)
  return 'at' in read ? read.at : null
}
