/** What verification says of the high-water marks: one that is spoilt, one that is not there, one whose journal is gone. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { markPath, writeMark } from '../../../electron/store/high-water-mark.ts'
import { keptIncarnations } from '../../../electron/store/incarnations.ts'
import { trustPins, verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import { filler, scratchConsole } from '../../support/scratch-console.ts'
import type { ScratchConsole } from '../../support/scratch-console.ts'

async function written(console: ScratchConsole): Promise<string> {
  const journal = await console.open()
  await journal.append([filler('two')])
  await journal.close()
  return journal.origin
}

function verify({ dataDir, stateDir }: ScratchConsole, pinnedFrom?: string) {
  const trust = pinnedFrom === undefined ? {} : { trust: trustPins(pinnedFrom) }
  return verifyDataFolder({ dataDir, stateDir, crypto: JOURNAL_CRYPTO, blobs: () => null, ...trust })
}

/** Its key is gone, so the console goes on in a new incarnation. */
async function goneOn(console: ScratchConsole): Promise<string> {
  rmSync(join(console.dataDir, 'keys'), { recursive: true, force: true })
  const next = await (await console.refusal()).beginIncarnation?.(console.options.people)
  if (next === undefined || !('append' in next)) throw new Error('no next incarnation')
  await next.close()
  return next.origin
}

test('a mark that was compared is said, and so is one that is not there, which is no problem by itself', async () => {
  await using console = await scratchConsole()
  const origin = await written(console)
  expect(await verify(console)).toMatchObject({ ok: true, origins: [{ origin, mark: 'checked', problems: [] }] })
  rmSync(markPath(console.stateDir, origin))
  expect(await verify(console)).toMatchObject({ ok: true, origins: [{ origin, mark: 'missing', problems: [] }] })
})

test.each([
  ['of no form', () => 'not a mark'],
  ['of another journal', (mark: string) => mark.replace(/[0-9a-f]{8}"/, '00000000"')],
])('a mark that is spoilt is a problem: %s', async (_name, spoil) => {
  await using console = await scratchConsole()
  const origin = await written(console)
  writeMark(console.stateDir, { origin, size: 3, root: '0'.repeat(64) })
  const text = spoil(JSON.stringify({ origin, root: '0'.repeat(64), size: 3 }))
  writeFileSync(markPath(console.stateDir, origin), text)
  expect(await verify(console)).toMatchObject({
    ok: false,
    origins: [{ origin, mark: 'unreadable', problems: [{ code: 'mark-unreadable', seq: null }] }],
  })
})

test('an earlier incarnation that has a mark and is gone is missed', async () => {
  await using console = await scratchConsole()
  const first = await written(console)
  const second = await goneOn(console)
  const whole = await verify(console)
  expect(whole.ok).toBe(true)
  expect(new Map(whole.origins.map(({ origin, mark }) => [origin, mark]))).toEqual(
    new Map([
      [first, 'checked'],
      [second, 'checked'],
    ]),
  )
  for (const file of keptIncarnations(console.dataDir)) rmSync(join(console.dataDir, file))
  const cut = await verify(console)
  expect(cut.ok).toBe(false)
  expect(cut.origins.find(({ origin }) => origin === first)?.problems).toMatchObject([{ code: 'origin-missing' }])
  expect(cut.origins.find(({ origin }) => origin === second)).toMatchObject({ mark: 'checked', problems: [] })
  // A mark that is spoilt still names the journal that it was of.
  writeFileSync(markPath(console.stateDir, first), 'not a mark')
  const spoilt = await verify(console)
  expect(spoilt.origins.find(({ origin }) => origin === first)?.problems).toMatchObject([{ code: 'origin-missing' }])
})

test('the marks of another console on this machine play no part', async () => {
  await using console = await scratchConsole()
  await using other = await scratchConsole()
  const origin = await written(console)
  const stranger = await written(other)
  writeMark(console.stateDir, { origin: stranger, size: 3, root: '0'.repeat(64) })
  expect(await verify(console)).toMatchObject({ ok: true, origins: [{ origin, mark: 'checked' }] })
})
