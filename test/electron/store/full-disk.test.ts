import { expect, test } from 'vitest'
import { join } from 'node:path'
import { fullTree } from '../../../shared/journal/merkle.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { openForWriting } from '../../../electron/store/database.ts'
import { entryIndex } from '../../../electron/store/entry-index.ts'
import { genesisDraft } from '../../../electron/store/genesis.ts'
import { journalErrorOf } from '../../../electron/store/journal-error.ts'
import { journalWriter } from '../../../electron/store/journal-writer.ts'
import { rowsOf } from '../../../electron/store/rows.ts'
import { SYSTEM_CLOCK, systemRandom } from '../../../electron/store/system.ts'
import { formatVkey } from '../../../shared/journal/note.ts'
import { filler, scratchConsole } from '../../support/scratch-console.ts'

test('a full disk is a plain error before the act: nothing is half-written, and it goes on when there is room', async () => {
  await using console = await scratchConsole()
  const origin = 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee'
  const originKey = await console.options.originKey('00c0ffee', true)
  if (originKey === null) throw new Error('no key')
  const database = openForWriting(join(console.dataDir, 'journal.db'))
  const rows = rowsOf(database)
  const vkey = formatVkey(JOURNAL_CRYPTO.sha256, origin, originKey.publicKey)
  rows.begin(origin, vkey)
  const told: number[] = []
  const writer = journalWriter({
    rows,
    origin,
    originKey,
    boot: 'b1',
    clock: SYSTEM_CLOCK,
    random: systemRandom,
    crypto: JOURNAL_CRYPTO,
    tree: fullTree(JOURNAL_CRYPTO.sha256),
    index: entryIndex(),
    onCommit: () => {},
  })
  writer.subscribe((entries) => told.push(...entries.map(({ ref }) => ref.seq)))
  await writer.append([genesisDraft(vkey, console.options.people ?? [])])
  // SQLite's own limit: it answers SQLITE_FULL just as it does for ENOSPC.
  database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 3}`)
  const big = filler('x'.repeat(100_000))
  await expect(writer.append([filler('small'), big])).rejects.toMatchObject({ code: 'disk-full' })
  expect([rows.size(), rows.lastCheckpoint()?.size, told]).toEqual([1, 1, [0]])
  expect((await writer.append([filler('small')]))[0]?.ref.seq).toBe(1)
  database.pragma('max_page_count = 100000')
  expect((await writer.append([big]))[0]?.ref.seq).toBe(2)
  await writer.end()
  database.close()
})

test.each([
  ['SQLITE_FULL', 'disk-full'],
  ['ENOSPC', 'disk-full'],
  ['SQLITE_BUSY_SNAPSHOT', 'locked'],
  ['SQLITE_READONLY_DBMOVED', 'read-only'],
  ['EROFS', 'read-only'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_CANTOPEN', 'not-found'],
  ['SQLITE_IOERR_WRITE', 'io-error'],
])('%s is told as %s', (said, code) => {
  expect(journalErrorOf(Object.assign(new Error('as the system says'), { code: said }), 'here')).toMatchObject({ code })
})
