/** The words a criterion may use, and how a name it reads is written. */
import { RE2JS } from '@bufbuild/re2'
import type { ASTNode } from '@marcbachmann/cel-js'

export type ValueType = 'number' | 'string' | 'boolean'
export type Value = number | string | boolean

/** `offset` is the place in the expression, in UTF-16 units. */
export type ExpressionProblem = { readonly problem: string; readonly fix: string; readonly offset: number }

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

export const FUNCTIONS = new Set(['size', 'double', 'string'])
export const METHODS = new Set([
  'contains',
  'startsWith',
  'endsWith',
  'matches',
  'size',
  'lowerAscii',
  'upperAscii',
  'trim',
])
export const OVER_LISTS = new Set(['all', 'exists', 'exists_one'])

const LONGEST_PATTERN = 200
export function compilePattern(pattern: string): RE2JS {
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

/** `a.b` and `a["b"]` read as the name `a.b`. */
export function memberOf(node: ASTNode & { op: '.' | '[]' }): string | null {
  const [object, key] = node.args
  if (object.op !== 'id') return null
  if (typeof key === 'string') return `${object.args}.${key}`
  return key.op === 'value' && typeof key.args === 'string' ? `${object.args}.${key.args}` : null
}

/** `verdicts.pre-check` as one plain identifier: names stay apart whatever characters they hold. */
export function flat(name: string): string {
  return `v_${name.replace(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0)}_`)}`
}
