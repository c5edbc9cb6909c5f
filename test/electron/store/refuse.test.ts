import { expect, test } from 'vitest'
import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { networkFileSystem } from '../../../electron/store/file-system.ts'
import { markPath } from '../../../electron/store/high-water-mark.ts'
import type { JournalError } from '../../../electron/store/journal-error.ts'
import { isJournalRefusal } from '../../../electron/store/journal-refusal.ts'
import { hasJournal } from '../../../electron/store/open-journal.ts'
import { openReader } from '../../../electron/store/open-reader.ts'
import { verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import type { OpenJournal } from '../../../electron/store/writing-journal.ts'
import { filler, noteBy, scratchConsole } from '../../support/scratch-console.ts'
import type { ScratchConsole } from '../../support/scratch-console.ts'

/** Six entries: genesis, boot, four more. Closed. */
async function written(console: ScratchConsole): Promise<string> {
  const journal = await console.open()
  for (const text of ['two', 'three', 'four', 'five']) await journal.append([filler(text)])
  await journal.close()
  return journal.origin
}

function change(console: ScratchConsole, sql: string): void {
  const database = new Database(join(console.dataDir, 'journal.db'))
  database.exec(sql)
  database.close()
}

function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((name) => name.startsWith('journal.'))
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
}

test('nothing is begun without a name and a key', async () => {
  await using console = await scratchConsole()
  const { people: _, ...nobody } = console.options
  expect(hasJournal(console.dataDir)).toBe(false)
  expect(await console.refusal({ people: [] })).toMatchObject({ code: 'invalid-entry' })
  rmSync(console.dataDir, { recursive: true })
  const { openJournal } = await import('../../../electron/store/open-journal.ts')
  expect(await openJournal(nobody)).toMatchObject({ refused: true, code: 'not-begun', beginIncarnation: null })
  await console.open()
  expect(hasJournal(console.dataDir)).toBe(true)
})

test('a second writer is refused while the first is open, and not afterwards', async () => {
  await using console = await scratchConsole()
  const first = await console.open()
  expect(await console.refusal()).toMatchObject({ code: 'locked', beginIncarnation: null })
  await first.append([filler('still mine')])
  await first.close()
  await console.open()
})

test('a database of a newer version is refused, and not a byte of it moves', async () => {
  await using console = await scratchConsole()
  await written(console)
  change(console, 'PRAGMA user_version = 99')
  const before = digests(console.dataDir)
  expect(await console.refusal()).toMatchObject({ code: 'newer-version', beginIncarnation: null })
  expect(() => openReader(console)).toThrow(expect.objectContaining({ code: 'newer-version' }) as Error)
  expect(digests(console.dataDir)).toEqual(before)
})

test('the version is seen where it stands in the write-ahead log only', async () => {
  await using console = await scratchConsole()
  await written(console)
  const copy = join(console.folder, 'copy')
  const newer = new Database(join(console.dataDir, 'journal.db'))
  newer.pragma('wal_autocheckpoint = 0')
  newer.exec('PRAGMA user_version = 99; CREATE TABLE later (x)')
  cpSync(console.dataDir, copy, { recursive: true })
  newer.close()
  rmSync(join(copy, 'journal.db-shm'), { force: true })
  const before = digests(copy)
  expect(before).toHaveProperty('journal.db-wal')
  expect(await console.refusal({ dataDir: copy })).toMatchObject({ code: 'newer-version' })
  expect(digests(copy)).toEqual(before)
})

test('what is no database is kept as it is', async () => {
  await using console = await scratchConsole()
  mkdirSync(console.dataDir)
  writeFileSync(
    join(console.dataDir, 'journal.db'),
    'not a database at all, but longer than a hundred bytes. '.repeat(4),
  )
  const before = digests(console.dataDir)
  expect(await console.refusal()).toMatchObject({ code: 'damaged' })
  expect(digests(console.dataDir)).toEqual(before)
})

test('an older copy of the data folder is refused, kept, and gone on from by a new incarnation', async () => {
  await using console = await scratchConsole()
  const origin = await written(console)
  const copy = join(console.folder, 'copy')
  cpSync(console.dataDir, copy, { recursive: true })
  const journal = await console.open()
  await journal.append([await noteBy(journal, console.lead)])
  const lost = journal.head()
  await journal.close()
  // The untouched folder opens: it is the copy that is refused.
  await (await console.open()).close()
  rmSync(console.dataDir, { recursive: true })
  renameSync(copy, console.dataDir)

  const before = digests(console.dataDir)
  const refusal = await console.refusal()
  expect(refusal).toMatchObject({ code: 'behind-high-water-mark', origin, seq: 6, found: { size: 6 } })
  expect(refusal.mark?.size).toBeGreaterThan(lost.size)
  expect(digests(console.dataDir)).toEqual(before)

  const next = await refusal.beginIncarnation?.()
  if (next === undefined || isJournalRefusal(next)) throw new Error('no new incarnation')
  expect(next.origin).not.toBe(origin)
  expect(next.origin.split('/')[1]).toBe(origin.split('/')[1])
  const previous = { origin, ...refusal.found }
  expect(next.read({ from: 0 })).toMatchObject([
    { type: 'genesis', data: { previous, administrators: ['anna-lead'] } },
    { type: 'recovered', data: { because: 'behind-high-water-mark', previous } },
    { type: 'boot', data: { mark: 'new' } },
  ])
  await next.append([await noteBy(next, console.lead)])
  await next.close()
  const old = origin.split('/')[2]
  using kept = openReader({ dataDir: console.dataDir, file: `journal.${old}.db` })
  expect(kept.origin).toBe(origin)
  expect(kept.head()).toEqual(refusal.found)
  await (await console.open()).close()
  const verdict = await verifyDataFolder({ ...console, crypto: JOURNAL_CRYPTO, blobs: () => null })
  const problems = Object.fromEntries(
    verdict.origins.map((one) => [one.origin, one.problems.map(({ code, seq }) => [code, seq])]),
  )
  expect(problems).toEqual({ [next.origin]: [], [origin]: [['behind-high-water-mark', 6]] })
})

