/** Backouts: what changes something says how it is undone, up to the point of no return and not beyond. */
import { type Fault, fault, warning } from '../../text/fault.ts'
import { backoutOf } from '../references.ts'
import type { Sketch, StepSketch } from '../sketch.ts'

export function backoutFaults(sketch: Sketch): Fault[] {
  const points = sketch.steps.filter((one) => one.step?.pointOfNoReturn === true && one.id !== null)
  return sketch.steps.flatMap((one) => {
    if (one.step === null) return []
    const point = points.find((other) => other === one || sketch.reach.needs(one.id ?? '', other.id ?? ''))
    return point === undefined ? beforeFaults(one) : afterFaults(one, point)
  })
}

function beforeFaults(one: StepSketch): Fault[] {
  const { step } = one
  if (step === null || one.broken.has('backout')) return []
  const name = one.id ?? one.index + 1
  if (step.kind === 'script' && !one.has('backout')) {
    return [
      fault(
        'no-backout',
        one.tree.at,
        `Nothing says how "${name}" is undone.`,
        'Add backout: { file: …, duration: … }, or backout: { none: why }.',
      ),
    ]
  }
  if (step.kind === 'manual' && !one.has('backout')) {
    return [
      warning(
        'manual-no-backout',
        one.tree.at,
        `Nothing says how "${name}" is undone.`,
        'Add backout: { instructions: …, duration: … }, or backout: { none: why }.',
      ),
    ]
  }
  const backout = backoutOf(step)
  if (step.kind === 'manual' && backout !== null && (backout.file !== undefined || backout.run !== undefined)) {
    if (!one.has('on')) {
      return [
        fault(
          'backout-nowhere',
          one.keyAt('backout'),
          'A script undoes this step, but it acts on no host.',
          'Add on:, or write instructions instead.',
        ),
      ]
    }
  }
  return []
}

function afterFaults(one: StepSketch, point: StepSketch): Fault[] {
  const { step } = one
  if (step === null) return []
  const faults: Fault[] = []
  const where = point === one ? 'is the point of no return' : `comes after the point of no return ("${point.id}")`
  if (backoutOf(step) !== null || (one.broken.has('backout') && one.has('backout'))) {
    faults.push(
      fault(
        'backout-after-no-return',
        one.keyAt('backout'),
        `"${one.id}" ${where}: its backout can never be used.`,
        'Remove it, and plan how to fix forward (contingency).',
      ),
    )
  }
  if (step.onFailure === 'backout') {
    faults.push(
      fault(
        'backout-after-no-return',
        one.at('onFailure'),
        `"${one.id}" ${where}: it cannot be backed out when it fails.`,
        'Write ask, hold or continue.',
      ),
    )
  }
  return faults
}
