/** The static check: all that can be said about a runbook before it runs, in one pass, in reading order. */
import type { Runbook } from '../model/runbook.ts'
import { type Fault, hasFault, inOrder } from '../text/fault.ts'
import { parseWithTree } from './parse.ts'
import { backoutFaults } from './rules/backouts.ts'
import { conditionFaults } from './rules/conditions.ts'
import { durationFaults } from './rules/durations.ts'
import { effectFaults } from './rules/effects.ts'
import { orderFaults } from './rules/order.ts'
import { ownershipFaults } from './rules/ownership.ts'
import { probeFaults } from './rules/probes.ts'
import type { CheckContext, Rule } from './rules/rule.ts'
import { scriptFaults } from './rules/scripts.ts'
import { targetFaults } from './rules/targets.ts'
import { timeFaults } from './rules/times.ts'
import { variableFaults } from './rules/variables.ts'
import { sketchOf } from './sketch.ts'
import { runbookVersion } from './version.ts'

export type { CheckContext }

const RULES: readonly Rule[] = [
  orderFaults,
  ownershipFaults,
  durationFaults,
  timeFaults,
  scriptFaults,
  variableFaults,
  probeFaults,
  targetFaults,
  backoutFaults,
  effectFaults,
  conditionFaults,
]

export type Checked = {
  /** null where the text has another shape than a runbook; a document may still have faults. */
  readonly document: Runbook | null
  /** In reading order. The runbook is clean when none is of severity `fault`. */
  readonly faults: readonly Fault[]
  /** SHA-256 of the document's canonical form; null without a document. */
  readonly version: string | null
  readonly isClean: boolean
}

/** Never throws, whatever the text. What the context leaves out is not checked. */
export function checkRunbook(text: string, context: CheckContext = {}): Checked {
  const { document, tree, faults } = parseWithTree(text)
  const found = tree === null ? [] : meaningFaults(sketchOf(tree), context)
  const all = inOrder([...faults, ...found])
  return {
    document,
    faults: all,
    version: document === null ? null : runbookVersion(document),
    isClean: document !== null && !hasFault(all),
  }
}

function meaningFaults(sketch: ReturnType<typeof sketchOf>, context: CheckContext): Fault[] {
  return RULES.flatMap((rule) => rule(sketch, context))
}
