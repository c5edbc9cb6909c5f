/** The small parts: bytes as text, bundles and tiles, trust files, entry rules, acts as text. */
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ActLine } from '../../../shared/journal/act.ts'
import { actText, parseAct } from '../../../shared/journal/act.ts'
import { base64Of, bytesOfBase64, bytesOfHex, hexOf, sameBytes, textOf } from '../../../shared/journal/bytes.ts'
import { CHAIN_START, chainNext } from '../../../shared/journal/chain.ts'
import { canonicalBytes, canonicalText } from '../../../shared/journal/canonical.ts'
import {
  encodeHeader,
  encodePayload,
  farCause,
  parseHeader,
  parsePayload,
  textOfPayload,
} from '../../../shared/journal/entry.ts'
import { authorityOf, leadAfter, missingAuthority, NO_LEAD } from '../../../shared/journal/entry-rules.ts'
import {
  decodeEntries,
  decodePayloads,
  encodeEntries,
  encodePayloads,
  originFolder,
  tileName,
  tilePath,
  tilesBetween,
  tilesOf,
} from '../../../shared/journal/tiles.ts'
import { formatMark, formatTrust, parseMark, parseTrust } from '../../../shared/journal/trust.ts'
import { actOf, PersonCommand } from '../../../shared/model/commands.ts'
import { sha256 } from './node-crypto.ts'

const ORIGIN = 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee'
const HASH = 'ab'.repeat(32)

test('hex and base64 are Node’s, and read strictly', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(sameBytes(bytesOfBase64(base64Of(bytes)) ?? Uint8Array.of(1), bytes)).toBe(true)
      expect(sameBytes(bytesOfHex(hexOf(bytes)) ?? Uint8Array.of(1), bytes)).toBe(true)
    }),
  )
  for (const text of ['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA A', 'AA==\n', 'AA=A', '-_==', '====']) {
    expect(bytesOfBase64(text)).toBeNull()
  }
  for (const text of ['a', 'AB', 'zz', '0x']) expect(bytesOfHex(text)).toBeNull()
  expect(textOf(Uint8Array.of(0xff))).toBeNull()
})

describe('archive files', () => {
  test('names as tlog-tiles has them', () => {
    expect(tileName(0, 256)).toBe('000')
    expect(tileName(1_234_067, 256)).toBe('x001/x234/067')
    expect(tilePath(0, 273, 112)).toBe('tile/0/273.p/112')
    expect(originFolder(ORIGIN)).toBe('5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee')
    expect(() => originFolder('holdpoint/../../etc')).toThrow(RangeError)
  })
  // The example in c2sp.org/tlog-tiles.
  test('a tree of 70,000 is 273 full tiles, one of 112, one full above, one of 17, one of 1', () => {
    const tiles = tilesOf(70_000)
    const widths = (level: number) => tiles.filter((tile) => tile.level === level).map((tile) => tile.width)
    expect(widths(0)).toEqual([...Array.from({ length: 273 }, () => 256), 112])
    expect(widths(1)).toEqual([256, 17])
    expect(widths(2)).toEqual([1])
    expect(tilesOf(256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ])
  })
  test('what a sync must write: the tiles of the new size that the old one has not', () => {
    const key = (tile: { level: number; index: number; width: number }) => `${tile.level}/${tile.index}/${tile.width}`
    for (const [from, to] of [
      [0, 1],
      [1, 255],
      [255, 256],
      [256, 257],
      [283, 70_000],
      [65_536, 65_536],
    ] as const) {
      const had = new Set(tilesOf(from).map(key))
      expect(tilesBetween(from, to).map(key)).toEqual(
        tilesOf(to)
          .map(key)
          .filter((name) => !had.has(name)),
      )
    }
  })
  test('bundles hold what was put in, and say what lies after it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 }),
        fc.uint8Array({ maxLength: 9 }),
        (items, rest) => {
          const bundle = Buffer.concat([encodeEntries(items), rest])
          const read = decodeEntries(bundle, items.length)
          expect(read.items.map(hexOf)).toEqual(items.map(hexOf))
          expect(read.rest).toBe(rest.length)
          const payloads = items.map((item, at) => (at % 3 === 0 ? null : item))
          expect(
            decodePayloads(encodePayloads(payloads), items.length).items.map((item) => item && hexOf(item)),
          ).toEqual(payloads.map((item) => item && hexOf(item)))
          for (let cut = 0; cut < bundle.length - rest.length; cut++) {
            expect(decodeEntries(bundle.subarray(0, cut), items.length).items.length).toBeLessThan(items.length)
          }
        },
      ),
      { numRuns: 30 },
    )
    expect(() => encodeEntries([new Uint8Array(65_536)])).toThrow(RangeError)
    expect(() => encodeEntries([new Uint8Array()])).toThrow(RangeError)
  })
})

