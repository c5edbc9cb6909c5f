/** One line of YAML in coloured pieces: for reading, not for parsing. Joined, the pieces are the line. */

export type Token = {
  readonly text: string
  readonly look: 'key' | 'mark' | 'number' | 'variable' | 'comment' | 'plain'
}

const KEY = /^(\s*(?:- +)*)([A-Za-z_][A-Za-z0-9_.-]*)(:)(?=\s|$)/
const INLINE_KEY = /([{,]\s*)([A-Za-z_][A-Za-z0-9_-]*)(:)/y
const NUMBER = /(?<![A-Za-z0-9_.-])(?:\d+(?:\.\d+)?(?:%|(?:d|h|m|s|\d+)+)?|true|false|null)(?![A-Za-z0-9_.-])/y
const VARIABLE = /\$\{[A-Za-z_][A-Za-z0-9_]*\}/y

export function yamlTokens(line: string): readonly Token[] {
  const tokens: Token[] = []
  const add = (text: string, look: Token['look']): void => {
    const last = tokens.at(-1)
    if (text === '') return
    if (last?.look === look) tokens[tokens.length - 1] = { text: last.text + text, look }
    else tokens.push({ text, look })
  }
  let at = 0
  const key = KEY.exec(line)
  if (key !== null) {
    add(key[1] ?? '', 'mark')
    add(key[2] ?? '', 'key')
    add(key[3] ?? '', 'mark')
    at = key[0].length
  }
  while (at < line.length) {
    if (line[at] === '#' && (at === 0 || /\s/.test(line[at - 1] ?? ''))) {
      add(line.slice(at), 'comment')
      break
    }
    const variable = matchAt(VARIABLE, line, at)
    const inline = variable === null ? matchAt(INLINE_KEY, line, at) : null
    const number = variable === null && inline === null ? matchAt(NUMBER, line, at) : null
    if (variable !== null) add(variable[0], 'variable')
    else if (inline !== null) {
      add(inline[1] ?? '', 'mark')
      add(inline[2] ?? '', 'key')
      add(inline[3] ?? '', 'mark')
    } else if (number !== null) add(number[0], 'number')
    else add(line[at] ?? '', /[{}[\],|>&*-]/.test(line[at] ?? '') && !/\w/.test(line[at - 1] ?? '') ? 'mark' : 'plain')
    at += (variable ?? inline ?? number)?.[0].length ?? 1
  }
  return tokens
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(line)
}

/** The pieces with [from, to) of the line set apart, so that a fault can be marked where it is. */
export function splitTokens(
  tokens: readonly Token[],
  from: number,
  to: number,
): readonly (Token & { readonly isMarked: boolean })[] {
  const result: (Token & { isMarked: boolean })[] = []
  let at = 0
  for (const token of tokens) {
    const end = at + token.text.length
    for (const [start, stop, isMarked] of [
      [at, Math.min(end, from), false],
      [Math.max(at, from), Math.min(end, to), true],
      [Math.max(at, to), end, false],
    ] as const) {
      if (stop > start) result.push({ text: token.text.slice(start - at, stop - at), look: token.look, isMarked })
    }
    at = end
  }
  return result
}

/** What a fault at a column underlines: to the end of the word, at least one character. */
export function wordEnd(line: string, from: number): number {
  const rest = line.slice(from)
  const word = /^(\$\{[^}]*\}|"[^"]*"|'[^']*'|[^\s,[\]{}#]+)/.exec(rest)?.[0]
  return from + Math.max(1, word?.length ?? 1)
}
