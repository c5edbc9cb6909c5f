/** What the command line says of marks that are not there, and of earlier logs that cannot be read. */
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { originKeysIn } from '../../../electron/keys/origin-key.ts'
import { isJournalRefusal } from '../../../electron/store/journal-refusal.ts'
import { openJournal } from '../../../electron/store/open-journal.ts'
import { noteBy, scratchConsole } from '../../support/scratch-console.ts'
import type { ScratchConsole } from '../../support/scratch-console.ts'
import { type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let at: Stage
let people: ScratchConsole
beforeEach(async () => {
  at = stage()
  people = await scratchConsole()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await people[Symbol.asyncDispose]()
  at[Symbol.dispose]()
})

/** A log with one note of one run. @returns its origin */
async function written(run: string): Promise<string> {
  const { dataDir, stateDir } = at
  const journal = await openJournal({
    dataDir,
    stateDir,
    crypto: JOURNAL_CRYPTO,
    originKey: originKeysIn(dataDir),
    people: [{ name: people.lead.name, publicKey: people.lead.publicKey, isAdministrator: true }],
  })
  if (isJournalRefusal(journal)) throw new Error(journal.message)
  await journal.append([await noteBy(journal, people.lead, 'seen', run)])
  await journal.close()
  return journal.origin
}

test('journal verify tells that no mark of the log is on this machine', async () => {
  const origin = await written('one')
  const marked = await at.here(['journal', 'verify'])
  expect(marked).toMatchObject({ exit: 0 })
  expect(marked.out).not.toContain('high-water mark')
  for (const mark of readdirSync(join(at.stateDir, 'marks'))) rmSync(join(at.stateDir, 'marks', mark))
  const unmarked = await at.here(['journal', 'verify'])
  expect(unmarked).toMatchObject({ exit: 0 })
  expect(unmarked.out).toMatch(/^ {2}no high-water mark of it is on this machine: .*--trust/m)
  expect(JSON.parse((await at.here(['journal', 'verify', '--json'])).out)).toMatchObject({
    v: 1,
    ok: true,
    origins: [{ origin, mark: 'missing', problems: [] }],
  })
})

test('an earlier log that cannot be read is named by each command, and keeps none of them from the others', async () => {
  await written('earlier')
  const aside = join(at.folder, 'earlier.db')
  renameSync(join(at.dataDir, 'journal.db'), aside)
  const origin = await written('today')
  renameSync(aside, join(at.dataDir, 'journal.11111111.db'))
  writeFileSync(join(at.dataDir, 'journal.00000000.db'), 'rubbish'.repeat(1000))

  const verified = await at.here(['journal', 'verify'])
  expect(verified.exit).toBe(1)
  expect(verified.out).toMatch(/^journal\.00000000\.db: cannot be read, 1 problem$/m)
  expect(verified.out).toMatch(/\(kept-unreadable\)$/m)
  expect(verified.out).toContain(`${origin}: `)

  const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const said = () => warned.mock.calls.map(([text]) => String(text)).join('')
  const exported = await at.here(['trust', 'export'])
  expect(exported).toMatchObject({ exit: 0 })
  expect(exported.out).toContain(origin)
  expect(exported.out.trim().split('\n')).toHaveLength(3)
  expect(said()).toMatch(/^The earlier journal journal\.00000000\.db is left out: .*\n$/)
  warned.mockClear()
  const listed = await at.cli(['replay', at.dataDir, '--json'])
  expect(JSON.parse(listed.out)).toMatchObject({ runs: [{ run: 'earlier' }, { run: 'today' }] })
  expect(said()).toMatch(/^The earlier journal journal\.00000000\.db is not read: .*\n$/)
})
