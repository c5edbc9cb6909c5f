/** Mutations of a text, by a seed: what a tired person, a bad merge or a broken editor does to a file. */

export type Mutant = {
  readonly kind: string
  readonly text: string
  /** 1-based lines, one of which must carry the fault; null: the damage has no one place, or does no harm. */
  readonly lines: readonly number[] | null
}

/** Mulberry32: small, seeded, good enough to pick places. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/** Lines `key: …` whose key the format knows, outside of block texts. */
function keyLines(lines: readonly string[], words: ReadonlySet<string>): number[] {
  const found: number[] = []
  let block: number | null = null
  for (const [i, line] of lines.entries()) {
    const indent = line.search(/\S/)
    if (indent < 0) continue
    if (block !== null && indent > block) continue
    block = /:\s*[|>][+-]?\s*(#.*)?$/.test(line) ? indent : null
    const key = /^\s*(?:- )?([A-Za-z]+):(\s|$)/.exec(line)?.[1]
    if (key !== undefined && words.has(key)) found.push(i)
  }
  return found
}

export function mutate(text: string, words: ReadonlySet<string>, seed: number): Mutant {
  const pick = random(seed)
  const lines = text.split('\n')
  const keys = keyLines(lines, words)
  const at = keys[pick(keys.length)] ?? 0
  const line = lines[at] ?? ''
  const withLine = (changed: string, kind: string, known: readonly number[] | null): Mutant => ({
    kind,
    text: lines.with(at, changed).join('\n'),
    lines: known,
  })
  switch (pick(9)) {
    case 0:
      return withLine(line.replace(/([A-Za-z]+):/, '$1x:'), 'key renamed', [at + 1])
    case 1:
      // What stood below the key hangs in the air then: the parser says so on the line after it.
      return withLine(
        line.replace(/:.*/, ': [[1], {}]'),
        'value of another type',
        /:\s*([|>].*)?$/.test(line) ? [at + 1, at + 2] : [at + 1],
      )
    case 2: {
      const changed = line.replace(/:.*/, ': {')
      // Where the bracket is never closed the text ends too early: the parser says so on a line after it.
      return withLine(
        changed,
        'bracket left open',
        Array.from({ length: lines.length - at + 1 }, (_, i) => at + 1 + i),
      )
    }
    case 3:
      return withLine(`${line}\n${line.replace('- ', '  ')}`, 'line given twice', [at + 1, at + 2])
    case 4:
      return withLine(` ${line}`, 'one space too many', null)
    case 5:
      return withLine(`\t${line}`, 'tab in the indent', [at + 1, at + 2])
    case 6: {
      const gone = pick(lines.length)
      return { kind: 'line lost', text: lines.toSpliced(gone, 1).join('\n'), lines: null }
    }
    case 7: {
      const place = pick(text.length)
      const noise = Array.from({ length: 1 + pick(8) }, () =>
        String.fromCharCode(pick(pick(2) === 0 ? 128 : 65_536)),
      ).join('')
      return { kind: 'noise', text: text.slice(0, place) + noise + text.slice(place), lines: null }
    }
    default: {
      const from = pick(text.length)
      return { kind: 'piece lost', text: text.slice(0, from) + text.slice(from + 1 + pick(200)), lines: null }
    }
  }
}
