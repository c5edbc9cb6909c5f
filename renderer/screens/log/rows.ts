/** The rows of the table, whichever way they come: the whole log by numbers, or what was looked for. */
import { useCallback, useMemo } from 'react'
import type { Recorded } from '../../../shared/model/events.ts'
import { type Show, useSought } from './use-sought.ts'
import { entryOf, useWholeLog, want } from './whole-log.ts'

export type Rows = {
  readonly count: number
  /** null: not read yet. */
  at(row: number): Recorded | null
  seqAt(row: number): number | null
  rowOf(seq: number): number | null
  /** Row numbers that are looked at, both included. */
  need(first: number, last: number): void
  /** Whether `count` is all there are. */
  readonly isEnd: boolean
  /** Nothing is known yet of what is now asked for. */
  readonly isLooking: boolean
  readonly problem: string | null
}

export function useRows(show: Show, find: string): Rows {
  const log = useWholeLog()
  const isWhole = show === 'all' && find.trim() === ''
  const sought = useSought(show, find.trim(), log.top, !isWhole)
  const { top } = log
  const needWhole = useCallback((first: number, last: number) => want(top - 1 - last, top - 1 - first), [top])
  const { entries, more } = sought
  const needSought = useCallback(
    (_first: number, last: number) => {
      if (last >= entries.length - 40) more()
    },
    // oxlint-disable-next-line react/exhaustive-deps
    [entries],
  )
  return useMemo((): Rows => {
    if (isWhole)
      return {
        count: top,
        at: (row) => entryOf(log, top - 1 - row),
        seqAt: (row) => (row >= 0 && row < top ? top - 1 - row : null),
        rowOf: (seq) => (seq >= 0 && seq < top ? top - 1 - seq : null),
        need: needWhole,
        isEnd: true,
        isLooking: false,
        problem: log.problem,
      }
    return {
      count: entries.length,
      at: (row) => entries[row] ?? null,
      seqAt: (row) => entries[row]?.ref.seq ?? null,
      rowOf: (seq) => {
        const row = entries.findIndex((entry) => entry.ref.seq === seq)
        return row < 0 ? null : row
      },
      need: needSought,
      isEnd: sought.next === null,
      isLooking: sought.isLooking,
      problem: sought.problem,
    }
  }, [isWhole, top, log, entries, needWhole, needSought, sought.next, sought.isLooking, sought.problem])
}
