/**
 * YAML 1.2 text → a tree that remembers where everything stood. The door for every file a person writes.
 * A stranger's file may be hostile: size, depth and the number of nodes are bounded before anything recursive sees it.
 * Anchors, aliases, tags and merge keys are refused: what a reader sees on the page is what runs.
 */
import { Composer, CST, type Document, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, type ParsedNode } from 'yaml'
import { type Fault, fault, inOrder, type Place, START } from './fault.ts'

export type Tree = MapTree | ListTree | ScalarTree
export type MapTree = { readonly kind: 'map'; readonly at: Place; readonly entries: readonly Entry[] }
export type ListTree = { readonly kind: 'list'; readonly at: Place; readonly items: readonly Tree[] }
export type ScalarTree = {
  readonly kind: 'scalar'
  readonly at: Place
  readonly value: string | number | boolean | null
  /** As written; for quoted and block text the value. */
  readonly source: string
  readonly quoting: 'plain' | 'quoted' | 'block'
}
export type Entry = { readonly key: string; readonly keyAt: Place; readonly tree: Tree }

const LARGEST_TEXT = 512 * 1024
const DEEPEST = 40
const MOST_LEXEMES = 100_000
const MOST_FAULTS = 100

/** @returns the tree, or null with at least one fault. A tree may come with faults (a key given twice). */
export function readYaml(text: string): { tree: Tree | null; faults: Fault[] } {
  if (text.length > LARGEST_TEXT) {
    return refused(
      fault('too-large', START, 'The file is larger than 512 KiB.', 'Move long scripts into files of their own.'),
    )
  }
  if (!text.isWellFormed() || text.includes('\0')) {
    return refused(
      fault('not-text', placeOfBadCharacter(text), 'The file holds bytes that are not text.', 'Save it as UTF-8 text.'),
    )
  }
  const lines = new LineCounter()
  const place = (offset: number): Place => {
    const at = Math.max(0, Math.min(offset, text.length))
    const { line, col } = lines.linePos(at)
    return { line: Math.max(1, line), column: Math.max(1, col), offset: at }
  }
  try {
    const tokens = tokensOf(text, lines, place)
    if (!Array.isArray(tokens)) return refused(...tokens.faults)
    const composer = new Composer({
      version: '1.2',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
    const documents = [...composer.compose(tokens, true, text.length)]
    return readDocuments(documents, place)
  } catch (error) {
    if (error instanceof RangeError) return refused(tooDeep(START))
    return refused(fault('yaml', START, 'The file is not YAML.', 'Compare it with a sample runbook.'))
  }
}

function refused(...faults: Fault[]): { tree: null; faults: Fault[] } {
  return { tree: null, faults }
}

function placeOfBadCharacter(text: string): Place {
  let line = 1
  let lineStart = 0
  for (let offset = 0; offset < text.length; offset++) {
    const unit = text.charCodeAt(offset)
    if (unit === 10) {
      line += 1
      lineStart = offset + 1
    }
    const isLone =
      (unit >= 0xdc00 && unit <= 0xdfff) ||
      (unit >= 0xd800 && unit <= 0xdbff && !text.slice(offset, offset + 2).isWellFormed())
    if (unit === 0 || isLone) return { line, column: offset - lineStart + 1, offset }
    if (unit >= 0xd800 && unit <= 0xdbff) offset += 1
  }
  return START
}

/**
 * Lexes and parses (neither recurses) and gives up early where composing would be slow or deep: a flood of errors costs
 * the composer a second and more.
 */
function tokensOf(
  text: string,
  lines: LineCounter,
  place: (offset: number) => Place,
): CST.Token[] | { faults: Fault[] } {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  const tokens: CST.Token[] = []
  const faults: Fault[] = []
  let offset = 0
  let count = 0
  let depth = 0
  let documents = 0
  let before: CST.TokenType | null = null
  for (const lexeme of new Lexer().lex(text)) {
    const type = CST.tokenType(lexeme)
    count += 1
    if (type === 'flow-seq-start' || type === 'flow-map-start') depth += 1
    if (type === 'flow-seq-end' || type === 'flow-map-end') depth -= 1
    if (count > MOST_LEXEMES) {
      return { faults: [fault('too-large', place(offset), 'The file holds too much.', 'Split it into several files.')] }
    }
    if (depth > DEEPEST || parser.stack.length > DEEPEST) return { faults: [tooDeep(place(offset))] }
    if (type === 'doc-start') documents += 1
    if (documents > 2) return { faults: [...faults, manyDocuments(place(offset))] }
    const unread = type === null ? undefined : UNREAD[type]
    if (unread !== undefined) {
      faults.push(
        fault('yaml-alias', place(offset), `${unread} is not read here.`, 'Write plain values where they are used.'),
      )
      if (faults.length >= MOST_FAULTS) return { faults }
    }
    if (depth < 0 || (type === 'comma' && before === 'comma') || (isQuoted(type) && isQuoted(before))) {
      return { faults: [...faults, syntaxFault('', `unexpected ${lexeme.slice(0, 20)}`, place(offset))] }
    }
    if (type !== 'space' && type !== 'newline' && type !== 'comment') before = type
    tokens.push(...parser.next(lexeme))
    // The lexer's own marks take no room in the text.
    if (lexeme !== CST.DOCUMENT && lexeme !== CST.FLOW_END && lexeme !== CST.SCALAR) offset += lexeme.length
  }
  tokens.push(...parser.end())
  if (faults.length > 0) return { faults }
  const deep = deepestAt(tokens)
  return deep === null ? tokens : { faults: [tooDeep(place(deep))] }
}

const UNREAD: Readonly<Record<string, string>> = {
  anchor: 'An anchor (&…)',
  alias: 'An alias (*…)',
  tag: 'A tag (!…)',
  'directive-line': 'A directive (%…)',
}

function isQuoted(type: CST.TokenType | null): boolean {
  return type === 'double-quoted-scalar' || type === 'single-quoted-scalar'
}

function manyDocuments(at: Place): Fault {
  return fault('many-documents', at, 'A second document begins here (---).', 'Keep one document in one file.')
}

function tooDeep(at: Place): Fault {
  return fault('too-deep', at, `Nested deeper than ${DEEPEST} levels.`, 'Make it flatter.')
}

/** Walks the token tree without recursion: composing it would recurse. */
function deepestAt(tokens: readonly CST.Token[]): number | null {
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { token, depth } = next
    if (depth > DEEPEST) return token.offset
    if (token.type === 'document' && token.value !== undefined) stack.push({ token: token.value, depth })
    if (!('items' in token)) continue
    for (const item of token.items) {
      if (item.key !== undefined && item.key !== null) stack.push({ token: item.key, depth: depth + 1 })
      if (item.value !== undefined) stack.push({ token: item.value, depth: depth + 1 })
    }
  }
  return null
}

function readDocuments(documents: readonly Document.Parsed[], place: (offset: number) => Place) {
  const [document, second] = documents
  const faults: Fault[] = []
  for (const one of documents) {
    for (const error of one.errors.slice(0, MOST_FAULTS)) {
      faults.push(syntaxFault(error.code, error.message, place(error.pos[0])))
    }
    for (const problem of one.warnings.slice(0, MOST_FAULTS)) {
      faults.push(
        fault(
          'yaml-tag',
          place(problem.pos[0]),
          `${firstLine(problem.message)}.`,
          'Write plain values: tags and directives are not read.',
        ),
      )
    }
  }
  if (second !== undefined) {
    const from = second.contents?.range?.[0] ?? second.range[0]
    faults.push(manyDocuments(place(from)))
  }
  if (faults.length > 0) return { tree: null, faults: inOrder(faults) }
  const contents = document?.contents
  if (contents === null || contents === undefined || (isScalar(contents) && contents.value === null)) {
    return refused(fault('empty', START, 'The file is empty.', 'Begin with the line holdpoint: and the format.'))
  }
  const tree = treeOf(contents, place, faults)
  return { tree: faults.some((one) => one.rule !== 'duplicate-key') ? null : tree, faults: inOrder(faults) }
}

function syntaxFault(code: string, message: string, at: Place): Fault {
  const fixes: Readonly<Record<string, string>> = {
    BAD_INDENT: 'Indent with the same number of spaces as the lines beside it.',
    TAB_AS_INDENT: 'Indent with spaces, not tabs.',
    MISSING_CHAR: 'Add what is missing, or put the text in quotes.',
    BLOCK_AS_IMPLICIT_KEY: 'Put a text that holds ": " in quotes, and check the indentation.',
    MULTILINE_IMPLICIT_KEY: 'Keep a key and its colon on one line.',
    DUPLICATE_KEY: 'Keep one of the two.',
  }
  return fault(
    'yaml',
    at,
    `Not YAML here: ${firstLine(message)}.`,
    fixes[code] ?? 'Correct the line, or the one before it.',
  )
}

function firstLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? ''
  return (line.length > 200 ? `${line.slice(0, 200)}…` : line).replace(/[:.]$/, '')
}

