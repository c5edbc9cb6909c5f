/** What the strip says of a run at a moment: the clock, the window, the finish, the two moments that close doors. */
import { stepAt } from '../../shared/run/lookup.ts'
import { shifted } from '../../shared/run/rules.ts'
import { latestBackoutStart, type Schedule } from '../../shared/run/schedule.ts'
import type { Run } from '../../shared/run/state.ts'
import type { RunWords } from '../../shared/run/wording.ts'
import { showCountdown, showDuration, showLateness } from '../../shared/text/duration.ts'
import { showNumberOf } from '../../shared/text/quantity.ts'
import { showClock, showClockSeconds, showDay, zoneName } from '../../shared/text/time.ts'
import type { Instrument } from './strip.tsx'

export type Moments = {
  readonly window: { readonly startMs: number; readonly endMs: number } | null
  readonly noReturn: { readonly step: string; readonly atMs: number; readonly isPassed: boolean } | null
  readonly backOutBy: { readonly atMs: number; readonly backoutMs: number; readonly cells: number } | null
}

/** The moments that lines on the board and values in the strip share. */
export function momentsOf(run: Run, schedule: Schedule): Moments {
  const window =
    run.window === null ? null : { startMs: shifted(run, run.window.start), endMs: shifted(run, run.window.end) }
  const step = run.noReturn?.step ?? run.order.find((id) => stepAt(run, id)?.pointOfNoReturn === true)
  const atMs = run.noReturn?.atMs ?? (step === undefined ? undefined : schedule.steps[step]?.startMs)
  return {
    window: run.phase === 'planned' && run.mode !== 'live' ? null : window,
    noReturn: step === undefined || atMs === undefined ? null : { step, atMs, isPassed: run.noReturn !== null },
    backOutBy: latestBackoutStart(run),
  }
}

export function instrumentsOf(options: {
  readonly run: Run
  readonly words: RunWords
  readonly schedule: Schedule
  readonly moments: Moments
  readonly nowMs: number
  readonly zone: string
  /** `Now`, or `Then` in a replay. */
  readonly clockLabel: string
}): readonly Instrument[] {
  const { run, words, schedule, moments, nowMs, zone } = options
  const instruments: Instrument[] = [
    {
      key: 'clock',
      label: `${options.clockLabel}, ${zone}`,
      value: showClock(nowMs, zone),
      aside: `${showClockSeconds(nowMs, zone).slice(5)} ${zoneName(nowMs, zone)}`,
      note: showDay(nowMs, zone),
      isBig: true,
    },
  ]
  const { window, noReturn, backOutBy } = moments
  const untilMs = Math.min(nowMs, run.closedAtMs ?? nowMs)
  if (window !== null) instruments.push(windowInstrument(window, untilMs, zone, run.phase === 'closed'))
  instruments.push(finishInstrument(run, schedule, moments, zone))
  if (noReturn !== null) {
    instruments.push({
      key: 'no-return',
      label: 'Point of no return',
      value: showClock(noReturn.atMs, zone),
      aside: noReturn.isPassed ? 'passed' : inWords(noReturn.atMs - nowMs),
      note: `step ${run.order.indexOf(noReturn.step) + 1}, ${words.steps[noReturn.step]?.title ?? noReturn.step}`,
      mark: 'no-return',
    })
  }
  if (backOutBy !== null) {
    instruments.push({
      key: 'back-out-by',
      label: 'Back out by',
      value: showClock(backOutBy.atMs, zone),
      aside: backOutBy.atMs > nowMs ? inWords(backOutBy.atMs - nowMs) : 'no longer fits',
      note: `backing out takes ${showDuration(backOutBy.backoutMs)}, ${showNumberOf(backOutBy.cells, 'piece')}`,
      mark: 'back-out-by',
    })
  }
  return instruments
}

function inWords(ms: number): string {
  return ms > 0 ? `in ${showCountdown(ms)}` : 'due'
}

function windowInstrument(
  window: { startMs: number; endMs: number },
  nowMs: number,
  zone: string,
  isClosed: boolean,
): Instrument {
  const label = `Window ${showClock(window.startMs, zone)}–${showClock(window.endMs, zone)}`
  const share = (nowMs - window.startMs) / (window.endMs - window.startMs)
  if (nowMs < window.startMs)
    return {
      key: 'window',
      label,
      value: showCountdown(window.startMs - nowMs),
      aside: 'to its start',
      bar: { share: 0 },
    }
  if (nowMs > window.endMs)
    return {
      key: 'window',
      label,
      value: `+${showDuration(nowMs - window.endMs)}`,
      aside: 'past its end',
      bar: { share: 1 },
    }
  return {
    key: 'window',
    label,
    value: showCountdown(window.endMs - nowMs),
    aside: isClosed ? 'left at the close' : 'left',
    bar: { share },
  }
}

function finishInstrument(run: Run, schedule: Schedule, moments: Moments, zone: string): Instrument {
  if (run.phase === 'closed') {
    return {
      key: 'finish',
      label: 'Closed',
      value: run.closedAtMs === null ? '–' : showClock(run.closedAtMs, zone),
      note:
        run.startedAtMs === null || run.closedAtMs === null
          ? 'never started'
          : `took ${showDuration(run.closedAtMs - run.startedAtMs)}`,
    }
  }
  if (run.backingOut !== null) {
    return { key: 'finish', label: 'Finish', value: '–', note: 'backing out: the plan does not apply' }
  }
  const lateMs = schedule.finishMs - schedule.plannedFinishMs
  const spareMs = moments.window === null ? null : moments.window.endMs - schedule.finishMs
  const spare =
    spareMs === null
      ? ''
      : spareMs >= 0
        ? `, ${showDuration(roundMin(spareMs))} spare`
        : `, ${showDuration(roundMin(-spareMs))} past the window`
  return {
    key: 'finish',
    label: 'Expected finish',
    value: showClock(schedule.finishMs, zone),
    aside: run.phase === 'planned' ? undefined : showLateness(lateMs),
    note: `planned ${showClock(schedule.plannedFinishMs, zone)}${spare}`,
  }
}

function roundMin(ms: number): number {
  return ms >= 60_000 ? Math.round(ms / 60_000) * 60_000 : ms
}
