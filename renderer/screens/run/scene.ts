/** What every part of the cockpit is about: the run as it is folded, the moment, the choice, and how to act. */
import type { PersonCommand } from '../../../shared/model/commands.ts'
import type { Run } from '../../../shared/run/state.ts'
import type { RunWords } from '../../../shared/run/wording.ts'
import type { Chosen } from '../../parts/board/board-props.ts'

export type Act = Exclude<PersonCommand, { do: 'planRun' }>

export type RunScene = {
  readonly run: Run
  readonly words: RunWords
  readonly nowMs: number
  /** A moment that changes every few seconds: what is reckoned from it need not be reckoned each second. */
  readonly reckonedMs: number
  readonly zone: string
  readonly chosen: Chosen | null
  /** Another console drives the run: nothing can be done from here but to take it over. */
  readonly isElsewhere: boolean
  /** @returns what stood in the way; null when it is in the log */
  readonly send: (act: Act) => Promise<string | null>
}
