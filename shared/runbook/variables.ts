/** Variables of a run: which are asked for, what they are worth, and the environment a script is given. */
import { parameterName, type ProbeDefinition } from '../criteria/probe.ts'
import type { Value, ValueType } from '../criteria/expression.ts'
import { type Refusal, refusal } from '../model/commands.ts'
import type { Runbook } from '../model/runbook.ts'
import { fillIn } from './references.ts'

type Scalars = Readonly<Record<string, string | number | boolean>> | undefined

/** Names of secret variables: asked for, or from the keychain; never stored. */
export function secretNames(document: Runbook): string[] {
  return Object.entries(document.variables ?? {}).flatMap(([name, variable]) =>
    variable.type === 'secret' ? [name] : [],
  )
}

/** Names of other variables that have no default: a run must give them. */
export function requiredNames(document: Runbook): string[] {
  return Object.entries(document.variables ?? {}).flatMap(([name, variable]) =>
    variable.type !== 'secret' && variable.default === undefined ? [name] : [],
  )
}

/**
 * The values of a run as text, defaults filled in, secrets left out.
 * @returns or a refusal: `unknown-variable`, `variable-missing`, `variable-type`
 */
export function resolveVariables(
  document: Runbook,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | Refusal {
  const declared = document.variables ?? {}
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name)) return refusal('unknown-variable', `The runbook has no variable "${name}".`)
    if (declared[name]?.type === 'secret') return refusal('variable-type', `"${name}" is a secret: give it as one.`)
  }
  const values: Record<string, string> = {}
  for (const [name, variable] of Object.entries(declared)) {
    if (variable.type === 'secret') continue
    const value = given[name] ?? (variable.default === undefined ? undefined : String(variable.default))
    if (value === undefined) return refusal('variable-missing', `The variable "${name}" needs a value.`)
    if (typedValue(variable.type, value) === null) {
      return refusal('variable-type', `"${value}" is not a ${variable.type}, as the variable "${name}" must be.`)
    }
    values[name] = value
  }
  return values
}

function typedValue(type: 'string' | 'integer' | 'number' | 'boolean', text: string): Value | null {
  switch (type) {
    case 'string':
      return text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null
    case 'integer':
    case 'number': {
      const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
      return Number.isFinite(value) && (type === 'number' || Number.isSafeInteger(value)) ? value : null
    }
  }
}

/** Variables with their types, as a condition reads them. */
export function typedVariables(document: Runbook, values: Readonly<Record<string, string>>): Record<string, Value> {
  const typed: Record<string, Value> = {}
  for (const [name, variable] of Object.entries(document.variables ?? {})) {
    const text = values[name]
    if (variable.type === 'secret' || text === undefined) continue
    const value = typedValue(variable.type, text)
    if (value !== null) typed[name] = value
  }
  return typed
}

/** The type a condition sees. */
export function typeSeen(type: 'string' | 'integer' | 'number' | 'boolean'): ValueType {
  return type === 'integer' ? 'number' : type
}

/** `with` of a script → its environment, `${name}` filled in. Never spliced into code. */
export function scriptEnvironment(given: Scalars, values: Readonly<Record<string, string>>): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(given ?? {})) environment[name] = fillIn(String(value), values)
  return environment
}

/** `with` of a probe, its defaults filled in → the HP_… environment of its script. */
export function probeEnvironment(
  definition: ProbeDefinition,
  given: Scalars,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, parameter] of Object.entries(definition.with ?? {})) {
    const value = given?.[name] ?? parameter.default
    if (value !== undefined) environment[parameterName(name)] = fillIn(String(value), values)
  }
  return environment
}
