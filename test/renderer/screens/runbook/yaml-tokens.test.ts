import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitTokens, wordEnd, yamlTokens } from '../../../../renderer/screens/runbook/yaml-tokens.ts'

const text = (pieces: readonly { readonly text: string }[]) => pieces.map((piece) => piece.text).join('')

test('pieces are the line, whatever the line is', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(60), fc.nat(20), (line, from, length) => {
      expect(text(yamlTokens(line))).toBe(line)
      expect(text(splitTokens(yamlTokens(line), from, from + length))).toBe(line)
    }),
  )
})

test('keys, variables, numbers and comments are told apart', () => {
  const looks = (line: string) => yamlTokens(line).map((token) => `${token.look}:${token.text}`)
  expect(looks('  - id: upgrade')).toContain('key:id')
  expect(looks('    with: { VERSION: "${version}", N: 12 }')).toEqual(
    expect.arrayContaining(['key:VERSION', 'variable:${version}', 'number:12']),
  )
  expect(looks('waves: [2, 100%]   # pilot first')).toEqual(
    expect.arrayContaining(['number:2', 'number:100%', 'comment:# pilot first']),
  )
  expect(looks('title: Orders #12')).toContain('comment:#12')
  expect(looks('host: app-07')).not.toContain('number:07')
})

test('a fault underlines the word it is about, at least one character', () => {
  const line = '      orders-ctl wait --workers ${worker_count}'
  const from = line.indexOf('${')
  expect(line.slice(from, wordEnd(line, from))).toBe('${worker_count}')
  expect(wordEnd('', 0)).toBe(1)
  const marked = splitTokens(yamlTokens(line), from, wordEnd(line, from)).filter((piece) => piece.isMarked)
  expect(text(marked)).toBe('${worker_count}')
})
