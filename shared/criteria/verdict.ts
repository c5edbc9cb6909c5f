/** Measured values and a criterion → pass, warn, fail or unknown. Unknown is never a pass. */
import type { Verdict } from '../model/words.ts'
import { compileExpression, type Expression, type ExpressionProblem, isProblem, type ValueType } from './expression.ts'
import type { ProbeDefinition } from './probe.ts'
import type { Reading } from './reading.ts'

export type Require = { readonly fail?: string | undefined; readonly warn?: string | undefined }
export type Criteria = { readonly fail: Expression | null; readonly warn: Expression | null }
export type CriteriaProblem = { readonly part: 'fail' | 'warn'; readonly problem: ExpressionProblem }

/** @returns the criteria without the parts that cannot be used, and why those cannot */
export function compileCriteria(
  require: Require | undefined,
  definition: ProbeDefinition,
): { criteria: Criteria; problems: CriteriaProblem[] } {
  const types: Record<string, ValueType> = {}
  for (const [name, value] of Object.entries(definition.values)) types[name] = value.type
  const problems: CriteriaProblem[] = []
  const compile = (part: 'fail' | 'warn'): Expression | null => {
    const source = require?.[part]
    if (source === undefined) return null
    const compiled = compileExpression(source, types)
    if (!isProblem(compiled)) return compiled
    problems.push({ part, problem: compiled })
    return null
  }
  return { criteria: { fail: compile('fail'), warn: compile('warn') }, problems }
}

/**
 * The verdict of a reading: the step's own criteria where it gives any (both parts), else the probe's.
 * Fails before it warns; where `fail` has no value nothing is concluded; where nothing was measured neither.
 */
export function evaluate(definition: ProbeDefinition, require: Require | undefined, reading: Reading): Verdict {
  return judge(definition, require, reading).verdict
}

/** The verdict and the reason for it, for the person: `free < 20 * GiB`. */
export function judge(
  definition: ProbeDefinition,
  require: Require | undefined,
  reading: Reading,
): { verdict: Verdict; because: string } {
  if (reading.unknown !== undefined) return { verdict: 'unknown', because: reading.unknown }
  const { criteria, problems } = compileCriteria(require ?? definition.require, definition)
  if (problems.length > 0) return { verdict: 'unknown', because: 'the criterion cannot be used' }
  const missing = Object.keys(definition.values).filter((name) => reading.values[name] === null)
  if (missing.length === Object.keys(definition.values).length) {
    return { verdict: 'unknown', because: 'nothing was measured' }
  }
  const unmeasured = (expression: Expression) => {
    const names = missing.filter((name) => expression.reads.has(name))
    return names.length === 0 ? `${expression.source} has no value` : `${names.join(', ')} was not measured`
  }
  const fails = criteria.fail?.run(reading.values)
  if (fails === true) return { verdict: 'fail', because: criteria.fail?.source ?? '' }
  if (criteria.fail !== null && fails !== false) return { verdict: 'unknown', because: unmeasured(criteria.fail) }
  const warns = criteria.warn?.run(reading.values)
  if (warns === true) return { verdict: 'warn', because: criteria.warn?.source ?? '' }
  if (criteria.warn !== null && warns !== false) return { verdict: 'unknown', because: unmeasured(criteria.warn) }
  return { verdict: 'pass', because: '' }
}

const ORDER: readonly Verdict[] = ['pass', 'warn', 'fail', 'unknown']

/** The verdict of a step over its hosts: what is not known weighs most. null where there is none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict | null {
  return verdicts.toSorted((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a))[0] ?? null
}