test('a copy that went its own way is refused where this console had gone on', async () => {
  await using console = await scratchConsole()
  await written(console)
  const copy = join(console.folder, 'copy')
  cpSync(console.dataDir, copy, { recursive: true })
  const there = await console.open({ dataDir: copy, stateDir: join(console.folder, 'state-there') })
  for (const text of ['a', 'b', 'c']) await there.append([filler(text)])
  await there.close()
  const here = await console.open()
  await here.close()
  expect(await console.refusal({ dataDir: copy })).toMatchObject({ code: 'inconsistent-with-mark', seq: 6 })
})

test('a mark that was taken away or spoilt is told of in the log', async () => {
  await using console = await scratchConsole()
  const mark = markPath(console.stateDir, await written(console))
  rmSync(mark)
  const second = await console.open()
  expect(second.read({ from: 6 })).toMatchObject([{ type: 'boot', data: { mark: 'missing' } }])
  await second.close()
  writeFileSync(mark, '{"size":')
  const third = await console.open()
  expect(third.read({ from: 7 })).toMatchObject([{ type: 'boot', data: { mark: 'unreadable' } }])
})

test('the mark is written at acts, when asked, and at close', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const marked = () =>
    (JSON.parse(readFileSync(markPath(console.stateDir, journal.origin), 'utf8')) as { size: number }).size
  expect(marked()).toBe(2)
  await journal.append([await noteBy(journal, console.lead)])
  expect(marked()).toBe(4)
  await journal.append([filler('later')])
  expect(marked()).toBe(4)
  journal.mark()
  expect(marked()).toBe(5)
  await journal.append([filler('last')])
  await journal.close()
  expect(marked()).toBe(6)
})

test.each<[string, string, number]>([
  ['UPDATE entries SET header = replace(header, \'"mono"\', \'"momo"\') WHERE seq = 3', 'leaf-mismatch', 3],
  ["UPDATE entries SET payload = replace(payload, 'three', 'thrEE') WHERE seq = 3", 'payload-mismatch', 3],
  ['UPDATE entries SET leaf = zeroblob(32) WHERE seq = 4', 'leaf-mismatch', 4],
  ['DELETE FROM entries WHERE seq = 3', 'seq-gap', 3],
  ['DELETE FROM entries WHERE seq = 5', 'checkpoint-size', 5],
  ['UPDATE entries SET seq = seq + 10 WHERE seq = 5', 'seq-gap', 5],
  [
    'UPDATE entries SET seq = -3 WHERE seq = 3; UPDATE entries SET seq = 3 WHERE seq = 4; UPDATE entries SET seq = 4 WHERE seq = -3',
    'seq-mismatch',
    3,
  ],
  ['UPDATE checkpoints SET root = zeroblob(32) WHERE size = 6', 'checkpoint-invalid', 5],
  ["UPDATE checkpoints SET note = replace(note, '— ', '- ') WHERE size = 6", 'checkpoint-invalid', 5],
  [
    'UPDATE checkpoints SET note = replace(note, char(10, 54, 10), char(10, 55, 10)) WHERE size = 6',
    'checkpoint-invalid',
    5,
  ],
  ["UPDATE meta SET value = 'none' WHERE key = 'vkey'", 'vkey-mismatch', 0],
  ['DELETE FROM checkpoints', 'checkpoint-missing', 5],
  ['DELETE FROM checkpoints WHERE size = 6', 'checkpoint-size', 5],
])('not appended to: %s', async (sql, detail, seq) => {
  await using console = await scratchConsole()
  await written(console)
  await (await console.open()).close()
  change(console, 'DELETE FROM entries WHERE seq = 6; DELETE FROM checkpoints WHERE size = 7')
  rmSync(join(console.stateDir, 'marks'), { recursive: true })
  change(console, sql)
  const refusal = await console.refusal()
  expect(refusal).toMatchObject({ code: 'damaged', detail, seq })
  expect(refusal.beginIncarnation).not.toBeNull()
})

