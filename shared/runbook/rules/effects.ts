/** What is written down and would do nothing there: nobody is to rely on it. */
import { type Fault, fault, warning } from '../../text/fault.ts'
import { backoutOf } from '../references.ts'
import type { Sketch, StepSketch } from '../sketch.ts'

export function effectFaults(sketch: Sketch): Fault[] {
  return sketch.steps.flatMap((one) => [...failureFaults(one), ...limitFaults(one), ...backoutByHandFaults(one)])
}

/** A no-go and a milestone start nothing by a rule. `ask` says what happens in any case. */
function failureFaults(one: StepSketch): Fault[] {
  const { step } = one
  if (step === null || step.onFailure === undefined || step.onFailure === 'ask') return []
  const at = one.keyAt('onFailure')
  if (step.kind === 'gate') {
    return [
      fault(
        'no-effect',
        at,
        `A no-go is no failure: onFailure: ${step.onFailure} would do nothing at a hold point.`,
        'Remove it: after a no-go a person is asked whether to back out, end the run, or decide again.',
      ),
    ]
  }
  // With a condition a milestone can be unknown, and a person may settle that as failed.
  if (step.kind === 'milestone' && step.when === undefined) {
    return [fault('no-effect', at, 'A milestone never fails: onFailure would do nothing.', 'Remove it.')]
  }
  return []
}

/** Only what runs on a host is ended or watched. */
function limitFaults(one: StepSketch): Fault[] {
  const { step } = one
  if (step === null || step.kind === 'script' || step.kind === 'probe') return []
  return (['timeout', 'silent'] as const)
    .filter((key) => step.duration?.[key] !== undefined)
    .map((key) =>
      warning(
        'no-effect',
        one.keyAt('duration', key),
        `Nothing runs on a host in a ${step.kind} step: ${key} does nothing here.`,
        'Remove it; latestStart says by when it has to begin.',
      ),
    )
}

const OF_A_SCRIPT = ['with', 'secrets', 'success', 'timeout'] as const

/** A person says how undoing went: nothing runs then, no check either. */
function backoutByHandFaults(one: StepSketch): Fault[] {
  const backout = one.step === null || one.broken.has('backout') ? null : backoutOf(one.step)
  if (backout === null || backout.file !== undefined || backout.run !== undefined) return []
  if (backout.instructions === undefined) return []
  const idle = OF_A_SCRIPT.filter((key) => backout[key] !== undefined).map((key) =>
    warning(
      'no-effect',
      one.keyAt('backout', key),
      `A person undoes this step: ${key} does nothing here.`,
      'Remove it, or give file or run.',
    ),
  )
  if (backout.check === undefined) return idle
  return [
    ...idle,
    fault(
      'no-effect',
      one.keyAt('backout', 'check'),
      'A person undoes this step and says how it went: this check would never run.',
      'Ask for it in the instructions, or give file or run.',
    ),
  ]
}
