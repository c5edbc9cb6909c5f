/** The time axis: one function places bars, lines and labels. */
import { scaleLinear } from 'd3-scale'
import { showClock, showDay } from '../../../shared/text/time.ts'

export type Tick = { readonly ms: number; readonly text: string; readonly isDay: boolean }

export type Axis = {
  readonly startMs: number
  readonly endMs: number
  readonly zone: string
  /** Percent from the left, 0 to 100; what lies outside sticks to the edge. */
  readonly place: (ms: number) => number
  readonly ticks: readonly Tick[]
}

const MINUTE = 60_000
const STEPS_MIN = [1 / 60, 1 / 12, 1 / 6, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080]

/** @param most ticks at most */
export function timeAxis(startMs: number, endMs: number, zone: string, most = 8): Axis {
  const end = Math.max(endMs, startMs + 1000)
  const scale = scaleLinear().domain([startMs, end]).range([0, 100]).clamp(true)
  return { startMs, endMs: end, zone, place: (ms) => scale(ms), ticks: ticksOf(startMs, end, zone, most) }
}

function ticksOf(startMs: number, endMs: number, zone: string, most: number): readonly Tick[] {
  const spanMin = (endMs - startMs) / MINUTE
  const stepMs = (STEPS_MIN.find((step) => spanMin / step <= most) ?? 43_200) * MINUTE
  const ticks: Tick[] = []
  // Aligned to the zone's own midnight, so that two-hourly ticks stand at even hours of its clock.
  for (let ms = startMs + untilAligned(startMs, stepMs, zone); ms <= endMs; ms += stepMs) {
    const clock = showClock(ms, zone)
    const isDay = clock === '00:00' && stepMs >= 60 * MINUTE
    ticks.push({
      ms,
      text: isDay ? showDay(ms, zone).split(' ').slice(0, 2).join(' ') : tickText(ms, stepMs, clock),
      isDay,
    })
  }
  return ticks
}

function tickText(ms: number, stepMs: number, clock: string): string {
  if (stepMs < MINUTE) return `${clock}:${String(Math.floor((ms / 1000) % 60)).padStart(2, '0')}`
  return stepMs >= 60 * MINUTE ? clock.slice(0, 2) : clock
}

function untilAligned(ms: number, stepMs: number, zone: string): number {
  const [hours = 0, minutes = 0] = showClock(ms, zone).split(':').map(Number)
  const intoDay = (hours * 60 + minutes) * MINUTE + (ms % MINUTE)
  const rest = intoDay % stepMs
  return rest === 0 ? 0 : stepMs - rest
}

export type Span = 'window' | 'run' | 'next'

const MARGIN_MS = 10 * MINUTE
const AHEAD_MS = 2 * 60 * MINUTE

/** What the board shows of time: the window with ten minutes at each end, the run with a tenth, or the next two hours. */
export function spanOf(
  span: Span,
  times: {
    readonly window: { readonly startMs: number; readonly endMs: number } | null
    readonly startMs: number
    readonly finishMs: number
    readonly nowMs: number
  },
): { readonly startMs: number; readonly endMs: number } {
  if (span === 'next') return { startMs: times.nowMs - AHEAD_MS / 8, endMs: times.nowMs + AHEAD_MS }
  if (span === 'window' && times.window !== null) {
    return {
      startMs: Math.min(times.window.startMs, times.startMs) - MARGIN_MS,
      endMs: Math.max(times.window.endMs, times.window.startMs) + MARGIN_MS,
    }
  }
  const endMs = Math.max(times.finishMs, times.startMs + 10_000)
  const margin = (endMs - times.startMs) / 12
  return { startMs: times.startMs - margin / 2, endMs: endMs + margin }
}
