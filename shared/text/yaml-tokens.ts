/** YAML text → tokens, given up early where composing them would be slow or deep: a stranger's file may be hostile. */
import { CST, Lexer, type LineCounter, Parser } from 'yaml'
import { type Fault, fault, type Place } from './fault.ts'

const DEEPEST = 40
const MOST_LEXEMES = 100_000
export const MOST_FAULTS = 100

/**
 * Lexes and parses (neither recurses) and gives up early where composing would be slow or deep: a flood of errors costs
 * the composer a second and more.
 */
export function tokensOf(
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

export function manyDocuments(at: Place): Fault {
  return fault('many-documents', at, 'A second document begins here (---).', 'Keep one document in one file.')
}

export function tooDeep(at: Place): Fault {
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

export function syntaxFault(code: string, message: string, at: Place): Fault {
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

export function firstLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? ''
  return (line.length > 200 ? `${line.slice(0, 200)}…` : line).replace(/[:.]$/, '')
}
