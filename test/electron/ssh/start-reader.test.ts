/** What is the script's and what is not, however the bytes of both streams are cut and merged. */
import { describe, expect, test } from 'vitest'
import { createStreamReaders } from '../../../electron/ssh/start-reader.ts'

const NONCE = 'a1b2c3d4e5f60718293a'

/** Feeds one stream in pieces of so many bytes. */
function readAll(text: string, size: number) {
  const heard: string[] = []
  const { stdout } = createStreamReaders(NONCE, (line) => heard.push(line))
  const own: Buffer[] = []
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) {
    const part = stdout.read(bytes.subarray(at, at + size))
    if (part !== null) own.push(part)
  }
  const last = stdout.end()
  if (last !== null) own.push(last)
  return { heard, own: Buffer.concat(own).toString(), noise: stdout.noise() }
}

describe.each([1, 2, 7, 20, 21, 22, 30, 1000])('in pieces of %i bytes', (size) => {
  test.each([
    ['one mark', `Welcome\n${NONCE} go 12 1\none\ntwo`, ['go 12 1'], 'one\ntwo'],
    [
      'both marks',
      `Welcome\n${NONCE} ready\n${NONCE} go 12 2\n${NONCE} go 12 1\none`,
      ['ready', 'go 12 2', 'go 12 1'],
      'one',
    ],
    ['the second mark later', `${NONCE} go 12 1\none\n${NONCE} go 12 2\ntwo`, ['go 12 1', 'go 12 2'], 'one\ntwo'],
    ['marks of a terminal', `${NONCE} go 12 2\r\n${NONCE} go 12 1\r\none\r\n`, ['go 12 2', 'go 12 1'], 'one\r\n'],
    ['output that begins as a mark does', `${NONCE} go 12 1\n${NONCE.slice(0, 9)}`, ['go 12 1'], NONCE.slice(0, 9)],
    ['output that tells the nonce', `${NONCE} go 12 1\n${NONCE}\n${NONCE} x`, ['go 12 1'], `${NONCE}\n${NONCE} x`],
    ['a long line of it', `${NONCE} go 12 1\n${NONCE} ${'y'.repeat(99)}`, ['go 12 1'], `${NONCE} ${'y'.repeat(99)}`],
  ])('%s', (_what, text, heard, own) => {
    expect(readAll(text, size)).toEqual({ heard, own, noise: '' })
  })

  test('no mark: all of it is noise but the lines of the start program', () => {
    expect(readAll(`Welcome\n${NONCE} fail no-shell x\nbye\n`, size)).toEqual({
      heard: ['fail no-shell x'],
      own: '',
      noise: 'Welcome\nbye',
    })
  })
})

test('what another mark may still follow is handed on at once, but for what may be its beginning', () => {
  const { stdout, stderr } = createStreamReaders(NONCE, () => undefined)
  expect(stdout.read(Buffer.from(`${NONCE} go 12 1\n50 %`))?.toString()).toBe('50 %')
  expect(stdout.read(Buffer.from('a'))).toBe(null)
  expect(stderr.read(Buffer.from(`${NONCE} go 12 2\n`))).toBe(null)
  expect(stdout.read(Buffer.from(' b'))?.toString()).toBe('a b')
})
