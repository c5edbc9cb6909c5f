/** Refuses what a criterion does not need, so that a stranger's expression can neither hang nor grow. */
import type { ASTNode } from '@marcbachmann/cel-js'
import {
  CONSTANTS,
  compilePattern,
  type ExpressionProblem,
  FUNCTIONS,
  METHODS,
  memberOf,
  OVER_LISTS,
  type ValueType,
} from './vocabulary.ts'

/** @param reads collects what the expression reads */
export function refusalOf(
  node: ASTNode,
  types: Readonly<Record<string, ValueType>>,
  reads: Set<string>,
  nesting: number,
  locals: readonly string[] = [],
): ExpressionProblem | null {
  const no = (problem: string, fix: string): ExpressionProblem => ({ problem, fix, offset: node.start })
  const visit = (child: ASTNode) => refusalOf(child, types, reads, nesting, locals)
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
        return visit(receiver) ?? refusalOf(test, types, reads, nesting + 1, [...locals, local.args])
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
