/**
 * CEL expressions over typed values: compiled and type-checked before anything runs, evaluated without surprises.
 * Every number is a double (so 1 / 10 is 0.1), division by zero is an error and not infinity, `matches` is linear-time
 * (RE2), and only what a criterion needs is there: a stranger's expression can neither hang nor grow.
 */
import { RE2JS } from '@bufbuild/re2'
import { type ASTNode, Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'

export type ValueType = 'number' | 'string' | 'boolean'
export type Value = number | string | boolean

/** `run` gives null where the expression has no value: something it needs was not measured, or an error. */
export type Expression = {
  readonly source: string
  /** Every name it reads; for `verdicts.space` both `verdicts` and `verdicts.space`. */
  readonly reads: ReadonlySet<string>
  run(values: Readonly<Record<string, unknown>>): Value | null
}

/** `offset` is the place in the expression, in UTF-16 units. */
export type ExpressionProblem = { readonly problem: string; readonly fix: string; readonly offset: number }

export function isProblem(value: Expression | ExpressionProblem): value is ExpressionProblem {
  return 'problem' in value
}

const LONGEST_EXPRESSION = 2000
const LONGEST_PATTERN = 200
const LONGEST_SUBJECT = 4096

/** Sizes in bytes, times in seconds. */
export const CONSTANTS: Readonly<Record<string, number>> = {
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
  s: 1,
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
}

const FUNCTIONS = new Set(['size', 'double', 'string'])
const METHODS = new Set(['contains', 'startsWith', 'endsWith', 'matches', 'size', 'lowerAscii', 'upperAscii', 'trim'])
const OVER_LISTS = new Set(['all', 'exists', 'exists_one'])

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

function compilePattern(pattern: string): RE2JS {
  if (pattern.length > LONGEST_PATTERN) throw new RangeError(`a pattern may have ${LONGEST_PATTERN} characters`)
  return new RE2JS(pattern)
}

/** Names that a measured value cannot have: they mean something already. */
export function isReservedName(name: string): boolean {
  return Object.hasOwn(CONSTANTS, name) || RESERVED.has(name)
}

const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while vars verdicts size double string quotient linear_matches int uint bool bytes list map type dyn'.split(
    ' ',
  ),
)

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
    const refused = refusal(ast, types, reads, 0)
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

