/**
 * CEL expressions over typed values: compiled and type-checked before anything runs, evaluated without surprises.
 * Every number is a double (so 1 / 10 is 0.1), division by zero is an error and not infinity, `matches` is linear-time
 * (RE2), and only what a criterion needs is there: a stranger's expression can neither hang nor grow.
 */
import { type ASTNode, Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'
import { refusalOf } from './admit.ts'
import { rewrite } from './rewrite.ts'
import { CONSTANTS, compilePattern, type ExpressionProblem, flat, type Value, type ValueType } from './vocabulary.ts'

/** `run` gives null where the expression has no value: something it needs was not measured, or an error. */
export type Expression = {
  readonly source: string
  /** Every name it reads; for `verdicts.space` both `verdicts` and `verdicts.space`. */
  readonly reads: ReadonlySet<string>
  run(values: Readonly<Record<string, unknown>>): Value | null
}

export type { ExpressionProblem, Value, ValueType }

export function isProblem(value: Expression | ExpressionProblem): value is ExpressionProblem {
  return 'problem' in value
}

const LONGEST_EXPRESSION = 2000
const LONGEST_SUBJECT = 4096

const BASE = base()

function base(): Environment {
  const environment = new Environment({
    limits: { maxAstNodes: 400, maxDepth: 24, maxListElements: 64, maxMapEntries: 1, maxCallArguments: 4 },
  })
  for (const [name, value] of Object.entries(CONSTANTS)) environment.registerConstant(name, 'double', value)
  environment.registerOperator('double % double: double', (a: number, b: number) => finite(a % b))
  environment.registerFunction('quotient(double, double): double', (a: number, b: number) => finite(a / b))
  environment.registerFunction('linear_matches(string, string): bool', (subject: string, pattern: string) => {
    if (subject.length > LONGEST_SUBJECT) throw new RangeError('too long a text to match')
    return compilePattern(pattern).test(subject)
  })
  return environment
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError('not a finite number')
  return value
}

/**
 * @param types what can be read: `{ free: 'number' }`
 * @param wanted the type the expression must have
 */
export function compileExpression(
  source: string,
  types: Readonly<Record<string, ValueType>>,
  wanted: ValueType = 'boolean',
): Expression | ExpressionProblem {
  if (source.length > LONGEST_EXPRESSION) {
    return { problem: `longer than ${LONGEST_EXPRESSION} characters`, fix: 'Make it shorter.', offset: 0 }
  }
  try {
    const ast = BASE_PARSER.parse(source).ast
    const reads = new Set<string>()
    const refused = refusalOf(ast, types, reads, 0)
    if (refused !== null) return refused
    const environment = BASE.clone(REWRITTEN)
    for (const [name, type] of Object.entries(types)) environment.registerVariable(flat(name), CEL_TYPES[type])
    const parsed = environment.parse(rewrite(ast))
    const checked = parsed.check()
    if (!checked.valid) return problemOf(checked.error, ast, types)
    if (checked.type !== CEL_TYPES[wanted]) {
      return {
        problem: `it gives ${PLAIN[checked.type ?? ''] ?? checked.type ?? 'nothing'}, not ${PLAIN[CEL_TYPES[wanted]]}`,
        fix: wanted === 'boolean' ? 'Compare it with something: free < 20 * GiB.' : 'Correct the expression.',
        offset: 0,
      }
    }
    return {
      source,
      reads,
      run(values) {
        const context: Record<string, unknown> = {}
        for (const name of Object.keys(types)) {
          const value = values[name]
          if (value !== null && value !== undefined) context[flat(name)] = value
        }
        try {
          const result: unknown = parsed(context)
          return typeof result === 'boolean' || typeof result === 'string' || typeof result === 'number' ? result : null
        } catch {
          return null
        }
      },
    }
  } catch (error) {
    return problemOf(error, null, types)
  }
}

const BASE_PARSER = BASE.clone({ unlistedVariablesAreDyn: true })
/** Rewriting adds parentheses and calls. */
const REWRITTEN = { limits: { maxAstNodes: 2000, maxDepth: 120 } }
const CEL_TYPES: Readonly<Record<ValueType, string>> = { number: 'double', string: 'string', boolean: 'bool' }
const PLAIN: Readonly<Record<string, string>> = {
  double: 'a number',
  int: 'a number',
  string: 'text',
  bool: 'true or false',
  null: 'nothing',
}

function problemOf(error: unknown, ast: ASTNode | null, types: Readonly<Record<string, ValueType>>): ExpressionProblem {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    // Positions of a type error are those of the rewritten text; only a parse error's are the author's.
    const offset = ast === null ? (error.range?.start ?? 0) : 0
    const summary = error.summary.replaceAll('double', 'number').replaceAll('bool', 'true/false')
    const isMixed = error.code === 'no_such_overload'
    return {
      problem: isMixed ? summary.replace('no such overload:', 'these cannot be combined:') : summary,
      fix: isMixed ? `Compare values of one type: ${describe(types)}.` : 'Write a comparison such as free < 20 * GiB.',
      offset,
    }
  }
  return { problem: 'it is nested too deeply', fix: 'Make it simpler.', offset: 0 }
}

function describe(types: Readonly<Record<string, ValueType>>): string {
  const names = Object.entries(types).map(([name, type]) => `${name} is ${type === 'boolean' ? 'true/false' : type}`)
  return names.length === 0 ? 'none is measured' : names.slice(0, 12).join(', ')
}
