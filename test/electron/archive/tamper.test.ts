import { afterAll, beforeAll, expect, test } from 'vitest'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCheckpoint, signCheckpoint } from '../../../shared/journal/checkpoint.ts'
import type { Pin } from '../../../shared/journal/trust.ts'
import { directoryArchive } from '../../../electron/archive/directory.ts'
import { verifyArchive } from '../../../electron/engine/verify-archive.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { originKeysIn } from '../../../electron/keys/origin-key.ts'
import { smallJournal } from '../../support/small-journal.ts'
import type { SmallJournal } from '../../support/small-journal.ts'

// Entries in the archive: 0 genesis, 1 boot, 2 nonces, 3 act with a blob, 4 filler with a blob, 5 act, 6 caused by it, 7 filler.
let small: SmallJournal
let forged: SmallJournal
let pins: readonly Pin[]
beforeAll(async () => {
  small = await smallJournal()
  forged = await smallJournal()
  const { origins } = await verifyArchive(directoryArchive(small.archiveDir), { crypto: JOURNAL_CRYPTO })
  const root = origins[0]?.root ?? ''
  pins = small.pins.map((pin) => ({ ...pin, size: 8, root }))
})
afterAll(async () => {
  await small[Symbol.asyncDispose]()
  await forged[Symbol.asyncDispose]()
})

type Named = readonly [code: string, seq: number | null]

async function verify(archiveDir: string, trust?: readonly Pin[]): Promise<readonly Named[]> {
  const request = { crypto: JOURNAL_CRYPTO, ...(trust ? { trust } : {}) }
  const { origins } = await verifyArchive(directoryArchive(archiveDir), request)
  return origins.flatMap(({ problems }) => problems.map(({ code, seq }): Named => [code, seq]))
}

/** A copy whose origin folder is changed; the untouched one must pass beside it. */
async function tampered(change: (folder: string) => void | Promise<void>, trust?: readonly Pin[]) {
  const copy = mkdtempSync(join(small.folder, 'copy-'))
  try {
    cpSync(small.archiveDir, copy, { recursive: true })
    expect(await verify(copy, pins)).toEqual([])
    await change(join(copy, small.originDir))
    return await verify(copy, trust)
  } finally {
    rmSync(copy, { recursive: true })
  }
}

const edit = (path: string, change: (text: string) => string) => (folder: string) => {
  const before = readFileSync(join(folder, path), 'latin1')
  const after = change(before)
  if (after === before) throw new Error('nothing was changed')
  writeFileSync(join(folder, path), after, 'latin1')
}
const flipAt = (path: string, at: number) => (folder: string) => {
  const bytes = readFileSync(join(folder, path))
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(join(folder, path), bytes)
}
const remove = (path: string) => (folder: string) => rmSync(join(folder, path))
const ENTRIES = 'tile/entries/000.p/8'
const PAYLOADS = 'payload/000.p/8'
const blobAt = (at: 0 | 1) => `blob/${small.blobs[at].slice(0, 2)}/${small.blobs[at]}`

