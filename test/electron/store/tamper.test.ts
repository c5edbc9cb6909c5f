import { afterAll, beforeAll, expect, test } from 'vitest'
import Database from 'better-sqlite3'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCheckpoint, signCheckpoint } from '../../../shared/journal/checkpoint.ts'
import type { Pin } from '../../../shared/journal/trust.ts'
import { blobStore } from '../../../electron/blobs/blob-store.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { originKeysIn } from '../../../electron/keys/origin-key.ts'
import { verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import { smallJournal } from '../../support/small-journal.ts'
import type { SmallJournal } from '../../support/small-journal.ts'

// Entries of the small journal: 0 genesis, 1 boot, 2 nonces, 3 act, 4 filler, 5 act, 6 its consequence, 7 filler, 8 receipt.
let small: SmallJournal
let forged: SmallJournal
beforeAll(async () => {
  small = await smallJournal()
  forged = await smallJournal()
})
afterAll(async () => {
  await small[Symbol.asyncDispose]()
  await forged[Symbol.asyncDispose]()
})

type Named = readonly [code: string, seq: number | null]

async function verify(dataDir: string, trust?: readonly Pin[], stateDir = small.stateDir): Promise<readonly Named[]> {
  const blobs = blobStore(dataDir)
  const request = { dataDir, stateDir, crypto: JOURNAL_CRYPTO, blobs: (sha256: string) => blobs.stream(sha256) }
  const verdict = await verifyDataFolder({ ...request, ...(trust ? { trust } : {}) })
  expect(verdict.ok).toBe(verdict.origins.every(({ problems }) => problems.length === 0))
  return verdict.origins.flatMap(({ problems }) => problems.map(({ code, seq }): Named => [code, seq]))
}

/** A copy that is changed; the untouched one must pass beside it. */
async function tampered(change: (dataDir: string) => void | Promise<void>, trust?: readonly Pin[]) {
  const copy = mkdtempSync(join(small.folder, 'copy-'))
  try {
    cpSync(small.dataDir, copy, { recursive: true })
    expect(await verify(copy, small.pins)).toEqual([])
    await change(copy)
    return await verify(copy, trust)
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function inDatabase(change: (database: Database.Database) => void): (dataDir: string) => void {
  return (dataDir) => {
    const database = new Database(join(dataDir, 'journal.db'))
    change(database)
    database.close()
  }
}
const sql = (text: string) => inDatabase((database) => database.exec(text))

type Json = Record<string, unknown>
/** Changes a header as one who knows JSON, but has none of the keys. */
const header = (seq: number, change: (header: Json, of: (seq: number) => Json) => Json) =>
  inDatabase((database) => {
    const of = (at: number) =>
      JSON.parse(
        (database.prepare('SELECT header FROM entries WHERE seq = ?').pluck().get(at) as Buffer).toString(),
      ) as Json
    const text = Buffer.from(JSON.stringify(change(of(seq), of)))
    database.prepare('UPDATE entries SET header = ? WHERE seq = ?').run(text, seq)
  })

/** Flips one bit in the middle. */
function flip(path: string): void {
  const bytes = readFileSync(path)
  const at = bytes.length >> 1
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

function blobFile(dataDir: string, sha256: string): string {
  const folder = join(dataDir, 'blobs', sha256.slice(0, 2))
  return join(folder, readdirSync(folder).find((name) => name.startsWith(sha256)) ?? 'none')
}

test.each<[string, (dataDir: string) => void | Promise<void>, Named[]]>([
  [
    'a header',
    sql("UPDATE entries SET header = CAST(replace(header, 'boot', 'bood') AS BLOB) WHERE seq = 4"),
    [
      ['leaf-mismatch', 4],
      ['chain-broken', 5],
      ['root-mismatch', 8],
    ],
  ],
  [
    'a payload',
    sql("UPDATE entries SET payload = CAST(replace(payload, 'seven', 'eleven') AS BLOB) WHERE seq = 7"),
    [['payload-mismatch', 7]],
  ],
  ['a payload that is gone', sql('UPDATE entries SET payload = NULL WHERE seq = 7'), [['payload-missing', 7]]],
  ['a leaf', sql('UPDATE entries SET leaf = zeroblob(32) WHERE seq = 6'), [['leaf-mismatch', 6]]],
  ['a blob', (dir) => flip(blobFile(dir, small.blobs[0])), [['blob-mismatch', 3]]],
  ['a blob that is packed', (dir) => flip(blobFile(dir, small.blobs[1])), [['blob-mismatch', 4]]],
  ['a blob that is gone', (dir) => rmSync(blobFile(dir, small.blobs[1])), [['blob-missing', 4]]],
  [
    'the tail, its seals with it',
    sql('DELETE FROM entries WHERE seq > 4; DELETE FROM checkpoints WHERE size > 5'),
    [['behind-high-water-mark', 5]],
  ],
  ['the tail', sql('DELETE FROM entries WHERE seq > 6'), [['seq-gap', 7]]],
  ['the middle', sql('DELETE FROM entries WHERE seq IN (4, 5)'), [['seq-gap', 4]]],
  [
    'two entries, swapped',
    sql(
      'UPDATE entries SET seq = -1 WHERE seq = 3; UPDATE entries SET seq = 3 WHERE seq = 4; UPDATE entries SET seq = 4 WHERE seq = -1',
    ),
    [
      ['seq-mismatch', 3],
      ['chain-broken', 3],
      ['seq-mismatch', 4],
      ['chain-broken', 4],
    ],
  ],
  ['the last seal', sql('DELETE FROM checkpoints WHERE size = 9'), [['checkpoint-size', 8]]],
  [
    'the root in the last seal',
    sql('UPDATE checkpoints SET root = zeroblob(32) WHERE size = 9'),
    [['checkpoint-invalid', 8]],
  ],
  [
    'an earlier seal',
    sql("UPDATE checkpoints SET note = replace(note, '— ', '- ') WHERE size = 4"),
    [['checkpoint-invalid', 3]],
  ],
  ['the stored key', sql("UPDATE meta SET value = 'holdpoint' WHERE key = 'vkey'"), [['vkey-mismatch', null]]],
  [
    'a signature, stripped',
    header(5, ({ sig: _sig, ...rest }) => rest),
    [
      ['act-signature-missing', 5],
      ['chain-broken', 6],
    ],
  ],
  [
    'an act, stripped',
    header(5, ({ sig: _sig, act: _act, ...rest }) => rest),
    [
      ['act-missing', 5],
      ['cause-not-act', 6],
    ],
  ],
  ['a signature, moved', header(5, (own, of) => ({ ...own, sig: of(3)['sig'] })), [['act-signature-bad', 5]]],
  [
    'an act, moved',
    header(5, (own, of) => ({ ...own, act: of(3)['act'], sig: of(3)['sig'] })),
    [
      ['nonce-reused', 5],
      ['act-content-mismatch', 5],
    ],
  ],
  [
    'an act of another nonce',
    header(5, (own, of) => ({
      ...own,
      act: { ...(own['act'] as Json), nonce: ((of(2)['data'] as Json)['nonces'] as string[])[0] },
    })),
    [['act-signature-bad', 5]],
  ],
])('named: %s', async (_name, change, named) => {
  const problems = await tampered(change)
  for (const one of named) expect(problems).toContainEqual(one)
  // Nothing is said of an entry before the one that was touched.
  expect(problems[0]?.[1]).toBe(named[0]?.[1])
})

test('a seal by another key', async () => {
  const problems = await tampered(async (dataDir) => {
    const key = await originKeysIn(join(small.folder, 'other'))('00000000', true)
    if (key === null) throw new Error('no key')
    const database = new Database(join(dataDir, 'journal.db'))
    const note = database.prepare('SELECT note FROM checkpoints WHERE size = 9').pluck().get() as string
    const parsed = parseCheckpoint(note)
    if (parsed === null) throw new Error('no checkpoint')
    const resigned = await signCheckpoint(JOURNAL_CRYPTO.sha256, parsed.checkpoint, key)
    database.prepare('UPDATE checkpoints SET note = ? WHERE size = 9').run(resigned)
    database.close()
  })
  expect(problems).toEqual([['checkpoint-signature', 8]])
})

test('the whole data folder, replaced by an older copy: seen by the mark, and by what a reviewer pinned', async () => {
  const older = sql('DELETE FROM entries WHERE seq = 8; DELETE FROM checkpoints WHERE size = 9')
  expect(await tampered(older)).toEqual([['behind-high-water-mark', 8]])
  expect(await tampered(older, small.pins)).toEqual([
    ['shorter-than-trusted', 8],
    ['behind-high-water-mark', 8],
  ])
})

test('everything, made anew and signed by other keys: right in itself, and not what was pinned', async () => {
  expect(forged.origin).toBe(small.origin)
  expect(await verify(forged.dataDir, undefined, forged.stateDir)).toEqual([])
  expect(await verify(forged.dataDir, small.pins, forged.stateDir)).toEqual([
    ['genesis-mismatch', 0],
    ['inconsistent-with-trusted', 8],
  ])
  expect(await verify(forged.dataDir)).toEqual([['inconsistent-with-mark', 8]])
})

test('a journal that is gone is missed by who pinned it, and cannot be read by who did not', async () => {
  const copy = mkdtempSync(join(small.folder, 'copy-'))
  expect(await verify(copy, small.pins)).toEqual([['origin-missing', null]])
  await expect(verify(copy)).rejects.toMatchObject({ code: 'not-found' })
})

test('a journal that is pinned and not there, and one that is there and not pinned', async () => {
  const [pin] = small.pins
  if (pin === undefined) throw new Error('nothing is pinned')
  const elsewhere = { ...pin, origin: 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee' }
  expect(await verify(small.dataDir, [pin])).toEqual([])
  expect(await verify(small.dataDir, [elsewhere])).toEqual(
    expect.arrayContaining([
      ['origin-missing', null],
      ['origin-not-trusted', null],
    ]),
  )
})
