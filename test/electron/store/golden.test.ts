/** Journals of released versions open, verify and are gone on with, for ever. The fixtures were written by other code. */
import { expect, test } from 'vitest'
import Database from 'better-sqlite3'
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { archiveSource } from '../../../shared/journal/archive-source.ts'
import { parseTrust } from '../../../shared/journal/trust.ts'
import { directoryArchive } from '../../../electron/archive/directory.ts'
import { blobStore } from '../../../electron/blobs/blob-store.ts'
import { verifyArchive } from '../../../electron/engine/verify-archive.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { openReader } from '../../../electron/store/open-reader.ts'
import { trustPins, verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import { filler, scratchConsole } from '../../support/scratch-console.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/journal')
const ORIGIN = 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee'

function pinned() {
  const trust = parseTrust(readFileSync(join(FIXTURES, 'golden.trust'), 'utf8'))
  if (!('pins' in trust)) throw new Error(trust.message)
  return trust.pins
}

/** The golden archive's first origin as a data folder, by the tables of FORMAT.md section 9 and nothing of the store's. */
async function goldenDataFolder(dataDir: string): Promise<void> {
  const archive = directoryArchive(join(FIXTURES, 'golden'))
  const source = await archiveSource(archive, ORIGIN)
  mkdirSync(dataDir, { recursive: true })
  const database = new Database(join(dataDir, 'journal.db'))
  database.exec(`
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE entries (seq INTEGER PRIMARY KEY, header BLOB NOT NULL, payload BLOB NULL, leaf BLOB NOT NULL);
    CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL);
  `)
  database.prepare("INSERT INTO meta VALUES ('origin', ?), ('vkey', ?)").run(ORIGIN, source.vkey)
  for await (const { seq, header, payload } of source.entries(0)) {
    const leaf = createHash('sha256').update(Buffer.of(0)).update(header).digest()
    database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)').run(seq, header, payload, leaf)
  }
  const [, size, root] = source.checkpoint?.split('\n') ?? []
  database
    .prepare('INSERT INTO checkpoints VALUES (?, ?, ?)')
    .run(Number(size), Buffer.from(root ?? '', 'base64'), source.checkpoint)
  database.close()
  cpSync(join(FIXTURES, 'golden', ORIGIN.slice('holdpoint/'.length), 'blob'), join(dataDir, 'blobs'), {
    recursive: true,
  })
}

test('the golden archive verifies, pinned', async () => {
  const verdict = await verifyArchive(directoryArchive(join(FIXTURES, 'golden')), {
    crypto: JOURNAL_CRYPTO,
    trust: pinned(),
  })
  expect(verdict).toMatchObject({
    ok: true,
    trust: 'pinned',
    origins: [{ origin: ORIGIN, size: 283, problems: [] }, { problems: [] }],
  })
})

test('the golden journal as a data folder is read, verified, and gone on with', async () => {
  await using console = await scratchConsole()
  await goldenDataFolder(console.dataDir)
  const trust = pinned().slice(0, 1)
  const blobs = blobStore(console.dataDir)
  const request = { ...console, crypto: JOURNAL_CRYPTO, blobs: (name: string) => blobs.stream(name), trust }
  expect(await verifyDataFolder(request)).toMatchObject({ ok: true, origins: [{ size: 283, problems: [] }] })
  expect(trustPins(console.dataDir)).toMatchObject([{ origin: ORIGIN, genesis: trust[0]?.genesis, size: 283 }])
  using reader = openReader(console)
  expect(reader.read({ from: 0 })).toHaveLength(283)
  expect(
    reader
      .read({ from: 0 })
      .filter(({ act }) => act !== null)
      .map(({ act }) => act?.name),
  ).toContain('Anna Weiß')
  reader.close()

  const key = createPrivateKey(readFileSync(join(FIXTURES, 'keys', 'test-only-origin.pem')))
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32)
  const originKey = () => ({ publicKey, sign: (message: Uint8Array) => sign(null, message, key) })
  const journal = await console.open({ originKey })
  expect(journal.read({ from: 283 })).toMatchObject([{ type: 'boot', data: { mark: 'missing' } }])
  await journal.append([filler('three versions later')])
  await journal.close()
  expect(await verifyDataFolder(request)).toMatchObject({ ok: true, origins: [{ size: 285, problems: [] }] })
})
