/** What an approval covers: the whole of what will run, by digests, and what the checks before the gate said. */
import type { StepId } from '../model/words.ts'
import { cellsOf, stepAt } from './lookup.ts'
import type { Run } from './state.ts'

/** As the plan of the run was recorded: names to SHA-256, and values. */
export type PlannedText = {
  readonly files: Readonly<Record<string, string>>
  readonly variables: Readonly<Record<string, string>>
}

/** Cells by state, and when the oldest of them came to its end: a check has an age. */
export type CheckSeen = {
  readonly step: StepId
  readonly states: Readonly<Record<string, number>>
  /** ms since 1970; null: none has ended. */
  readonly oldestMs: number | null
}

export type ApprovalScope = {
  /** Of the runbook. */
  readonly version: string
  /** SHA-256 of the canonical JSON of names and digests of all files: runbook, scripts, probes, inventory. */
  readonly files: string
  /** The same of the values of variables that are no secrets. */
  readonly variables: string
  /** The same of the hosts that each selector was frozen to. */
  readonly hosts: string
  readonly checks: readonly CheckSeen[]
}

export function approvalScope(
  run: Run,
  gate: StepId,
  planned: PlannedText,
  digest: (document: Readonly<Record<string, unknown>>) => string,
): ApprovalScope {
  return {
    version: run.runbook.version,
    files: digest(planned.files),
    variables: digest(planned.variables),
    hosts: digest(run.sets),
    checks: before(run, gate)
      .filter((step) => stepAt(run, step)?.kind === 'probe')
      .map((step) => checkSeen(run, step)),
  }
}

/** What the gate needs, and what that needs, in the order of the plan. */
function before(run: Run, gate: StepId): readonly StepId[] {
  const wanted = new Set<StepId>()
  const open = [...(stepAt(run, gate)?.needs ?? [])]
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (wanted.has(step)) continue
    wanted.add(step)
    open.push(...(stepAt(run, step)?.needs ?? []))
  }
  return run.order.filter((step) => wanted.has(step))
}

function checkSeen(run: Run, step: StepId): CheckSeen {
  const cells = cellsOf(run, step)
  const states: Record<string, number> = {}
  for (const cell of cells) states[cell.state] = (states[cell.state] ?? 0) + 1
  const ends = cells.flatMap((cell) => (cell.endedMs === null ? [] : [cell.endedMs]))
  return { step, states, oldestMs: ends.length === 0 ? null : Math.min(...ends) }
}
