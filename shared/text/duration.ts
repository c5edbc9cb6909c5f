/** Durations: read as people write them in a runbook (`1h30m`), shown as people read them (`1 h 04 min`). */

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }
/** A thousand days: longer is a slip of the pen, and sums of many stay exact. */
const LONGEST_MS = 1000 * 86_400_000

/**
 * @param text `([0-9]+(d|h|m|s))+`
 * @returns milliseconds; null when the text has another form or means more than 1000 days
 */
export function parseDuration(text: string): number | null {
  if (text.length > 64 || !/^(?:[0-9]+[dhms])+$/.test(text)) return null
  let sum = 0
  for (const [, count, unit] of text.matchAll(/([0-9]+)([dhms])/g)) sum += Number(count) * (UNIT_MS[unit ?? ''] ?? 0)
  return sum <= LONGEST_MS ? sum : null
}

const two = (n: number) => String(n).padStart(2, '0')
const signed = (ms: number, text: (positive: number) => string) => (ms < 0 ? `−${text(-ms)}` : text(ms))

/** `0.4 s`, `18 s`, `4 min 05 s`, `12 min`, `1 h 04 min`, `2 d 03 h`. */
export function showDuration(ms: number): string {
  return signed(ms, (positive) => {
    if (positive < 950) return positive === 0 ? '0 s' : `${Math.max(0.1, Math.round(positive / 100) / 10)} s`
    const seconds = Math.round(positive / 1000)
    if (seconds < 60) return `${seconds} s`
    if (seconds < 600) {
      const rest = seconds % 60
      return rest === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${two(rest)} s`
    }
    const minutes = Math.round(positive / 60_000)
    if (minutes < 60) return `${minutes} min`
    if (minutes < 24 * 60) {
      const rest = minutes % 60
      return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${two(rest)} min`
    }
    const hours = Math.round(positive / 3_600_000)
    return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${two(hours % 24)} h`
  })
}

/** Time left: under ten minutes `4:48`, else as a duration. Past zero it goes on with a minus. */
export function showCountdown(ms: number): string {
  return signed(ms, (positive) => {
    const seconds = Math.floor(positive / 1000)
    if (seconds >= 600) return showDuration(Math.floor(positive / 60_000) * 60_000)
    return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`
  })
}

/** Against a plan: `+16 min` late, `−12 min` early, `on time` within a minute. */
export function showLateness(ms: number): string {
  const minutes = Math.trunc(ms / 60_000)
  if (minutes === 0) return 'on time'
  return `${minutes < 0 ? '−' : '+'}${showDuration(Math.abs(minutes) * 60_000)}`
}

/** As a runbook writes it: the inverse of `parseDuration` for whole seconds. */
export function writeDuration(ms: number): string {
  let seconds = Math.round(ms / 1000)
  let text = ''
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    const count = Math.floor(seconds / size)
    if (count > 0) text += `${count}${unit}`
    seconds -= count * size
  }
  return seconds > 0 || text === '' ? `${text}${seconds}s` : text
}