function treeOf(node: ParsedNode | null | undefined, place: (offset: number) => Place, faults: Fault[]): Tree {
  const at = place(node?.range?.[0] ?? 0)
  if (isMap(node)) {
    const entries: Entry[] = []
    const seen = new Set<string>()
    for (const { key, value } of node.items) {
      const keyAt = place((isScalar(key) || isMap(key) || isSeq(key) ? key.range?.[0] : undefined) ?? at.offset)
      if (!isScalar(key) || typeof key.value !== 'string') {
        faults.push(fault('key-not-text', keyAt, 'A key must be text.', 'Put the key in quotes.'))
        continue
      }
      if (key.value === '__proto__' || !key.value.isWellFormed()) {
        faults.push(fault('key-not-text', keyAt, 'This cannot be a key.', 'Use letters, digits, - and _.'))
        continue
      }
      if (seen.has(key.value)) {
        faults.push(fault('duplicate-key', keyAt, `"${key.value}" is given twice.`, 'Keep one of the two.'))
        continue
      }
      seen.add(key.value)
      const tree = value === null ? emptyAt(keyAt) : treeOf(value, place, faults)
      entries.push({ key: key.value, keyAt, tree })
    }
    return { kind: 'map', at, entries }
  }
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => itemOf(item, at, place, faults)) }
  if (!isScalar(node)) return emptyAt(at)
  return scalarOf(node, at, faults)
}