test.each<[string, (folder: string) => void | Promise<void>, Named[]]>([
  [
    'a header',
    edit(ENTRIES, (text) => text.replace('"type":"cell.ended"', '"type":"cell.endet"')),
    [
      ['tile-mismatch', 6],
      ['jsonl-mismatch', 6],
      ['chain-broken', 7],
      ['root-mismatch', 7],
    ],
  ],
  ['a payload', edit(PAYLOADS, (text) => text.replace('"seven"', '"s3ven"')), [['payload-mismatch', 7]]],
  [
    'a payload bundle that is gone',
    remove(PAYLOADS),
    [
      ['payload-missing', 0],
      ['payload-missing', 7],
    ],
  ],
  ['bytes after the last payload', edit(PAYLOADS, (text) => `${text}more`), [['bundle-mismatch', 0]]],
  ['a blob', (folder) => flipAt(blobAt(0), 3)(folder), [['blob-mismatch', 3]]],
  ['a blob that is gone', (folder) => remove(blobAt(1))(folder), [['blob-missing', 4]]],
  ['a tile', flipAt('tile/0/000.p/8', 32 * 4 + 7), [['tile-mismatch', 4]]],
  ['a tile that is gone', remove('tile/0/000.p/8'), [['tile-missing', 0]]],
  [
    'the checkpoint’s signature',
    edit('checkpoint', (text) =>
      text.replace(/(.)(....)\n$/, (_, digit: string, rest: string) => `${digit === 'A' ? 'B' : 'A'}${rest}\n`),
    ),
    [['checkpoint-signature', 7]],
  ],
  [
    'the checkpoint’s size',
    edit('checkpoint', (text) => text.replace('\n8\n', '\n7\n')),
    [
      ['seq-gap', 0],
      ['checkpoint-signature', 6],
    ],
  ],
  ['the checkpoint, gone', remove('checkpoint'), [['checkpoint-missing', null]]],
  [
    'a line of journal.jsonl',
    edit('journal.jsonl', (text) => text.replace('"type":"boot"', '"type":"bood"')),
    [['jsonl-mismatch', 1]],
  ],
  [
    'the tail of journal.jsonl',
    edit('journal.jsonl', (text) => text.replace(/[^\n]*\n$/, '')),
    [['jsonl-mismatch', 7]],
  ],
  ['the stored key', edit('vkey', (text) => text.replace('+', '+0')), [['vkey-mismatch', null]]],
  ['the bundle of headers, gone', remove(ENTRIES), [['seq-gap', 0]]],
  ['the last header, cut off', edit(ENTRIES, (text) => text.slice(0, -40)), [['seq-gap', 7]]],
  [
    'something in fork/',
    (folder) => mkdirSync(join(folder, 'fork', '00'), { recursive: true }),
    [['fork-present', null]],
  ],
])('named: %s', async (_name, change, named) => {
  const problems = await tampered(change)
  for (const one of named) expect(problems).toContainEqual(one)
  expect(problems[0]?.[1]).toBe(named[0]?.[1])
})

test('a checkpoint by another key', async () => {
  const problems = await tampered(async (folder) => {
    const key = await originKeysIn(join(small.folder, 'other'))('00000000', true)
    const parsed = parseCheckpoint(readFileSync(join(folder, 'checkpoint'), 'utf8'))
    if (key === null || parsed === null) throw new Error('no key or no checkpoint')
    writeFileSync(join(folder, 'checkpoint'), await signCheckpoint(JOURNAL_CRYPTO.sha256, parsed.checkpoint, key))
  })
  expect(problems).toEqual([['checkpoint-signature', 7]])
})

test('everything, made anew and signed by other keys: right in itself, and not what was pinned', async () => {
  expect(await verify(forged.archiveDir)).toEqual([])
  expect(await verify(forged.archiveDir, pins)).toEqual([
    ['genesis-mismatch', 0],
    ['inconsistent-with-trusted', 7],
  ])
})

test('an archive that is shorter than what was pinned, or that lacks the origin', async () => {
  const longer = pins.map((pin) => ({ ...pin, size: 9 }))
  expect(await verify(small.archiveDir, longer)).toEqual([['shorter-than-trusted', 8]])
  const empty = mkdtempSync(join(small.folder, 'empty-'))
  expect(await verify(empty, pins)).toEqual([['origin-missing', null]])
})

test('no path and no link leads out of the folder', async () => {
  const outside = join(small.folder, 'outside')
  writeFileSync(outside, 'not of the archive')
  const root = mkdtempSync(join(small.folder, 'links-'))
  writeFileSync(join(root, 'inside'), 'of the archive')
  symlinkSync(outside, join(root, 'link'))
  const archive = directoryArchive(root)
  expect(Buffer.from((await archive.read('inside')) ?? []).toString()).toBe('of the archive')
  expect([await archive.read('link'), await archive.size('link'), await archive.stream('link')]).toEqual([
    null,
    null,
    null,
  ])
  for (const path of ['../outside', '/etc/passwd', 'a/../../outside', 'a//b', '.tmp-1', 'a\\b']) {
    await expect(archive.read(path)).rejects.toThrow(RangeError)
    await expect(archive.write(path, new Uint8Array())).rejects.toThrow(RangeError)
  }
})
