/** What goes on in a run without anybody: on hosts now, or soon by itself; and how to wait until something of it changed. */
import type { CellId } from '../../shared/model/events.ts'
import { openOnHosts } from '../../shared/run/on-hosts.ts'
import { cellsOf, dueAttempts, dueConditions, nextWakeMs } from '../../shared/run/rules.ts'
import { shownState } from '../../shared/run/shown.ts'
import type { Run } from '../../shared/run/state.ts'
import type { RunHandle } from '../engine/run-handle.ts'

export type Changes = {
  count(): number
  tell(): void
  /** Resolves when something changed since `seen`, or when the clock may have made something due. */
  after(seen: number): Promise<void>
}

export function changesOf(handle: RunHandle): Changes {
  let count = 0
  let wake: (() => void) | null = null
  return {
    count: () => count,
    tell(): void {
      count += 1
      wake?.()
    },
    async after(seen) {
      await handle.log.idle()
      if (count > seen) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wake = null
    },
  }
}

/** Something runs, or will without anybody: an attempt, a condition, a retry's delay. */
export function isUnderWay(handle: RunHandle, run: Run, nowMs: number): boolean {
  if (openOnHosts(run).length > 0) return true
  if (handle.whyNotDriven !== null) return false
  const lacking = handle.missingSecrets().length > 0
  return (
    handle.isBusy() ||
    (!lacking && dueAttempts(run, nowMs).length > 0) ||
    dueConditions(run, nowMs).length > 0 ||
    (run.held === null && nextWakeMs(run, nowMs) !== null)
  )
}

/** Cells of which nobody knows how they, or their backouts, ended. */
export function unknownCells(run: Run): CellId[] {
  return run.order.flatMap((step) =>
    cellsOf(run, step)
      .filter(({ target }) => shownState(run, step, target) === 'unknown')
      .map(({ target }) => ({ step, target })),
  )
}
