/** Canonical JSON: RFC 8785's own examples, what is refused, and the scan that reads bytes without building a value. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8Of } from '../../../shared/journal/bytes.ts'
import { canonicalText, faultOf, isCanonical, MAX_DEPTH, parseCanonical } from '../../../shared/journal/canonical.ts'

describe('published examples', () => {
  // RFC 8785 §3.2.3 and the test data it names (github.com/cyberphone/json-canonicalization).
  test('keys are sorted by UTF-16 code units', () => {
    const input = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
      "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
    expect(canonicalText(JSON.parse(input))).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
        '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    )
  })
  // RFC 8785 §3.2.2.2.
  test('strings escape what they must and nothing else', () => {
    const input = String.raw`{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}`
    expect(canonicalText(JSON.parse(input))).toBe(String.raw`{"string":"€$\u000f\nA'B\"\\\\\"/"}`)
  })
  test('structures, other languages, no normalisation', () => {
    expect(
      canonicalText(
        JSON.parse(
          '{"1":{"f":{"f":"hi","F":5},"\\n":56},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}',
        ),
      ),
    ).toBe('{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}')
    expect(canonicalText({ peach: 1, péché: 2, pêche: 3, sin: 4 })).toBe('{"peach":1,"péché":2,"pêche":3,"sin":4}')
    expect(canonicalText({ 'Unnormalized Unicode': 'A\u030a' })).toBe('{"Unnormalized Unicode":"A\u030a"}')
    expect(canonicalText({ literals: [null, true, false] })).toBe('{"literals":[null,true,false]}')
  })
})

describe('refused before encoding, with its place', () => {
  test.each([
    ['a lone surrogate', { a: ['\ud800'] }, '$.a[0]'],
    ['a lone surrogate in a key', { '\udc00': 1 }, '$'],
    ['NaN', { a: Number.NaN }, '$.a'],
    ['infinity', [Infinity], '$[0]'],
    ['undefined', { a: { b: undefined } }, '$.a.b'],
    ['minus zero', { a: -0 }, '$.a'],
    ['a fraction', { a: 1.5 }, '$.a'],
    ['an integer beyond 2^53 - 1', { a: 2 ** 53 }, '$.a'],
    ['a big integer', { a: 1n }, '$.a'],
    ['a function', { a: () => 1 }, '$.a'],
    ['a date', { a: new Date(0) }, '$.a'],
    ['a map', { a: new Map() }, '$.a'],
    ['toJSON', { toJSON: () => 1 }, '$'],
  ])('%s', (_name, value, path) => {
    expect(faultOf(value)?.path).toBe(path)
    expect(() => canonicalText(value)).toThrow(path)
  })
  test('nesting beyond the bound', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
    expect(canonicalText(nested(MAX_DEPTH)).length).toBe(2 * MAX_DEPTH + 1)
    expect(() => canonicalText(nested(MAX_DEPTH + 1))).toThrow('deeper than 64')
    expect(isCanonical(utf8Of('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH)))).toBe(true)
    expect(isCanonical(utf8Of('['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1)))).toBe(false)
  })
})

describe('bytes that are not the canonical form', () => {
  test.each([
    ['a space', '{"a": 1}'],
    ['a newline at the end', '{"a":1}\n'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['keys out of order', '{"b":1,"a":2}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['keys in order of code points, not code units', '{"\ufb33":1,"😀":2}'],
    ['an escape that is not needed', String.raw`{"a":"\u0041"}`],
    ['a slash escaped', String.raw`{"a":"\/"}`],
    ['upper-case hex', String.raw`{"a":"\u001F"}`],
    ['a long escape that has a short one', String.raw`{"a":"\u000a"}`],
    ['a raw control character', '{"a":"\u0001"}'],
    ['minus zero', '{"a":-0}'],
    ['a leading zero', '{"a":01}'],
    ['a plus', '{"a":+1}'],
    ['a fraction', '{"a":1.0}'],
    ['an exponent', '{"a":1e3}'],
    ['an integer beyond 2^53 - 1', '{"a":9007199254740992}'],
    ['a very long integer', '{"a":10000000000000000000000}'],
    ['a comma too many', '{"a":1,}'],
    ['something after it', '{"a":1}{}'],
    ['cut short', '{"a":"'],
    ['a word', '{"a":nul}'],
    ['nothing', ''],
  ])('%s', (_name, text) => {
    expect(isCanonical(utf8Of(text))).toBe(false)
    expect(parseCanonical(utf8Of(text))).toBeUndefined()
  })
  test.each([
    ['a stray continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong euro sign', [0xf0, 0x82, 0x82, 0xac]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['cut short', [0xe2, 0x82]],
  ])('UTF-8 that is none: %s', (_name, bytes) => {
    expect(isCanonical(Uint8Array.from([0x22, ...bytes, 0x22]))).toBe(false)
  })
})

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((n) => n + 0),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 5 }), tie('value'), { maxKeys: 5 }),
  ),
})).value

test('what is written is read back the same, and is canonical', () => {
  fc.assert(
    fc.property(json, (value) => {
      const bytes = utf8Of(canonicalText(value))
      expect(isCanonical(bytes)).toBe(true)
      expect(canonicalText(parseCanonical(bytes))).toBe(canonicalText(value))
    }),
    { numRuns: 500 },
  )
})

test('the scan says what parsing and writing again would say, also of damaged bytes', () => {
  const fragments = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'u00',
    '1f',
    'n',
    '0',
    '-',
    '7',
    ' ',
    'é',
    '😀',
    '\ufb33',
    'a',
    'null',
  )
  const damaged = fc.tuple(json, fc.nat(), fc.nat(3), fragments).map(([value, at, drop, put]) => {
    const text = canonicalText(value)
    const place = at % (text.length + 1)
    return text.slice(0, place) + put + text.slice(place + drop)
  })
  const slow = (text: string): boolean => {
    try {
      return text.isWellFormed() && canonicalText(JSON.parse(text)) === text
    } catch {
      return false
    }
  }
  let accepted = 0
  fc.assert(
    fc.property(
      fc.oneof(
        damaged,
        fc.array(fragments).map((parts) => parts.join('')),
      ),
      (text) => {
        if (!text.isWellFormed()) return
        const said = isCanonical(utf8Of(text))
        if (said) accepted++
        expect(said).toBe(slow(text))
      },
    ),
    { numRuns: 3000 },
  )
  expect(accepted).toBeGreaterThan(100)
})
