/** What a schema found wrong in a value, said where it stands in the text. The same for every format read here. */
import { z } from 'zod'
import { type Fault, fault } from './fault.ts'
import { keyPlaceAt, nodeAt, placeAt, type Tree } from './tree.ts'

type Issue = z.core.$ZodIssue

/** Every key that a schema knows anywhere: what a misspelt one is compared with. */
export function wordsOf(schema: z.ZodType): readonly string[] {
  const words = new Set<string>()
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
      for (const key of Object.keys(node.properties)) words.add(key)
    }
    for (const child of Object.values(node)) walk(child)
  }
  walk(z.toJSONSchema(schema, { io: 'input' }))
  return [...words]
}

/**
 * @param words every key the format knows, for a hint where a key is misspelt
 * @returns one fault for each issue, at the node it is about
 */
export function schemaFaults(issues: readonly Issue[], tree: Tree, words: readonly string[]): Fault[] {
  return issues.flatMap((issue) => faultsOf(issue, [], tree, words))
}

function faultsOf(issue: Issue, base: readonly PropertyKey[], tree: Tree, words: readonly string[]): Fault[] {
  const path = [...base, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(tree, [...path, key], words))
    case 'invalid_type':
      return [nodeAt(tree, path) === undefined ? missing(tree, path) : wrongType(tree, path, issue.expected)]
    case 'invalid_union':
      return unionFaults(issue, path, tree, words)
    case 'invalid_key': {
      const first = issue.issues[0]
      const form = first?.code === 'invalid_format' ? formOf(first) : 'in the form that is expected'
      const name = String(path.at(-1))
      return [fault('bad-name', keyPlaceAt(tree, path), `"${name}" is not ${form}.`, `Write ${form}.`)]
    }
    case 'invalid_value': {
      if (nodeAt(tree, path) === undefined) return [missing(tree, path)]
      const values = issue.values.map((value) => String(value)).join(', ')
      return [
        fault('bad-value', placeAt(tree, path), `${nameOf(path)} is none of: ${values}.`, `Write one of: ${values}.`),
      ]
    }
    case 'invalid_format':
      return [
        fault('bad-value', placeAt(tree, path), `${nameOf(path)} is not ${formOf(issue)}.`, `Write ${formOf(issue)}.`),
      ]
    case 'too_small':
    case 'too_big':
      return [boundFault(issue, path, tree)]
    default:
      return [fault('bad-value', placeAt(tree, path), `${nameOf(path)}: ${issue.message}`, 'Correct the value.')]
  }
}

function boundFault(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  path: readonly PropertyKey[],
  tree: Tree,
): Fault {
  const isSmall = issue.code === 'too_small'
  const bound = isSmall ? issue.minimum : issue.maximum
  const word = isSmall ? 'least' : 'most'
  const of = issue.origin === 'string' ? ' characters long' : issue.origin === 'array' ? ' in the list' : ''
  const isEmpty = isSmall && Number(bound) === 1 && of !== ''
  return fault(
    'bad-value',
    placeAt(tree, path),
    isEmpty ? `${nameOf(path)} is empty.` : `${nameOf(path)} must be at ${word} ${String(bound)}${of}.`,
    isEmpty ? 'Fill it in, or leave the key out.' : `Write at ${word} ${String(bound)}${of}.`,
  )
}

function unknownKey(tree: Tree, path: readonly PropertyKey[], words: readonly string[]): Fault {
  const key = String(path.at(-1))
  const near = nearest(key, words)
  const where = path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : ''
  return fault(
    'unknown-key',
    keyPlaceAt(tree, path),
    `"${key}" is not a key that is known${where}.`,
    key.includes(' ')
      ? 'A comma ended the text before it: put that text in quotes.'
      : near === null
        ? 'Remove it, or check where it belongs.'
        : `Did you mean "${near}"?`,
  )
}

function missing(tree: Tree, path: readonly PropertyKey[]): Fault {
  const where = path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : ''
  return fault(
    'missing-key',
    placeAt(tree, path),
    `"${String(path.at(-1))}" is missing${where}.`,
    `Add ${String(path.at(-1))}: …`,
  )
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  null: 'nothing',
}

function wrongType(tree: Tree, path: readonly PropertyKey[], expected: string): Fault {
  const node = nodeAt(tree, path)
  const wanted = TYPES[expected] ?? expected
  const found =
    node?.kind === 'list'
      ? 'a list'
      : node?.kind === 'map'
        ? 'a group of keys'
        : node?.value === null
          ? 'empty'
          : TYPES[typeof node?.value]
  const isUnquoted = expected === 'string' && node?.kind === 'scalar' && node.value !== null
  return fault(
    'wrong-type',
    placeAt(tree, path),
    `${nameOf(path)} must be ${wanted}, and is ${found ?? 'not'}.`,
    isUnquoted ? `Put it in quotes: "${node.source}".` : `Write ${wanted}.`,
  )
}

