/** What the decisions on people's acts have in common: their types, their reasons, looking at a list of cells. */
import type { PersonCommand, Refusal } from '../model/commands.ts'
import { refusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { StepId, Target } from '../model/words.ts'
import { cellName } from '../model/words.ts'
import { cellAt } from './lookup.ts'
import type { Cell, Run } from './state.ts'

export type Act = Exclude<PersonCommand, { do: 'planRun' }>
export type Of<D extends Act['do']> = Extract<Act, { do: D }>
export type Decided = readonly RunEvent[] | Refusal
type Why = {
  readonly reason?: string | undefined
  readonly occurredAt?: string | undefined
  readonly doneBy?: string | undefined
}

export function why(command: object): { reason?: string; occurredAt?: string; doneBy?: string } {
  const { reason, occurredAt, doneBy } = command as Why
  return {
    ...(reason === undefined || reason === '' ? {} : { reason }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(doneBy === undefined || doneBy === '' ? {} : { doneBy }),
  }
}

export function noSuchCell(step: StepId, target: Target): Refusal {
  return refusal('no-such-cell', `${cellName(step, target)} is not part of this run.`)
}

/** Looks at each cell of a list; the first that does not fit refuses the whole. */
export function refuseFirst(
  run: Run,
  cells: readonly { step: StepId; target: Target }[],
  refuse: (cell: Cell) => Refusal | null,
): Refusal | null {
  for (const { step, target } of cells) {
    const cell = cellAt(run, step, target)
    if (cell === undefined) return noSuchCell(step, target)
    const refused = refuse(cell)
    if (refused !== null) return refused
  }
  return null
}
