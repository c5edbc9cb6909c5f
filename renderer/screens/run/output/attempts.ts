/** The attempts of the chosen cell that have output to show, newest last. */
import { NO_HOST, type Purpose } from '../../../../shared/model/words.ts'
import { backoutAt, cellAt, cellsOf } from '../../../../shared/run/lookup.ts'
import type { Run } from '../../../../shared/run/state.ts'
import type { Chosen } from '../../../parts/board/board-props.ts'

export type AttemptId = {
  readonly step: string
  readonly target: string
  readonly purpose: Purpose
  readonly try: number
}

export function attemptsOf(run: Run, chosen: Chosen | null): readonly AttemptId[] {
  if (chosen === null) return []
  const cells = cellsOf(run, chosen.step)
  const target = chosen.target ?? (cells.length === 1 ? cells[0]?.target : undefined)
  const cell = target === undefined ? undefined : cellAt(run, chosen.step, target)
  if (cell === undefined || cell.target === NO_HOST) return []
  const backout = backoutAt(run, chosen.step, cell.target)
  const each = (purpose: Purpose, tries: number): AttemptId[] =>
    Array.from({ length: tries }, (_, index) => ({ step: cell.step, target: cell.target, purpose, try: index + 1 }))
  return [
    ...each('main', cell.tries),
    ...each('check', cell.checkTries),
    ...each('verify', cell.verifyTries),
    ...each('diagnostics', cell.diagnosticsTries),
    ...each('backout', backout?.tries ?? 0),
    ...each('backout-check', backout?.checkTries ?? 0),
  ]
}

export function attemptKey(attempt: AttemptId): string {
  return `${attempt.purpose}-${attempt.try}`
}

/** The one that runs now, else the last script that ran; checks only where they are what happened. */
export function mostTellingAttempt(run: Run, attempts: readonly AttemptId[]): AttemptId | null {
  const first = attempts[0]
  if (first === undefined) return null
  const cell = cellAt(run, first.step, first.target)
  const backout = backoutAt(run, first.step, first.target)
  const open = backout?.open ?? cell?.open ?? null
  if (open !== null) return attempts.find((one) => one.purpose === open.purpose && one.try === open.try) ?? null
  return (
    attempts.findLast((one) => one.purpose === 'backout') ??
    attempts.findLast((one) => one.purpose === 'main') ??
    attempts.at(-1) ??
    null
  )
}
