/** A question to people and its answers, and what the questions of all kinds are made of. */
import type { PersonCommand } from '../model/commands.ts'
import type { CellId } from '../model/events.ts'
import type { StepId, Target } from '../model/words.ts'
import { cellsOf, isQuiet } from './lookup.ts'
import type { Cell, Run } from './state.ts'

export type QuestionKind =
  | 'start'
  | 'gate'
  | 'no-go'
  | 'manual'
  | 'failure'
  | 'unknown'
  | 'backout-manual'
  | 'backout-failed'
  | 'backout-unknown'
  | 'held'
  /** It waits for what can never be there: a step or host before it was backed out. */
  | 'stuck'
  | 'close'

/** One answer: the act it leads to. `command.reason` is empty where `needsReason` asks the person for it. */
export type Option = {
  readonly key: string
  readonly command: Exclude<PersonCommand, { do: 'planRun' }>
  readonly needsReason: boolean
  /** Undoes or gives up something: confirmed by typing its scope. */
  readonly isDestructive: boolean
}

export type Question = {
  readonly id: string
  readonly kind: QuestionKind
  readonly step: StepId | null
  readonly target: Target | null
  readonly cells: readonly CellId[]
  readonly sinceMs: number
  /** Answer by, ms since 1970; null: no time is set. */
  readonly byMs: number | null
  readonly options: readonly Option[]
}

export function option(
  key: string,
  command: Option['command'],
  more: { needsReason?: boolean; isDestructive?: boolean } = {},
): Option {
  return { key, command, needsReason: more.needsReason ?? false, isDestructive: more.isDestructive ?? false }
}

/** As many cells as one command may name. */
export const MOST = 400

/** All cells that something may be asked about. */
export function openCells(run: Run): Cell[] {
  return run.order.flatMap((id) => (isQuiet(run, id) ? [] : cellsOf(run, id)))
}

export function ids(cell: Cell): CellId {
  return { step: cell.step, target: cell.target }
}
