import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { masker, maskText } from '../../../electron/blobs/mask.ts'
import { formsOf } from '../../../electron/blobs/secret-forms.ts'

function pushed(secrets: readonly string[], pieces: readonly Uint8Array[]) {
  const mask = masker(secrets)
  const out = [...pieces.flatMap((piece) => mask.push(piece)), ...mask.end()]
  return {
    text: Buffer.concat(out.map(({ bytes }) => bytes)).toString('latin1'),
    raw: out.reduce((sum, piece) => sum + piece.raw, 0),
    pieces: out,
  }
}

const SECRET = 's3cr€t "pass/word\' $x'

test.each([
  ['as it is', SECRET],
  ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
  ['in JSON with escaped slashes', JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/')],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in a form', encodeURIComponent(SECRET).replaceAll('%20', '+')],
  ['in a URL, lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
  ['in single quotes', SECRET.replaceAll("'", `'\\''`)],
  ['in double quotes', SECRET.replace(/[\\"$`]/g, '\\$&')],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64url', Buffer.from(SECRET).toString('base64url')],
  ['in hex', Buffer.from(SECRET).toString('hex')],
])('a secret %s is masked', (_how, written) => {
  expect(maskText(`before ${written} after`, [SECRET])).toBe('before ****** after')
})

test.each(['u:', 'me:', 'you:', 'user:'])('a secret inside the base64 of %s… leaves nothing to decode', (before) => {
  const secret = 'hunter2-hunter2'
  const encoded = Buffer.from(`${before}${secret}!`).toString('base64')
  const masked = maskText(`Authorization: Basic ${encoded}\n`, [secret])
  expect(masked).toContain('******')
  const left = masked.split('Basic ')[1]?.trim().split('******') ?? []
  for (const part of left) expect(Buffer.from(part, 'base64').toString('latin1')).not.toMatch(/hunt|unter|ter2/)
})

test('each line of a secret of several lines is masked, however it is indented', () => {
  const key = '-----BEGIN KEY-----\nabcdefghijklmnop\nqrstuvwxyz012345\n-----END KEY-----\n'
  const shown = key
    .split('\n')
    .map((line) => `  | ${line}`)
    .join('\n')
  expect(maskText(shown, [key])).not.toMatch(/abcdefgh|qrstuv/)
})

test('overlapping secrets are masked together, and a repeated one is masked as a whole', () => {
  expect(maskText('xabcdy', ['abc', 'cd'])).toBe('x******y')
  expect(maskText(`<${'aa'.repeat(9)}a>`, ['aa'])).toBe('<******>')
  expect(maskText('nothing here', ['', 'absent'])).toBe('nothing here')
})

test('wherever reads are split, what comes out is the same, and no secret is in it', () => {
  const alphabet = fc.constantFrom('a', 'b', 'ab', 'ba', '\n')
  const words = fc.array(alphabet, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
  const run = fc.record({
    secrets: fc.array(words, { minLength: 1, maxLength: 3 }),
    text: fc.array(alphabet, { maxLength: 40 }).map((parts) => parts.join('')),
    cuts: fc.array(fc.nat(80), { maxLength: 8 }),
  })
  fc.assert(
    fc.property(run, ({ secrets, text, cuts }) => {
      const bytes = Buffer.from(text, 'latin1')
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].toSorted((a, b) => a - b)
      const split = pushed(
        secrets,
        at.slice(1).map((to, index) => bytes.subarray(at[index], to)),
      )
      expect(split.raw).toBe(bytes.length)
      // Where masks touch, a cut may leave two of them for one.
      expect(split.text.replaceAll(/(\*{6})+/g, '******')).toBe(pushed(secrets, [bytes]).text)
      for (const form of secrets.flatMap(formsOf)) expect(split.text).not.toContain(form.toString('latin1'))
    }),
    { numRuns: 3000 },
  )
})

test('only what may be the beginning of a secret is held back', () => {
  const mask = masker(['password'])
  const shown = (text: string) => Buffer.concat(mask.push(Buffer.from(text)).map(({ bytes }) => bytes)).toString()
  expect(shown('enter pass')).toBe('enter ')
  expect(shown('port: ')).toBe('passport: ')
  expect(shown('passwor')).toBe('')
  expect(shown('d!')).toBe('******!')
})
