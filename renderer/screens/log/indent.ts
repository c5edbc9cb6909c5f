/** Canonical JSON laid out for reading: nothing is added but space, so that what is shown is what is signed. */

export type Piece = { readonly kind: 'key' | 'text' | 'rest'; readonly text: string }
export type Line = { readonly depth: number; readonly pieces: readonly Piece[] }

/** A list of short values stays on one line up to this many characters. */
const ONE_LINE = 56

/**
 * @param text one JSON text without space between its parts; anything else comes back as one line
 * @returns lines with their depth (0-based), pieces in order
 */
export function indent(text: string): readonly Line[] {
  const lines: { depth: number; pieces: Piece[] }[] = [{ depth: 0, pieces: [] }]
  let depth = 0
  const put = (kind: Piece['kind'], part: string): void => {
    const { pieces } = lines[lines.length - 1] as { pieces: Piece[] }
    const last = pieces.at(-1)
    if (last !== undefined && last.kind === kind && kind === 'rest')
      pieces[pieces.length - 1] = { kind, text: last.text + part }
    else pieces.push({ kind, text: part })
  }
  const breakLine = (): void => void lines.push({ depth, pieces: [] })
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at)
    if (char === '"') {
      const end = endOfString(text, at)
      const isKey = text.charAt(end) === ':'
      put(isKey ? 'key' : 'text', text.slice(at, end))
      at = end
      if (isKey) {
        put('rest', ': ')
        at += 1
      }
      continue
    }
    if (char === '{' || char === '[') {
      const short = shortContainer(text, at)
      if (short !== null) {
        put('rest', short)
        at += short.length
        continue
      }
      put('rest', char)
      depth += 1
      breakLine()
    } else if (char === '}' || char === ']') {
      depth = Math.max(0, depth - 1)
      breakLine()
      put('rest', char)
    } else if (char === ',') {
      put('rest', char)
      breakLine()
    } else put('rest', char)
    at += 1
  }
  return lines
}

/** @param from place of the opening quote @returns place after the closing one */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\\') at += 1
    else if (char === '"') return at + 1
  }
  return text.length
}

/** `{}`, `[]`, or a list of short plain values. */
function shortContainer(text: string, from: number): string | null {
  const close = text.charAt(from) === '{' ? '}' : ']'
  if (text.charAt(from + 1) === close) return text.slice(from, from + 2)
  if (close === '}') return null
  for (let at = from + 1; at < text.length && at - from <= ONE_LINE; at += 1) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') return null
    if (char === '"') at = endOfString(text, at) - 1
    else if (char === ']') return at - from <= ONE_LINE ? text.slice(from, at + 1) : null
  }
  return null
}
