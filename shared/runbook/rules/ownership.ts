/** Someone answers for each step: the step names an owner, or its workstream has one. */
import { type Fault, fault } from '../../text/fault.ts'
import type { Sketch } from '../sketch.ts'

export function ownershipFaults(sketch: Sketch): Fault[] {
  const faults: Fault[] = []
  for (const one of sketch.steps) {
    const stream = one.step?.workstream
    if (stream !== undefined && !sketch.workstreams.has(stream)) {
      faults.push(
        fault(
          'unknown-workstream',
          one.at('workstream'),
          `There is no workstream "${stream}".`,
          'Declare it under workstreams:, with its owner.',
        ),
      )
      continue
    }
    // Without workstreams the owner of the runbook answers for all of it.
    if (one.step === null || one.has('owner') || one.has('workstream') || sketch.workstreams.size === 0) continue
    faults.push(
      fault(
        'no-owner',
        one.tree.at,
        `Nobody answers for "${one.id ?? one.index + 1}".`,
        'Give it an owner, or a workstream that has one.',
      ),
    )
  }
  return faults
}
