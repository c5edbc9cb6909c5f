/** An earlier journal that cannot be read is said, and hides nothing of the others. */
import Database from 'better-sqlite3'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { keptIncarnations } from '../../../electron/store/incarnations.ts'
import { trustPins, verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import { filler, scratchConsole } from '../../support/scratch-console.ts'
import type { ScratchConsole } from '../../support/scratch-console.ts'

let at: ScratchConsole
beforeEach(async () => {
  at = await scratchConsole()
})
afterEach(() => at[Symbol.asyncDispose]())

const verify = (trust?: ReturnType<typeof trustPins>) =>
  verifyDataFolder({ ...at, crypto: JOURNAL_CRYPTO, blobs: () => null, ...(trust ? { trust } : {}) })

/** Spoils the journal, and goes on in a new one beside it. @returns the new one's origin and the file that was kept */
async function goneOnBeside(spoil: (path: string) => void): Promise<{ origin: string; kept: string }> {
  const journal = await at.open()
  await journal.append(Array.from({ length: 300 }, (_, n) => filler(`entry ${n} ${'x'.repeat(400)}`)))
  await journal.close()
  const path = join(at.dataDir, 'journal.db')
  const database = new Database(path)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
  spoil(path)
  const next = await (await at.refusal()).beginIncarnation?.(at.options.people)
  if (next === undefined || !('append' in next)) throw new Error('no next incarnation')
  await next.append([filler('on')])
  await next.close()
  const [kept = ''] = keptIncarnations(at.dataDir)
  expect(existsSync(join(at.dataDir, kept))).toBe(true)
  return { origin: next.origin, kept }
}

test('rubbish in place of an earlier journal: named, and the journal of today is verified', async () => {
  const { origin, kept } = await goneOnBeside((path) => writeFileSync(path, 'rubbish'.repeat(1000)))
  const answer = await verify()
  expect(answer.ok).toBe(false)
  expect(answer.origins).toMatchObject([
    { origin, size: 4, problems: [] },
    { origin: kept, size: 0, root: null, problems: [{ code: 'kept-unreadable', seq: null }] },
  ])
  expect(answer.origins[1]?.problems[0]?.message).toContain(kept)

  const warnings: string[] = []
  const pins = trustPins(at.dataDir, (message) => warnings.push(message))
  expect(pins.map((pin) => pin.origin)).toEqual([origin])
  expect(warnings).toEqual([expect.stringContaining(kept)])
  expect((await verify(pins)).origins).toMatchObject([{ problems: [] }, { problems: [{ code: 'kept-unreadable' }] }])
})

test('an earlier journal whose pages are spoilt in the middle: read as far as it goes, and named', async () => {
  const { origin } = await goneOnBeside((path) => {
    const bytes = readFileSync(path)
    bytes.fill(0xff, 20 * 4096, Math.floor(statSync(path).size / 4096 - 5) * 4096)
    writeFileSync(path, bytes)
  })
  const answer = await verify()
  expect(answer.ok).toBe(false)
  expect(answer.origins.find((one) => one.origin === origin)?.problems).toEqual([])
  expect(answer.origins.flatMap(({ problems }) => problems.map(({ code }) => code))).toContain('kept-unreadable')
  expect(trustPins(at.dataDir, () => undefined).map((pin) => pin.origin)).toContain(origin)
})

test('a journal of today that cannot be read stays an error', async () => {
  await goneOnBeside((path) => writeFileSync(path, 'rubbish'.repeat(1000)))
  writeFileSync(join(at.dataDir, 'journal.db'), 'rubbish'.repeat(1000))
  await expect(verify()).rejects.toMatchObject({ code: 'damaged' })
  expect(() => trustPins(at.dataDir)).toThrow(/journal\.db is not a journal/)
})
