/** Probe file text → definition, with every fault found in one pass. */
import { type Fault, fault, hasFault, inOrder } from '../text/fault.ts'
import { schemaFaults, wordsOf } from '../text/schema-faults.ts'
import { keyPlaceAt, placeAt, valueOf } from '../text/tree.ts'
import { readYaml } from '../text/yaml.ts'
import { isReservedName } from './vocabulary.ts'
import { type ProbeDefinition, ProbeFile } from './probe.ts'
import { compileCriteria } from './verdict.ts'

const WORDS = wordsOf(ProbeFile)

/** @returns the definition, or null with at least one fault */
export function parseProbe(source: string): { definition: ProbeDefinition | null; faults: Fault[] } {
  const { tree, faults } = readYaml(source)
  if (tree === null) return { definition: null, faults }
  const parsed = ProbeFile.safeParse(valueOf(tree))
  if (!parsed.success)
    return { definition: null, faults: inOrder([...faults, ...schemaFaults(parsed.error.issues, tree, WORDS)]) }
  const definition = parsed.data
  const found: Fault[] = [...faults]
  for (const name of Object.keys(definition.values)) {
    if (!isReservedName(name)) continue
    const at = keyPlaceAt(tree, ['values', name])
    found.push(fault('reserved-name', at, `"${name}" means something in criteria already.`, 'Choose another name.'))
  }
  for (const [name, parameter] of Object.entries(definition.with ?? {})) {
    if (parameter.default === undefined || fits(parameter.type, parameter.default)) continue
    const at = placeAt(tree, ['with', name, 'default'])
    found.push(
      fault('wrong-type', at, `The default of "${name}" is not a ${parameter.type}.`, 'Correct one of the two.'),
    )
  }
  for (const { part, problem } of compileCriteria(definition.require, definition).problems) {
    const at = placeAt(tree, ['require', part])
    found.push(fault('criterion', at, `The criterion cannot be used: ${problem.problem}.`, problem.fix))
  }
  return { definition: hasFault(found) ? null : definition, faults: inOrder(found) }
}

/** Whether a written value can be that parameter. */
export function fits(type: 'string' | 'integer' | 'number' | 'boolean', value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
  }
}