describe('trust and mark', () => {
  const pin = { origin: ORIGIN, genesis: HASH, size: 12, root: HASH }
  test('read back as written', () => {
    expect(parseTrust(formatTrust([pin]))).toEqual({ pins: [pin] })
    expect(parseMark(formatMark({ origin: ORIGIN, size: 12, root: HASH }))).toEqual({
      origin: ORIGIN,
      size: 12,
      root: HASH,
    })
  })
  test.each([
    ['no first line', `${ORIGIN} ${HASH} 12 ${HASH}\n`, 1],
    ['a field missing', `# holdpoint trust v1\n${ORIGIN} ${HASH} 12\n`, 2],
    ['a field too many', `# holdpoint trust v1\n\n${ORIGIN} ${HASH} 12 ${HASH} x\n`, 3],
    ['two spaces', `# holdpoint trust v1\n${ORIGIN}  ${HASH} 12 ${HASH}\n`, 2],
    ['a size that is none', `# holdpoint trust v1\n${ORIGIN} ${HASH} 012 ${HASH}\n`, 2],
    ['an origin twice', `${formatTrust([pin])}${ORIGIN} ${HASH} 13 ${HASH}\n`, 3],
  ])('a trust file with %s is refused with its line', (_name, text, line) => {
    expect(parseTrust(text)).toMatchObject({ line })
  })
  test('what is no mark', () => {
    for (const text of ['', '{}', '[]', '{"origin":"x","size":1,"root":"y"}']) expect(parseMark(text)).toBeNull()
  })
})

describe('entries', () => {
  const header = {
    v: 1,
    origin: ORIGIN,
    seq: 3,
    prev: HASH,
    at: '2026-12-05T22:00:00.000Z',
    mono: 7,
    boot: 'boot-1',
    type: 'cells.readied',
    data: { run: 'r' },
    cause: 2,
    payload: HASH,
  } as const
  test('a header reads back as written', () => {
    expect(parseHeader(encodeHeader(header))).toEqual({ header })
  })
  test.each([
    ['another version', { v: 2 }],
    ['an unknown key', { more: 1 }],
    ['a negative seq', { seq: -1 }],
    ['a time without milliseconds', { at: '2026-12-05T22:00:00Z' }],
    ['a zone other than UTC', { at: '2026-12-05T22:00:00.000+01:00' }],
    ['an upper-case hash', { prev: HASH.toUpperCase() }],
    ['an origin of another form', { origin: 'holdpoint/1/2' }],
    ['a type with a space', { type: 'run started' }],
    ['a long type', { type: `a${'b'.repeat(64)}` }],
    ['data that is a list', { data: [] }],
    ['a cause that is null', { cause: null }],
    ['a cause of another form', { cause: `${ORIGIN}#01` }],
    ['a signature without an act', { sig: 'AAAA' }],
  ])('invalid: %s', (_name, change) => {
    expect(parseHeader(canonicalBytes({ ...header, ...change }))).toMatchObject({ code: 'header-invalid' })
  })
  test('not canonical, not an object, too long', () => {
    const text = canonicalText(header)
    for (const bytes of [`${text} `, `[${text}]`, '1', ''].map((one) => Buffer.from(one))) {
      expect(parseHeader(bytes)).toMatchObject({ code: 'header-not-canonical' })
    }
    const long = { ...header, data: { run: 'r'.repeat(65_535) } }
    expect(() => encodeHeader(long)).toThrow(RangeError)
    expect(parseHeader(canonicalBytes(long))).toMatchObject({ code: 'header-not-canonical' })
  })
  test('a chain begins at zeros and goes on by plain SHA-256', () => {
    const { v: _v, seq: _seq, prev: _prev, ...rest } = header
    const first = chainNext(sha256, CHAIN_START, rest)
    const second = chainNext(sha256, first.end, rest)
    expect(first.header).toMatchObject({ seq: 0, prev: '0'.repeat(64) })
    expect(second.header).toMatchObject({ seq: 1, prev: hexOf(sha256(first.bytes)) })
  })
  test('a payload gives back the text; the act’s documents stand beside it', () => {
    const content = { salt: '0'.repeat(32), type: 'run.closed', data: { run: 'r' } }
    const reason = { salt: '1'.repeat(32), text: 'done' }
    const bytes = encodePayload('2'.repeat(32), { reason: 'done', note: 'x' }, { content, reason })
    const payload = parsePayload(bytes)
    expect(payload).toEqual({ salt: '2'.repeat(32), content, reason, note: 'x' })
    expect(payload && textOfPayload(payload)).toEqual({ reason: 'done', note: 'x' })
    expect(parsePayload(canonicalBytes({ note: 'x' }))).toBeNull()
  })
  test('a far cause names origin and seq', () => {
    expect(farCause(`${ORIGIN}#273`)).toEqual({ origin: ORIGIN, seq: 273 })
    expect(farCause(273)).toBeNull()
  })
})

