/** An admitted expression → the same over doubles alone, with division and matching that cannot surprise. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { CONSTANTS, flat, memberOf, OVER_LISTS } from './vocabulary.ts'

export function rewrite(node: ASTNode, locals: readonly string[] = []): string {
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
