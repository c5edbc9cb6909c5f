/** What a rule is given, and what it gives. */
import type { Probes } from '../../criteria/probe.ts'
import type { Host } from '../../model/inventory.ts'
import type { Fault } from '../../text/fault.ts'
import type { Sketch } from '../sketch.ts'

/** What is known beside the text. A part that is missing is not checked (an editor may know only the text). */
export type CheckContext = {
  /** Files beside the runbook, by path as the runbook writes it. */
  readonly files?: { has(path: string): boolean }
  readonly probes?: Probes
  /** What is wrong with probe files beside the runbook that can be no probe, by path as the runbook writes it. */
  readonly probeFaults?: ReadonlyMap<string, readonly Fault[]>
  readonly hosts?: readonly Host[]
}

export type Rule = (sketch: Sketch, context: CheckContext) => Fault[]