/** Of the ways a value could have been written, the one its author seems to have meant. */
function unionFaults(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly PropertyKey[],
  tree: Tree,
  words: readonly string[],
): Fault[] {
  if (issue.discriminator !== undefined) {
    const at = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator]
    const node = nodeAt(tree, at)
    if (node === undefined) return [missing(tree, at), ...strangers(tree, at.slice(0, -1), words)]
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String).join(', ') : ''
    const value = node.kind === 'scalar' ? String(node.value) : 'this'
    return [
      fault(
        `unknown-${issue.discriminator}`,
        node.at,
        `"${value}" is not a ${issue.discriminator} that is known.`,
        options === '' ? 'Correct the word.' : `Write one of: ${options}.`,
      ),
    ]
  }
  const node = nodeAt(tree, path)
  if (node === undefined) return [missing(tree, path)]
  const branches = issue.errors.filter((branch) => branch.length > 0)
  const fitting = branches.filter(
    (branch) => !branch.some((one) => one.path.length === 0 && one.code === 'invalid_type'),
  )
  const chosen = fitting.toSorted((a, b) => distance(a) - distance(b))[0]
  if (chosen !== undefined) return chosen.flatMap((one) => faultsOf(one, path, tree, words))
  const wanted = branches
    .flatMap((branch) => branch.filter((one) => one.code === 'invalid_type'))
    .map((one) => TYPES[one.expected] ?? one.expected)
  const ways = [...new Set(wanted)].join(' or ')
  return [fault('wrong-type', node.at, `${nameOf(path)} must be ${ways}.`, `Write ${ways}.`)]
}

/** Without its discriminator no schema looks at the keys: those that are known nowhere are said all the same. */
function strangers(tree: Tree, path: readonly PropertyKey[], words: readonly string[]): Fault[] {
  const node = nodeAt(tree, path)
  const keys = node?.kind === 'map' ? node.entries.map((entry) => entry.key) : []
  return keys.filter((key) => !words.includes(key)).map((key) => unknownKey(tree, [...path, key], words))
}

/** A branch that knows the keys it was given is nearer than one that does not. */
function distance(branch: readonly Issue[]): number {
  return branch.reduce((sum, one) => sum + (one.code === 'unrecognized_keys' ? 10 * one.keys.length : 1), 0)
}

/** How people call a place: the last key, with its number in a list. */
function nameOf(path: readonly PropertyKey[]): string {
  const last = path.at(-1)
  if (last === undefined) return 'the file'
  if (typeof last !== 'number') return `"${String(last)}"`
  const list = path.at(-2)
  return list === undefined ? `item ${last + 1}` : `item ${last + 1} of "${String(list)}"`
}

/** Forms whose pattern says nothing to a person. */
const FORMS: readonly (readonly [part: string, form: string])[] = [
  ['(d|h|m|s)', 'a duration such as 1h30m, 45m or 90s'],
  ['T\\d\\d', 'a time such as 2026-12-05T22:00'],
  ['%', 'a number of hosts or a share such as 50%'],
  ['[A-Za-z_]', 'a name of letters, digits and _'],
  ['[a-z0-9_]', 'a name of small letters, digits and _'],
  ['[a-z0-9-]', 'a name of small letters, digits and -'],
  ['[A-Za-z0-9._-]', 'a name of letters, digits, dots and -'],
]

function formOf(issue: Issue): string {
  const pattern = 'pattern' in issue && typeof issue.pattern === 'string' ? issue.pattern : ''
  return FORMS.find(([part]) => pattern.includes(part))?.[1] ?? 'in the form that is expected'
}

/** The word that is at most two slips away. */
function nearest(key: string, words: readonly string[]): string | null {
  if (key.length > 40) return null
  let best: string | null = null
  let fewest = key.length <= 4 ? 2 : 3
  for (const word of words) {
    const slips = slipsBetween(key.toLowerCase(), word.toLowerCase())
    if (slips < fewest && word !== key) [best, fewest] = [word, slips]
  }
  return best
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 9
  let older: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (older[j - 2] ?? 9) + 1 : 9
      next.push(Math.min((row[j] ?? 9) + 1, (next[j - 1] ?? 9) + 1, change, swap))
    }
    older = row
    row = next
  }
  return row[b.length] ?? 9
}