test('a spoilt journal does not say who may sign the next one', async () => {
  await using console = await scratchConsole()
  const origin = await written(console)
  change(console, 'DELETE FROM entries WHERE seq = 3')
  const before = digests(console.dataDir)
  const refusal = await console.refusal()
  expect(await refusal.beginIncarnation?.()).toMatchObject({ refused: true, code: 'invalid-entry' })
  expect(digests(console.dataDir)).toMatchObject(before)
  const next = (await refusal.beginIncarnation?.(console.options.people)) as OpenJournal
  const genesis = { type: 'genesis', data: { previous: { origin, size: 6 } } }
  expect(next.read({ from: 0 })).toMatchObject([
    genesis,
    { type: 'recovered', data: { because: 'damaged' } },
    { type: 'boot' },
  ])
  await next.close()
  await (await console.open()).close()
})

test('a tail that was cut together with its seals is behind the mark', async () => {
  await using console = await scratchConsole()
  await written(console)
  change(console, 'DELETE FROM entries WHERE seq >= 4; DELETE FROM checkpoints WHERE size > 4')
  expect(await console.refusal()).toMatchObject({ code: 'behind-high-water-mark', seq: 4 })
})

test('a console without its own key, or with another, does not go on', async () => {
  await using console = await scratchConsole()
  const origin = await written(console)
  const path = join(console.dataDir, 'keys', 'origin', origin.split('/')[2] ?? '')
  const key = readFileSync(path)
  rmSync(path)
  expect(await console.refusal()).toMatchObject({ code: 'origin-key-mismatch', origin })
  expect(existsSync(path)).toBe(false)
  cpSync(join(console.folder, 'lead'), path)
  expect(await console.refusal()).toMatchObject({ code: 'origin-key-mismatch', origin })
  writeFileSync(path, key)
  await console.open()
})

test('a crash between two incarnations is gone on from', async () => {
  await using console = await scratchConsole()
  const origin = await written(console)
  const kept = `journal.${origin.split('/')[2]}.db`
  renameSync(join(console.dataDir, 'journal.db'), join(console.dataDir, kept))
  const refusal = await console.refusal()
  expect(refusal).toMatchObject({ code: 'missing' })
  const fresh = new Database(join(console.dataDir, 'journal.db'))
  fresh.exec('PRAGMA user_version = 0')
  fresh.close()
  const next = await console.open()
  expect(next.read({ from: 0, limit: 1 })).toMatchObject([{ data: { previous: { origin, size: 6 } } }])
})

test('a journal that is gone is not begun over: the next incarnation names the last one kept', async () => {
  await using console = await scratchConsole()
  const origin = await written(console)
  renameSync(join(console.dataDir, 'journal.db'), join(console.dataDir, `journal.${origin.split('/')[2]}.db`))
  const next = (await (await console.refusal()).beginIncarnation?.()) as OpenJournal
  expect(next.read({ from: 0, limit: 1 })).toMatchObject([{ data: { previous: { origin, size: 6 } } }])
  await next.close()
})

test('a folder that cannot be written is refused with a plain word', async () => {
  await using console = await scratchConsole()
  expect(await console.refusal({ dataDir: join(console.folder, 'lead', 'data') })).toMatchObject({
    code: 'read-only',
    beginIncarnation: null,
  })
})

test('network file systems are told from local ones', () => {
  const linux = (type: number, mounts = '') => networkFileSystem('/srv/data', { platform: 'linux', type, mounts })
  const fuse = (type: string) =>
    `22 1 0:20 / / rw - ext4 /dev/sda rw\n23 22 0:21 / /srv/my\\040disk rw - ext4 x rw\n24 22 0:22 / /srv rw,x - ${type} host:/x rw\n`
  expect(linux(0xef53)).toBeNull()
  expect(linux(0x6969)).toBe('nfs')
  expect(linux(-11317950)).toBe('cifs')
  expect(linux(0x65735546, fuse('fuse.sshfs'))).toBe('fuse.sshfs')
  expect(linux(0x65735546, fuse('fuse.ntfs-3g'))).toBeNull()
  const mac = (mounts: string) => networkFileSystem('/Volumes/team/data', { platform: 'darwin', type: 0, mounts })
  expect(mac('/dev/disk1 on / (apfs, local)\n//me@host/team on /Volumes/team (smbfs, nodev)\n')).toBe('smbfs')
  expect(mac('/dev/disk1 on / (apfs, local)\n//me@host/team on /Volumes/teams (smbfs, nodev)\n')).toBeNull()
  const windows = (path: string) => networkFileSystem(path, { platform: 'win32', type: 0, mounts: '' })
  expect(windows('\\\\server\\share\\data')).not.toBeNull()
  expect(windows('C:\\Users\\me')).toBeNull()
  expect(windows('\\\\?\\C:\\Users\\me')).toBeNull()
})

test('errors carry codes, never only words', async () => {
  await using console = await scratchConsole()
  expect(() => openReader(console)).toThrow(
    expect.objectContaining({ code: 'not-found' } satisfies Partial<JournalError>) as Error,
  )
})
