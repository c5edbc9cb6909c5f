/** `when` of a step: CEL over the run's variables (`vars.version`) and the verdicts of steps it needs (`verdicts.space`). */
import type { Verdict } from '../model/words.ts'
import {
  compileExpression,
  type Expression,
  type ExpressionProblem,
  isProblem,
  type Value,
  type ValueType,
} from './expression.ts'

/** @param names typed variables, and the ids of steps whose verdict may be read */
export function compileCondition(
  source: string,
  names: { variables: Readonly<Record<string, ValueType>>; steps: readonly string[] },
): Expression | ExpressionProblem {
  const types: Record<string, ValueType> = {}
  for (const [name, type] of Object.entries(names.variables)) types[`vars.${name}`] = type
  for (const step of names.steps) types[`verdicts.${step}`] = 'string'
  return compileExpression(source, types)
}

/**
 * @param given variables with their types, and for each earlier step its verdict (over its hosts: `worstVerdict`)
 * @returns null where it has no value: a verdict it reads is missing or unknown. A step is neither run nor skipped then.
 */
export function evaluateCondition(
  source: string,
  given: { vars: Readonly<Record<string, Value>>; verdicts: Readonly<Record<string, Verdict>> },
): boolean | null {
  const variables: Record<string, ValueType> = {}
  const values: Record<string, Value> = {}
  for (const [name, value] of Object.entries(given.vars)) {
    variables[name] = typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'string'
    values[`vars.${name}`] = value
  }
  for (const [step, verdict] of Object.entries(given.verdicts)) {
    if (verdict !== 'unknown') values[`verdicts.${step}`] = verdict
  }
  const compiled = compileCondition(source, { variables, steps: Object.keys(given.verdicts) })
  if (isProblem(compiled)) return null
  const result = compiled.run(values)
  return typeof result === 'boolean' ? result : null
}