function itemOf(item: unknown, at: Place, place: (offset: number) => Place, faults: Fault[]): Tree {
  if (isMap(item) || isSeq(item) || isScalar(item)) return treeOf(item as ParsedNode, place, faults)
  faults.push(fault('key-not-text', at, 'A list holds a key: value pair here.', 'Put the pair in { }.'))
  return emptyAt(at)
}

function emptyAt(at: Place): ScalarTree {
  return { kind: 'scalar', at, value: null, source: '', quoting: 'plain' }
}

function scalarOf(node: { value: unknown; source?: string; type?: string }, at: Place, faults: Fault[]): ScalarTree {
  const { value } = node
  const quoting =
    node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? 'block' : node.type === 'PLAIN' ? 'plain' : 'quoted'
  const source = node.source ?? (typeof value === 'string' ? value : '')
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0) || isTooLarge(value))) {
    faults.push(fault('bad-number', at, `${source} is not a number that can be kept exactly.`, 'Put it in quotes.'))
    return { kind: 'scalar', at, value: 0, source, quoting }
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    faults.push(fault('not-text', at, 'This text holds half of a character.', 'Write the whole character.'))
    return { kind: 'scalar', at, value: '', source, quoting }
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'scalar', at, value, source, quoting }
  }
  faults.push(fault('yaml-tag', at, 'This kind of value is not read here.', 'Write text, a number, true or false.'))
  return { kind: 'scalar', at, value: null, source, quoting }
}

function isTooLarge(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

/** The plain value a schema is given. */
export function valueOf(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value
    case 'list':
      return tree.items.map(valueOf)
    case 'map':
      return Object.fromEntries(tree.entries.map((entry) => [entry.key, valueOf(entry.tree)]))
  }
}

export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
  return tree?.kind === 'map' ? tree.entries.find((entry) => entry.key === key) : undefined
}

/** The node at a path; undefined where the path leaves the tree. */
export function nodeAt(tree: Tree, path: readonly PropertyKey[]): Tree | undefined {
  let node: Tree | undefined = tree
  for (const part of path) {
    if (node?.kind === 'map') node = entryOf(node, String(part))?.tree
    else if (node?.kind === 'list') node = node.items[Number(part)]
    else return undefined
  }
  return node
}

/** Where a path stands, or the nearest that is there on the way to it. */
export function placeAt(tree: Tree, path: readonly PropertyKey[]): Place {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(tree, path.slice(0, length))
    if (node !== undefined) return node.at
  }
  return tree.at
}

/** Where the key of the last part of a path stands. */
export function keyPlaceAt(tree: Tree, path: readonly PropertyKey[]): Place {
  const parent = nodeAt(tree, path.slice(0, -1))
  return entryOf(parent, String(path.at(-1)))?.keyAt ?? placeAt(tree, path)
}
