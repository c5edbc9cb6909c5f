/** Probes: known, given what they need, and judged by criteria that can be used. */
import { fits } from '../../criteria/parse-probe.ts'
import type { ProbeDefinition, Probes } from '../../criteria/probe.ts'
import { compileCriteria } from '../../criteria/verdict.ts'
import type { Check } from '../../model/runbook.ts'
import { type Fault, fault } from '../../text/fault.ts'
import { checksOf, isProbeFile } from '../references.ts'
import { placeInText, type Sketch, type StepSketch } from '../sketch.ts'
import type { CheckContext } from './rule.ts'

export function probeFaults(sketch: Sketch, context: CheckContext): Fault[] {
  const { probes, probeFaults: ofFiles = new Map() } = context
  if (probes === undefined) return []
  return sketch.steps.flatMap((one) =>
    one.step === null
      ? []
      : checksOf(one.step).flatMap(({ path, check }) => checkFaults(one, path, check, probes, ofFiles)),
  )
}

function checkFaults(
  one: StepSketch,
  path: readonly string[],
  check: Check,
  probes: Probes,
  ofFiles: ReadonlyMap<string, readonly Fault[]>,
): Fault[] {
  if (one.broken.has(path[0] ?? 'probe')) return []
  const definition = probes.get(check.probe)
  if (definition === undefined) {
    const place = one.at(...path, 'probe')
    const inFile = (ofFiles.get(check.probe) ?? []).filter(({ severity }) => severity === 'fault')
    if (inFile.length > 0) {
      return inFile.map(({ line, column, message, fix }) =>
        fault('probe-file', place, `${check.probe}:${line}:${column}: ${message}`, fix),
      )
    }
    const built = [...probes.keys()].filter((name) => !isProbeFile(name)).toSorted()
    const fix = isProbeFile(check.probe)
      ? `Put it beside the runbook, or use one of: ${built.join(', ')}.`
      : `There are: ${built.join(', ')}.`
    return [fault('unknown-probe', place, `There is no probe "${check.probe}".`, fix)]
  }
  return [...parameterFaults(one, path, check, definition), ...criterionFaults(one, path, check, definition)]
}

function parameterFaults(one: StepSketch, path: readonly string[], check: Check, definition: ProbeDefinition): Fault[] {
  if (path.length === 0 && one.broken.has('with')) return []
  const faults: Fault[] = []
  const known = definition.with ?? {}
  for (const [name, value] of Object.entries(check.with ?? {})) {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined
    const at = one.at(...path, 'with', name)
    if (parameter === undefined) {
      const names = Object.keys(known).join(', ')
      faults.push(
        fault(
          'unknown-parameter',
          one.keyAt(...path, 'with', name),
          `${definition.id} has no parameter "${name}".`,
          names === '' ? 'It has none.' : `It has: ${names}.`,
        ),
      )
    } else if (!fits(parameter.type, value) && !(typeof value === 'string' && value.includes('${'))) {
      faults.push(
        fault('wrong-type', at, `"${name}" of ${definition.id} must be a ${parameter.type}.`, 'Correct the value.'),
      )
    }
  }
  for (const [name, parameter] of Object.entries(known)) {
    if (parameter.default !== undefined || check.with?.[name] !== undefined) continue
    const at = path.length === 0 ? one.keyAt('probe') : one.keyAt(...path)
    faults.push(
      fault(
        'missing-parameter',
        at,
        `${definition.id} needs "${name}" (${parameter.description}).`,
        `Add with: { ${name}: … }.`,
      ),
    )
  }
  return faults
}

function criterionFaults(one: StepSketch, path: readonly string[], check: Check, definition: ProbeDefinition): Fault[] {
  return compileCriteria(check.require, definition).problems.map(({ part, problem }) => {
    const node = one.node(...path, 'require', part)
    const at = placeInText(node, problem.offset, one.at(...path, 'require', part))
    return fault('criterion', at, `The criterion cannot be used: ${problem.problem}.`, problem.fix)
  })
}
