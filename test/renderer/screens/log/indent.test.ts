import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalText } from '../../../../shared/journal/canonical.ts'
import { indent } from '../../../../renderer/screens/log/indent.ts'

function shown(text: string): string {
  return indent(text)
    .map((line) => '  '.repeat(line.depth) + line.pieces.map((piece) => piece.text).join(''))
    .join('\n')
}

test('a canonical text is laid out by its depth, keys apart', () => {
  expect(shown('{"a":{"b":[1,2],"c":{}},"d":"x{,}\\"y"}')).toBe(
    ['{', '  "a": {', '    "b": [1,2],', '    "c": {}', '  },', '  "d": "x{,}\\"y"', '}'].join('\n'),
  )
  expect(indent('{"a":"b"}')[1]?.pieces).toEqual([
    { kind: 'key', text: '"a"' },
    { kind: 'rest', text: ': ' },
    { kind: 'text', text: '"b"' },
  ])
})

test('nothing but space is added, whatever the text says', () => {
  fc.assert(
    fc.property(
      fc.object({
        values: [fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)],
        maxDepth: 4,
      }),
      (value) => {
        const text = canonicalText(value)
        const joined = indent(text)
          .flatMap((line) => line.pieces)
          .map((piece) => (piece.kind === 'rest' ? piece.text.replaceAll(' ', '') : piece.text))
          .join('')
        // A list on one line is a single piece with its texts in it: there the spaces are compared away on both sides.
        expect(joined.replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        expect(indent(text).at(-1)?.depth).toBe(0)
      },
    ),
  )
})

test('what is no JSON is shown as it is', () => {
  expect(shown('not json "at all')).toBe('not json "at all')
  expect(shown('')).toBe('')
})
