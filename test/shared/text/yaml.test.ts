import { expect, test } from 'vitest'
import { MOST_MS, msOf } from './pace.ts'
import { keyPlaceAt, placeAt, valueOf } from '../../../shared/text/tree.ts'
import { readYaml } from '../../../shared/text/yaml.ts'

test('values come with the place of each key and value', () => {
  const { tree, faults } = readYaml('a: 1\nb:\n  - x: "y: z"\n    z: 15.10\n')
  expect(faults).toEqual([])
  if (tree === null) throw new Error('no tree')
  expect(valueOf(tree)).toEqual({ a: 1, b: [{ x: 'y: z', z: 15.1 }] })
  expect(placeAt(tree, ['b', 0, 'z'])).toMatchObject({ line: 4, column: 8 })
  expect(keyPlaceAt(tree, ['b', 0, 'z'])).toMatchObject({ line: 4, column: 5 })
  expect(placeAt(tree, ['b', 0, 'nope', 'deeper'])).toMatchObject({ line: 3, column: 5 })
})

test('lines end with CR LF as well', () => {
  const { tree } = readYaml('a: 1\r\nb: two\r\n')
  expect(tree && [valueOf(tree), placeAt(tree, ['b'])]).toMatchObject([
    { a: 1, b: 'two' },
    { line: 2, column: 4 },
  ])
})

test.each([
  ['', 'empty', 1],
  ['# only a comment\n', 'empty', 1],
  ['a: 1\na: 2', 'duplicate-key', 2],
  ['a: 1\nb: &x [1]\nc: *x', 'yaml-alias', 2],
  ['a: !!binary aGk=', 'yaml-alias', 1],
  ['%YAML 1.1\n---\na: yes', 'yaml-alias', 1],
  ['a: 1\n---\nb: 2', 'many-documents', 3],
  ['a:\n\tb: 1', 'yaml', 2],
  ['a: [1, 2', 'yaml', 1],
  ['a: "x', 'yaml', 1],
  ['a: b: c', 'yaml', 1],
  ['a: 1\n1: b', 'key-not-text', 2],
  ['? [a]\n: b', 'key-not-text', 1],
  ['__proto__: 1', 'key-not-text', 1],
  ['a: -0', 'bad-number', 1],
  ['a: .nan', 'bad-number', 1],
  ['a: 9007199254740993', 'bad-number', 1],
  ['a: "\\ud800"', 'not-text', 1],
  ['a: 1\nb: \0', 'not-text', 2],
])('%j: %s', (text, rule, line) => {
  const { faults } = readYaml(text)
  expect(faults).toContainEqual(expect.objectContaining({ rule, line, severity: 'fault' }))
})

const HALF_MIB = 512 * 1024
const hostile = {
  'flow lists': '[',
  'flow maps': '{a: ',
  'lists in lists': '- ',
  'keys in keys': 'a: ',
  'complex keys': '? ',
  'stray ends': '}\n',
  tabs: '\t\ta:\n',
  'empty strings': '""',
  anchors: '&a ',
  aliases: '*a ',
  tags: '!!x ',
  documents: '---\n',
  directives: '%YAML 1.2\n',
  comments: '#\n',
  colons: ':',
  commas: '[,',
  'list in map': '[{',
  'list items': '-\n',
  'same key': 'k: 1\n',
  quotes: "'",
  blocks: 'a: |\n ',
  'byte order marks': '\ufeff',
}

test.each(Object.keys(hostile))('half a MiB of %s ends within a second', (name) => {
  const piece = hostile[name as keyof typeof hostile]
  const text = piece.repeat(Math.floor(HALF_MIB / piece.length))
  const { tree, faults } = readYaml(text)
  expect(msOf(() => readYaml(text))).toBeLessThan(MOST_MS)
  // Text, however odd, may be read; what is read is small.
  expect(tree === null ? faults.length > 0 : tree.kind !== 'map' || tree.entries.length < 2).toBe(true)
  expect(faults.length).toBeLessThanOrEqual(200)
})

test('many different keys, and many indents, are refused within a second', () => {
  const keys = Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n')
  const indents = Array.from({ length: 900 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
  for (const text of [keys, indents, 'x'.repeat(HALF_MIB + 1)]) {
    expect(readYaml(text).faults[0]?.rule).toMatch(/^too-/)
    expect(msOf(() => readYaml(text))).toBeLessThan(MOST_MS)
  }
})

test('a bomb of aliases does not grow', () => {
  const bomb = ['a0: &a0 [x]', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join(
    '\n',
  )
  expect(readYaml(bomb).tree).toBeNull()
})

test('a long script in a block is no hardship', () => {
  const script = Array.from({ length: 5000 }, (_, i) => `  echo line ${i}`).join('\n')
  expect(readYaml(`run: |\n${script}\n`).faults).toEqual([])
})
