/** What seeing a run to its end stands on: shared by the pieces that answer what is asked. */
import type { RunHandle } from '../engine/run-handle.ts'
import type { Context } from '../services/context.ts'
import type { Prepared } from './answering.ts'
import type { Terminal } from './doors.ts'
import type { Progress } from './progress.ts'

export type Drive = {
  readonly context: Context
  readonly handle: RunHandle
  readonly prepared: Prepared
  /** Of the file with the answers. */
  readonly answersPath: string | null
  /** What somebody was asked and did not give: not asked again. */
  readonly declined: Set<string>
  readonly terminal: Terminal
  readonly progress: Progress
  nowMs(): number
}