/** `verdicts.pre-check` as one plain identifier: names stay apart whatever characters they hold. */
function flat(name: string): string {
  return `v_${name.replace(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0)}_`)}`
}

/** Refuses what a criterion does not need, and collects what it reads. */
function refusal(
  node: ASTNode,
  types: Readonly<Record<string, ValueType>>,
  reads: Set<string>,
  nesting: number,
  locals: readonly string[] = [],
): ExpressionProblem | null {
  const no = (problem: string, fix: string): ExpressionProblem => ({ problem, fix, offset: node.start })
  const visit = (child: ASTNode) => refusal(child, types, reads, nesting, locals)
  switch (node.op) {
    case 'value':
      return isPlainValue(node.args) ? null : no('this kind of literal is not known here', 'Use numbers and text.')
    case 'id': {
      if (locals.includes(node.args) || Object.hasOwn(CONSTANTS, node.args)) return null
      reads.add(node.args)
      return Object.hasOwn(types, node.args) ? null : unknownName(node.args, types, node.start)
    }
    case '.':
    case '[]': {
      const name = memberOf(node)
      if (name === null) return no('values have no members', 'Name a measured value.')
      reads.add(name)
      return Object.hasOwn(types, name) ? null : unknownName(name, types, node.start)
    }
    case 'call': {
      const [name, args] = node.args
      if (!FUNCTIONS.has(name)) return no(`there is no function ${name}()`, `There are: ${[...FUNCTIONS].join(', ')}.`)
      return first(args, visit)
    }
    case 'rcall': {
      const [name, receiver, args] = node.args
      if (OVER_LISTS.has(name)) {
        const [local, test, ...more] = args
        if (receiver.op !== 'list' || local?.op !== 'id' || test === undefined || more.length > 0 || nesting > 0) {
          return no(`${name}() is used as [ … ].${name}(x, … x …), once`, 'Write it out with && or ||.')
        }
        return visit(receiver) ?? refusal(test, types, reads, nesting + 1, [...locals, local.args])
      }
      if (!METHODS.has(name))
        return no(`there is no .${name}()`, `There are: ${[...METHODS, ...OVER_LISTS].join(', ')}.`)
      const pattern = args[0]
      if (name === 'matches' && pattern?.op === 'value' && typeof pattern.args === 'string') {
        try {
          compilePattern(pattern.args)
        } catch (error) {
          const why = error instanceof Error ? error.message : 'it does not compile'
          return { problem: `the pattern cannot be used: ${why}`, fix: 'Write an RE2 pattern.', offset: pattern.start }
        }
      }
      return visit(receiver) ?? first(args, visit)
    }
    case 'list':
      return first(node.args, visit)
    case '?:':
    case '||':
    case '&&':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case 'in':
      return first(node.args, visit)
    case '!_':
    case '-_':
      return visit(node.args)
    case '.?':
    case '[?]':
    case 'map':
      return no('this form is not known here', 'Use comparisons, && and ||.')
  }
}

function first<T>(items: readonly T[], visit: (item: T) => ExpressionProblem | null): ExpressionProblem | null {
  for (const item of items) {
    const found = visit(item)
    if (found !== null) return found
  }
  return null
}

/** `a.b` and `a["b"]` read as the name `a.b`. */
function memberOf(node: ASTNode & { op: '.' | '[]' }): string | null {
  const [object, key] = node.args
  if (object.op !== 'id') return null
  if (typeof key === 'string') return `${object.args}.${key}`
  return key.op === 'value' && typeof key.args === 'string' ? `${object.args}.${key.args}` : null
}

function unknownName(name: string, types: Readonly<Record<string, ValueType>>, offset: number): ExpressionProblem {
  const names = Object.keys(types)
  return {
    problem: `"${name}" is not a value that is known here`,
    fix: names.length === 0 ? 'There are no values to use here.' : `There are: ${names.slice(0, 20).join(', ')}.`,
    offset,
  }
}

function isPlainValue(value: unknown): value is string | number | bigint | boolean | null {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
}

/** The same expression over doubles alone, with division and matching that cannot surprise. */
function rewrite(node: ASTNode, locals: readonly string[] = []): string {
  const write = (child: ASTNode) => rewrite(child, locals)
  switch (node.op) {
    case 'value':
      return literal(node.args)
    case 'id':
      return locals.includes(node.args)
        ? `local_${node.args}`
        : Object.hasOwn(CONSTANTS, node.args)
          ? node.args
          : flat(node.args)
    case '.':
    case '[]':
      return flat(memberOf(node) ?? '')
    case 'call': {
      const [name, args] = node.args
      const call = `${name}(${args.map(write).join(', ')})`
      return name === 'size' ? `double(${call})` : call
    }
    case 'rcall': {
      const [name, receiver, args] = node.args
      const [arg, test] = args
      if (OVER_LISTS.has(name) && arg?.op === 'id' && test !== undefined) {
        return `${write(receiver)}.${name}(local_${arg.args}, ${rewrite(test, [...locals, arg.args])})`
      }
      if (name === 'matches') return `linear_matches(${[receiver, ...args].map(write).join(', ')})`
      const call = `${write(receiver)}.${name}(${args.map(write).join(', ')})`
      return name === 'size' ? `double(${call})` : call
    }
    case 'list':
      return `[${node.args.map(write).join(', ')}]`
    case '?:':
      return `(${write(node.args[0])} ? ${write(node.args[1])} : ${write(node.args[2])})`
    case '/':
      return `quotient(${write(node.args[0])}, ${write(node.args[1])})`
    case '||':
    case '&&':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '*':
    case '%':
    case 'in':
      return `(${write(node.args[0])} ${node.op} ${write(node.args[1])})`
    case '!_':
      return `!(${write(node.args)})`
    case '-_':
      return `-(${write(node.args)})`
    default:
      return 'null'
  }
}

function literal(value: unknown): string {
  if (typeof value === 'bigint') return literal(Number(value))
  if (typeof value === 'number') {
    const text = String(value)
    return /[.e]/.test(text) ? text : `${text}.0`
  }
  if (typeof value === 'string') {
    return `"${value.replace(/["\\\p{Cc}]/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
  }
  return String(value)
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
