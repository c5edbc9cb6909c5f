/** What a person fills in beside the answer itself, and the act that the two make together. */
import type { CellId } from '../../../../shared/model/events.ts'
import type { Option } from '../../../../shared/run/question.ts'
import type { Act } from '../scene.ts'

export type Answer = {
  readonly reason: string
  readonly evidence: string
  /** Recorded for a colleague: who did it. */
  readonly doneBy: string
  /** When it happened, where that was earlier; RFC 3339, UTC, or empty. */
  readonly occurredAt: string
  /** The cells that the answer is about, where the question is about many. */
  readonly cells: readonly CellId[]
}

export const NO_ANSWER: Answer = { reason: '', evidence: '', doneBy: '', occurredAt: '', cells: [] }

export function commandOf(option: Option, answer: Answer): Act {
  const why = {
    ...(answer.reason.trim() === '' ? {} : { reason: answer.reason.trim() }),
    ...(answer.doneBy.trim() === '' ? {} : { doneBy: answer.doneBy.trim() }),
    ...(answer.occurredAt === '' ? {} : { occurredAt: answer.occurredAt }),
  }
  const command: Act = { ...option.command, ...why }
  switch (command.do) {
    case 'decideGate':
      return command.decision === 'conditional-go' ? { ...command, condition: answer.reason.trim() } : command
    case 'recordOutcome':
      return answer.evidence.trim() === '' ? command : { ...command, evidence: answer.evidence.trim() }
    case 'settle':
    case 'verify':
    case 'skip':
    case 'retry':
    case 'giveUpBackout':
      return { ...command, cells: command.cells.filter((cell) => isIn(answer.cells, cell)) }
    default:
      return command
  }
}

function isIn(cells: readonly CellId[], cell: CellId): boolean {
  return cells.length === 0 || cells.some((one) => one.step === cell.step && one.target === cell.target)
}