test('what authorises an entry', () => {
  const entry = (type: string, more: object = {}) => missingAuthority({ type, data: {}, ...more }, NO_LEAD)
  expect(entry('nonce.issued')).toBeNull()
  expect(entry('run.started')).toBe('act-missing')
  expect(entry('run.started', { cause: 1 })).toBe('act-missing')
  expect(entry('run.started', { act: {} })).toBeNull()
  expect(entry('run.held', { cause: 1 })).toBe('act-missing')
  expect(entry('run.held', { cause: 1, data: { by: 'policy' } })).toBeNull()
  expect(entry('run.held', { data: { by: 'policy' } })).toBe('act-missing')
  expect(entry('something.new')).toBe('cause-missing')
  expect(entry('something.new', { cause: 1 })).toBeNull()
  expect(authorityOf('something.new')).toBe('act-or-cause')
})

test('what a person did is an act, or is led by one', () => {
  const person = { type: 'cell.ended', data: { by: 'person' } }
  for (const header of [person, { type: 'backout.retried', data: {} }]) {
    expect(missingAuthority({ ...header, act: {} }, NO_LEAD)).toBeNull()
    expect(missingAuthority(header, 7)).toBe('act-missing')
    expect(missingAuthority({ ...header, cause: 7 }, NO_LEAD)).toBe('act-missing')
    expect(missingAuthority({ ...header, cause: 7 }, 8)).toBe('act-missing')
    expect(missingAuthority({ ...header, cause: `${ORIGIN}#7` }, 7)).toBe('act-missing')
    expect(missingAuthority({ ...header, cause: `${ORIGIN}#7` }, 'any')).toBe('act-missing')
    expect(missingAuthority({ ...header, cause: 7 }, 7)).toBeNull()
    expect(missingAuthority({ ...header, cause: 7 }, 'any')).toBeNull()
  }
  expect(missingAuthority({ type: 'cell.ended', data: { by: 'policy' }, cause: 7 }, NO_LEAD)).toBeNull()
  // Led or not, what needs an act of its own needs one.
  expect(missingAuthority({ type: 'run.closed', data: { by: 'person' }, cause: 7 }, 7)).toBe('act-missing')
})

test('an act leads until something else stands in the log', () => {
  expect(leadAfter(3, 7, { act: {} })).toBe(7)
  expect(leadAfter(7, 8, { cause: 7 })).toBe(7)
  expect(leadAfter(7, 8, { cause: 3 })).toBeNull()
  expect(leadAfter(7, 8, {})).toBeNull()
  expect(leadAfter(7, 8, null)).toBe('any')
  expect(leadAfter('any', 9, { cause: 7 })).toBe(7)
  expect(leadAfter('any', 9, { cause: `${ORIGIN}#7` })).toBeNull()
  expect(leadAfter(NO_LEAD, 9, { cause: 7 })).toBeNull()
})

describe('acts', () => {
  test('every verb that is signed is one that FORMAT.md names', () => {
    const format = readFileSync(join(import.meta.dirname, '../../../shared/journal/FORMAT.md'), 'utf8')
    const line = /^Verbs in use: (.*)$/m.exec(format)?.[1] ?? ''
    const verbs = new Set([...line.matchAll(/`([a-z-]+)`/g)].map(([, verb]) => verb))
    const commands = PersonCommand.options.map(({ shape }) => shape.do.value)
    const signed = commands.filter((one) => one !== 'decideGate').map((one) => actOf({ do: one } as PersonCommand))
    expect(signed).toHaveLength(commands.length - 1)
    expect(signed.filter((verb) => !verbs.has(verb))).toEqual([])
  })
  const line: ActLine = {
    v: 1,
    nonce: '0123456789abcdef'.repeat(2),
    origin: ORIGIN,
    run: 'orders',
    act: 'approve',
    subject: 'go',
    role: null,
    content: HASH,
    reason: null,
    after: { size: 12, root: HASH },
  }
  test('the text of version 1, to the letter', () => {
    expect(actText(line)).toBe(`Holdpoint act, version 1
act:      approve
subject:  go
run:      orders
role:     -
console:  ${ORIGIN}
content:  sha256 ${HASH}
reason:   -
log seen: 12 entries, root ${HASH}
nonce:    0123456789abcdef0123456789abcdef

{"act":"approve","after":{"root":"${HASH}","size":12},"content":"${HASH}","nonce":"0123456789abcdef0123456789abcdef","origin":"${ORIGIN}","reason":null,"role":null,"run":"orders","subject":"go","v":1}
`)
  })
  test.each([
    ['a second line', { subject: 'go\nrun:      another' }],
    ['a carriage return', { role: 'lead\r' }],
    ['a text that runs backwards', { subject: '\u202eog' }],
    ['an invisible character', { run: 'or\u200bders' }],
    ['nothing', { subject: '' }],
    ['too much', { subject: 'x'.repeat(513) }],
    ['another version', { v: 2 }],
    ['one more key', { more: 1 }],
    ['no content', { content: null }],
  ])('refused: %s', (_name, change) => {
    expect(parseAct({ ...line, ...change })).toBeNull()
    expect(parseAct(line)).toEqual(line)
  })
})
