/** Hosts and waves: each selector means someone, and the waves grow until they hold all. */
import { type Fault, fault } from '../../text/fault.ts'
import { selectHosts, sizeOfWave } from '../select.ts'
import type { Sketch, StepSketch } from '../sketch.ts'
import type { CheckContext } from './rule.ts'

export function targetFaults(sketch: Sketch, context: CheckContext): Fault[] {
  return sketch.steps.flatMap((one) => [...selectorFaults(one, context), ...waveFaults(one, context)])
}

function selectorFaults(one: StepSketch, { hosts }: CheckContext): Fault[] {
  if (
    hosts === undefined ||
    one.step === null ||
    !('on' in one.step) ||
    one.step.on === undefined ||
    one.broken.has('on')
  ) {
    return []
  }
  const { on } = one.step
  const parts = typeof on === 'string' ? [on] : on
  return parts.flatMap((part, i) => {
    if (selectHosts(part, hosts).length > 0) return []
    const at = typeof on === 'string' ? one.at('on') : one.at('on', i)
    const known = part.startsWith('tag:')
      ? [...new Set(hosts.flatMap((host) => host.tags))].map((tag) => `tag:${tag}`)
      : part.startsWith('group:')
        ? [...new Set(hosts.flatMap((host) => host.groups))].map((group) => `group:${group}`)
        : hosts.map((host) => host.name)
    const names = known.slice(0, 12).join(', ')
    return [
      fault(
        'no-host',
        at,
        `"${part}" matches no host of the inventory.`,
        names === '' ? 'Add a host to the inventory.' : `There are: ${names}.`,
      ),
    ]
  })
}

function waveFaults(one: StepSketch, { hosts }: CheckContext): Fault[] {
  const { step } = one
  if (step === null || !('waves' in step) || step.waves === undefined) return []
  const { waves } = step
  const faults: Fault[] = []
  const isWhole = (wave: number | string) => typeof wave === 'number'
  for (const [i, wave] of waves.entries()) {
    const before = waves.slice(0, i).findLast((other) => isWhole(other) === isWhole(wave))
    if (before === undefined || sizeOfWave(wave, 100) > sizeOfWave(before, 100)) continue
    faults.push(
      fault(
        'waves-not-growing',
        one.at('waves', i),
        `${wave} comes after ${before}: waves are cumulative.`,
        'Let each wave be larger than the one before.',
      ),
    )
  }
  const count = hosts === undefined || one.broken.has('on') ? null : selectHosts(step.on, hosts).length
  if (faults.length === 0 && count !== null && count > 0) {
    for (const [i, wave] of waves.entries()) {
      const before = waves[i - 1]
      if (
        before === undefined ||
        Math.min(count, sizeOfWave(wave, count)) >= Math.min(count, sizeOfWave(before, count))
      )
        continue
      faults.push(
        fault(
          'waves-not-growing',
          one.at('waves', i),
          `Of ${count} hosts ${wave} is fewer than ${before}.`,
          'Let each wave be larger than the one before.',
        ),
      )
    }
  }
  const last = waves.at(-1)
  const isShort = typeof last === 'string' ? last !== '100%' : count !== null && last !== undefined && last < count
  if (isShort) {
    faults.push(
      fault(
        'waves-incomplete',
        one.at('waves', waves.length - 1),
        `The last wave (${last}) leaves hosts out.`,
        'End with 100%.',
      ),
    )
  }
  return faults
}
