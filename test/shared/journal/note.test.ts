/** Signed notes: the published examples, made and verified, and what must be refused. */
import { describe, expect, test } from 'vitest'
import { bytesOfBase64, sameBytes, utf8Of } from '../../../shared/journal/bytes.ts'
import { checkpointText, parseCheckpoint, signCheckpoint } from '../../../shared/journal/checkpoint.ts'
import { formatVkey, isSignedBy, parseNote, parseVkey, signNote } from '../../../shared/journal/note.ts'
import { ed25519Of, nodeCrypto, sha256 } from './node-crypto.ts'

// golang.org/x/mod/sumdb/note, package example.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const PETER_SEED = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const PETER_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const PETER_NOTE = `${PETER_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
// c2sp.org/signed-note, example.
const FOO = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const FOO_NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`
const peter = ed25519Of((bytesOfBase64(PETER_SEED) ?? new Uint8Array()).slice(1))

const verdict = async (note: string, vkey: string) => {
  const parsed = parseNote(note)
  const key = parseVkey(sha256, vkey)
  return parsed && key ? isSignedBy(parsed, key, nodeCrypto.verifyEd25519) : null
}

describe('published examples', () => {
  test('both verify, each by its own key only', async () => {
    expect(await verdict(PETER_NOTE, PETER)).toBe(true)
    expect(await verdict(FOO_NOTE, FOO)).toBe(true)
    expect(await verdict(PETER_NOTE, FOO)).toBe(false)
  })
  test('the same key signs the same note, and is written the same', async () => {
    expect(formatVkey(sha256, 'PeterNeumann', peter.publicKey)).toBe(PETER)
    expect(await signNote(sha256, PETER_TEXT, { name: 'PeterNeumann', ...peter })).toBe(PETER_NOTE)
  })
})

describe('refused', () => {
  test.each([
    ['another text', PETER_NOTE.replace('think', 'thank')],
    ['another signature', PETER_NOTE.replace('/ZJ', '/ZK')],
  ])('%s', async (_name, note) => {
    expect(await verdict(note, PETER)).toBe(false)
  })
  test('one bad signature by a known key spoils a good one', async () => {
    const [, line = ''] = PETER_NOTE.split('\n\n')
    expect(await verdict(`${PETER_NOTE}${line.replace('/ZJ', '/ZK')}`, PETER)).toBe(false)
    expect(await verdict(`${PETER_NOTE}— somebody.else AAAAAAAA\n`, PETER)).toBe(true)
  })
  test.each([
    ['no signature', PETER_TEXT],
    ['no newline at the end', PETER_NOTE.slice(0, -1)],
    ['a control character', PETER_NOTE.replace('then', 't\u0007hen')],
    ['a carriage return', PETER_NOTE.replaceAll('\n', '\r\n')],
    ['a dash that is none', PETER_NOTE.replace('—', '-')],
    ['no base64', PETER_NOTE.replace('x08g', 'x0!g')],
    ['too short a signature', `${PETER_TEXT}\n— PeterNeumann x08goA==\n`.replace('x08goA==', 'x08gow==')],
  ])('not a note: %s', (_name, note) => {
    expect(parseNote(note)).toBeNull()
  })
  test.each([
    ['another key id', PETER.replace('c74f20a3', 'c74f20a4')],
    ['another type', PETER.replace('+AR', '+BR')],
    ['a name with a space', PETER.replace('Peter', 'Peter ')],
    ['no name', PETER.replace('PeterNeumann', '')],
    ['cut short', PETER.slice(0, -4)],
  ])('not a verifier key: %s', (_name, vkey) => {
    expect(parseVkey(sha256, vkey)).toBeNull()
  })
})

describe('checkpoints', () => {
  const origin = 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee'
  const root = sha256(utf8Of('a root'))
  test('a signed one reads back and verifies', async () => {
    const note = await signCheckpoint(sha256, { origin, size: 283, root }, peter)
    const read = parseCheckpoint(note)
    expect(read?.checkpoint).toMatchObject({ origin, size: 283 })
    expect(sameBytes(read?.checkpoint.root ?? new Uint8Array(), root)).toBe(true)
    expect(await verdict(note, formatVkey(sha256, origin, peter.publicKey))).toBe(true)
  })
  test.each([
    ['an extension line', (text: string) => `${text}more\n`],
    ['a leading zero', (text: string) => text.replace('\n283\n', '\n0283\n')],
    ['no origin', (text: string) => text.replace(origin, '')],
    ['a short root', (text: string) => text.replace(/.{4}\n$/, '\n')],
    ['a size beyond 2^53', (text: string) => text.replace('\n283\n', '\n9999999999999999\n')],
  ])('not a checkpoint: %s', async (_name, change) => {
    const text = change(checkpointText({ origin, size: 283, root }))
    expect(parseCheckpoint(await signNote(sha256, text, { name: origin, ...peter }))).toBeNull()
  })
})
