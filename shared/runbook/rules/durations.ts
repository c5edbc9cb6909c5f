/** Every step but a milestone says how long it takes: what is late, and whether backing out still fits, follow from it. */
import { parseDuration } from '../../text/duration.ts'
import { type Fault, fault, warning } from '../../text/fault.ts'
import type { Sketch, StepSketch } from '../sketch.ts'

export function durationFaults(sketch: Sketch): Fault[] {
  return sketch.steps.flatMap((one) => [...missing(one), ...impossible(one), ...cutShort(one)])
}

function missing(one: StepSketch): Fault[] {
  if (one.step === null || one.step.kind === 'milestone' || one.has('duration')) return []
  return [
    fault(
      'no-duration',
      one.tree.at,
      `"${one.id ?? one.index + 1}" does not say how long it takes.`,
      'Add duration: { expected: 10m }.',
    ),
  ]
}

const DURATIONS: readonly (readonly string[])[] = [
  ['duration', 'expected'],
  ['duration', 'timeout'],
  ['duration', 'silent'],
  ['timebox'],
  ['retry', 'after'],
  ['diagnostics', 'timeout'],
  ['backout', 'duration'],
  ['backout', 'timeout'],
]

/** The form is right (the schema saw to that) but the length is not. */
function impossible(one: StepSketch): Fault[] {
  return DURATIONS.flatMap((path) => {
    const node = one.node(...path)
    const isLong =
      node?.kind === 'scalar' &&
      typeof node.value === 'string' &&
      /^[0-9dhms]+$/.test(node.value) &&
      parseDuration(node.value) === null
    return isLong && !one.broken.has(path[0] ?? '')
      ? [
          fault(
            'bad-value',
            node.at,
            `${node.value.slice(0, 40)} is longer than 1000 days.`,
            'Write a duration such as 1h30m.',
          ),
        ]
      : []
  })
}

function cutShort(one: StepSketch): Fault[] {
  const faults: Fault[] = []
  const length = (text: string | undefined) => (text === undefined ? null : parseDuration(text))
  const compare = (expected: number | null, timeout: number | null, ...path: string[]) => {
    if (expected === null || timeout === null || timeout >= expected) return
    faults.push(
      warning(
        'timeout-too-short',
        one.at(...path),
        'The timeout is shorter than the expected duration.',
        'Raise the timeout.',
      ),
    )
  }
  compare(length(one.step?.duration?.expected), length(one.step?.duration?.timeout), 'duration', 'timeout')
  const backout = one.step !== null && 'backout' in one.step ? one.step.backout : undefined
  if (backout !== undefined && !('none' in backout)) {
    compare(length(backout.duration), length(backout.timeout), 'backout', 'timeout')
  }
  return faults
}
