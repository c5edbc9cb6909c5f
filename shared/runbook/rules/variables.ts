/** Variables: declared, of the type they say, quoted where a number would change them, and secrets kept apart. */
import type { Variable } from '../../model/runbook.ts'
import { fits } from '../../criteria/parse-probe.ts'
import { type Fault, fault, warning } from '../../text/fault.ts'
import { nodeAt, type Tree } from '../../text/tree.ts'
import { backoutOf, checksOf, referencesIn } from '../references.ts'
import { placeInText, type Sketch, type StepSketch } from '../sketch.ts'

export function variableFaults(sketch: Sketch): Fault[] {
  const used = new Set<string>()
  const faults = [...declarationFaults(sketch), ...sketch.steps.flatMap((one) => useFaults(sketch, one, used))]
  for (const one of sketch.steps) {
    for (const match of one.step?.when?.matchAll(/vars(?:\.|\[")([A-Za-z_][A-Za-z0-9_]*)/g) ?? [])
      used.add(match[1] ?? '')
  }
  for (const name of sketch.variables.keys()) {
    if (used.has(name) || sketch.steps.some((one) => one.step === null || one.broken.size > 0)) continue
    faults.push(
      warning(
        'unused-variable',
        sketch.keyAt('variables', name),
        `The variable "${name}" is not used.`,
        'Remove it, or use it.',
      ),
    )
  }
  return faults
}

function declarationFaults(sketch: Sketch): Fault[] {
  const faults: Fault[] = []
  for (const [name, variable] of sketch.variables) {
    if (variable?.default === undefined) continue
    const at = sketch.at('variables', name, 'default')
    const written = nodeAt(sketch.tree, ['variables', name, 'default'])
    if (variable.type === 'secret') {
      faults.push(
        fault('secret-default', at, `The secret "${name}" is written down.`, 'Remove the default: it is asked for.'),
      )
    } else if (variable.type === 'string' && typeof variable.default === 'number') {
      faults.push(unquoted(at, written, String(variable.default)))
    } else if (!fits(variable.type, variable.default)) {
      faults.push(
        fault(
          'wrong-type',
          at,
          `The default of "${name}" is not a ${variable.type}.`,
          'Correct the default or the type.',
        ),
      )
    }
  }
  return faults
}

function unquoted(
  at: Fault | { line: number; column: number; offset: number },
  written: Tree | undefined,
  becomes: string,
): Fault {
  const source = written?.kind === 'scalar' ? written.source : becomes
  const place = { line: at.line, column: at.column, offset: 0 }
  const what =
    source === becomes ? `${source} is a number here, not text.` : `${source} is a number here: it becomes ${becomes}.`
  return fault('unquoted-version', place, what, `Put it in quotes: "${source}".`)
}

const ENVIRONMENTS: readonly (readonly string[])[] = [[], ['check'], ['verify'], ['backout'], ['backout', 'check']]

function useFaults(sketch: Sketch, one: StepSketch, used: Set<string>): Fault[] {
  if (one.step === null) return []
  const step = one.step
  const probePaths = new Set(checksOf(step).map(({ path }) => path.join('.')))
  return ENVIRONMENTS.flatMap((path) => {
    if (path.length > 0 && one.broken.has(path[0] ?? '')) return []
    const isScript =
      (path.length === 0 && step.kind === 'script') ||
      (path.length === 1 && path[0] === 'backout' && backoutOf(step) !== null)
    if (!isScript && !probePaths.has(path.join('.'))) return []
    return [...withFaults(sketch, one, [...path, 'with'], isScript, used), ...secretFaults(sketch, one, path, used)]
  })
}

function withFaults(
  sketch: Sketch,
  one: StepSketch,
  path: readonly string[],
  isScript: boolean,
  used: Set<string>,
): Fault[] {
  const node = one.node(...path)
  if (node?.kind !== 'map' || one.broken.has(path[0] ?? '')) return []
  const faults: Fault[] = []
  for (const entry of node.entries) {
    const value = entry.tree
    if (value.kind !== 'scalar') continue
    if (typeof value.value === 'number' && isScript) {
      const isChanged = value.source !== String(value.value)
      const isVersion = /version|release/i.test(entry.key) && !Number.isInteger(value.value)
      if (isChanged || isVersion) faults.push(unquoted(value.at, value, String(value.value)))
    }
    if (typeof value.value !== 'string') continue
    for (const { name, offset } of referencesIn(value.value)) {
      used.add(name)
      const at = placeInText(value, offset, value.at)
      const known = variableFault(sketch.variables, name, at)
      if (known !== null) faults.push(known)
    }
    const broken = value.value
      .replace(/\$\{[A-Za-z_][A-Za-z0-9_]*\}/g, (whole) => ' '.repeat(whole.length))
      .indexOf('${')
    if (broken >= 0) {
      faults.push(
        fault(
          'bad-reference',
          placeInText(value, broken, value.at),
          'A ${ that is not the name of a variable.',
          'Write ${name}.',
        ),
      )
    }
  }
  return faults
}

function variableFault(
  variables: ReadonlyMap<string, Variable | null>,
  name: string,
  at: { line: number; column: number; offset: number },
): Fault | null {
  if (!variables.has(name)) {
    const names = [...variables.keys()].slice(0, 20).join(', ')
    return fault(
      'unknown-variable',
      at,
      `There is no variable "${name}".`,
      names === '' ? 'Declare it under variables:.' : `Declared are: ${names}.`,
    )
  }
  if (variables.get(name)?.type === 'secret') {
    return fault(
      'secret-in-with',
      at,
      `"${name}" is a secret: here it would be written down.`,
      `Write secrets: { NAME: ${name} }.`,
    )
  }
  return null
}

function secretFaults(sketch: Sketch, one: StepSketch, path: readonly string[], used: Set<string>): Fault[] {
  const node = one.node(...path, 'secrets')
  if (node?.kind !== 'map' || one.broken.has(path[0] ?? 'secrets')) return []
  const faults: Fault[] = []
  const environment = one.node(...path, 'with')
  for (const entry of node.entries) {
    if (entry.tree.kind !== 'scalar') continue
    const name = String(entry.tree.value)
    used.add(name)
    if (!sketch.variables.has(name)) {
      faults.push(
        fault('unknown-variable', entry.tree.at, `There is no variable "${name}".`, 'Declare it: { type: secret }.'),
      )
    } else if ((sketch.variables.get(name)?.type ?? 'secret') !== 'secret') {
      faults.push(
        fault(
          'not-a-secret',
          entry.tree.at,
          `The variable "${name}" is not a secret.`,
          'Give it type: secret, or pass it in with.',
        ),
      )
    }
    if (environment?.kind === 'map' && environment.entries.some((other) => other.key === entry.key)) {
      faults.push(fault('given-twice', entry.keyAt, `${entry.key} is given in with as well.`, 'Keep one of the two.'))
    }
  }
  return faults
}
