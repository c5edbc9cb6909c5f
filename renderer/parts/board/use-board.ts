/** What a person has done to a board (folds, span of time) joined with the state it shows. */
import { useMemo, useState } from 'react'
import type { Schedule } from '../../../shared/run/schedule.ts'
import type { Run } from '../../../shared/run/state.ts'
import type { RunWords } from '../../../shared/run/wording.ts'
import type { Moments } from '../instruments.ts'
import { type Axis, type Span, spanOf, timeAxis } from './axis.ts'
import type { BoardProps } from './board-props.ts'
import { boardRows, hostsOf } from './rows.ts'

/** Up to so many steps, none is folded away by itself. */
const SHOWN_UNFOLDED = 30

type BoardState = Pick<
  BoardProps,
  | 'rows'
  | 'hosts'
  | 'axis'
  | 'lines'
  | 'onFold'
  | 'steps'
  | 'isFolded'
  | 'onFolded'
  | 'span'
  | 'hasWindow'
  | 'onSpan'
  | 'isLive'
>

export function useBoard(options: {
  readonly run: Run
  readonly words: RunWords
  readonly schedule: Schedule
  readonly moments: Moments
  readonly nowMs: number
  readonly zone: string
  readonly chosen: string | null
  readonly isLive: boolean
}): BoardState {
  const { run, words, schedule, moments, nowMs, zone, chosen } = options
  const [folds, setFolds] = useState<boolean | null>(null)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [asked, setSpan] = useState<Span | null>(null)
  const isFolded = folds ?? run.order.length > SHOWN_UNFOLDED
  const hosts = useMemo(() => hostsOf(run), [run])
  const rows = useMemo(
    () => boardRows({ run, words, schedule, nowMs, isFolded, opened, chosen }),
    [run, words, schedule, nowMs, isFolded, opened, chosen],
  )
  // A practice run takes minutes of a window of hours: there the run itself is the measure.
  const isShort = run.mode !== 'live' || run.isPractice
  const span = asked ?? (moments.window === null || isShort ? 'run' : 'window')
  const axis: Axis = useMemo(() => {
    const startMs = run.startedAtMs ?? schedule.startMs
    const { startMs: from, endMs: to } = spanOf(span, {
      window: moments.window,
      startMs,
      finishMs:
        run.closedAtMs ?? Math.max(schedule.finishMs, schedule.plannedFinishMs, run.phase === 'planned' ? 0 : nowMs),
      nowMs,
    })
    return timeAxis(from, to, zone)
  }, [run, schedule, moments, nowMs, zone, span])
  return {
    rows,
    hosts,
    axis,
    lines: {
      nowMs: options.isLive && run.phase === 'closed' ? null : nowMs,
      noReturnMs: moments.noReturn?.atMs ?? null,
      backOutByMs: moments.backOutBy?.atMs ?? null,
      window: moments.window,
    },
    steps: run.order.length,
    isFolded,
    onFolded: setFolds,
    onFold: (id) => setOpened((was) => new Set(was.has(id) ? [...was].filter((one) => one !== id) : [...was, id])),
    span,
    hasWindow: moments.window !== null,
    onSpan: setSpan,
    isLive: options.isLive && run.phase === 'running',
  }
}
