/** How a journal begins: the first of a data folder, or the next incarnation beside one that is not gone on with. */
import type Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hexOf } from '../../shared/journal/bytes.ts'
import { fullTree } from '../../shared/journal/merkle.ts'
import { formatVkey } from '../../shared/journal/note.ts'
import type { Draft } from '../engine/ports.ts'
import { JOURNAL_FILE, openForWriting } from './database.ts'
import { entryIndex } from './entry-index.ts'
import { genesisDraft } from './genesis.ts'
import type { FirstOperator } from './genesis.ts'
import { keptIncarnations, putAside, readPrevious } from './incarnations.ts'
import type { Previous } from './incarnations.ts'
import { JournalError } from './journal-error.ts'
import type { JournalOptions } from './journal-options.ts'
import { Refused } from './journal-refusal.ts'
import { rowsOf } from './rows.ts'
import type { Rows } from './rows.ts'
import { systemRandom } from './system.ts'
import { writingJournal } from './writing-journal.ts'
import type { OpenJournal, WritingParts } from './writing-journal.ts'

/** What must be let go when opening fails, and at close; last first. */
export type Held = (() => void)[]

export function letGo(held: Held): void {
  for (const release of held.splice(0).reverse()) release()
}

export type OpenDatabase = { readonly database: Database.Database; readonly rows: Rows }

/** What a new incarnation goes on from, and the code of the refusal that made it needed. */
export type After = { readonly previous: Previous; readonly because: string }

/** A crash after an earlier incarnation was put aside, before the next had an entry: it was asked for, so it goes on. */
export function unfinished(dataDir: string): After | undefined {
  const kept = keptIncarnations(dataDir).at(-1)
  return kept === undefined ? undefined : { previous: readPrevious(join(dataDir, kept)), because: 'missing' }
}

/** Puts the journal aside and begins the next incarnation. */
export async function beginNext(options: JournalOptions, held: Held, because: string): Promise<OpenJournal> {
  const { dataDir } = options
  const path = join(dataDir, JOURNAL_FILE)
  const kept = keptIncarnations(dataDir).at(-1)
  const previous = readPrevious(existsSync(path) || kept === undefined ? path : join(dataDir, kept))
  const after = { previous, because }
  // Asked before anything moves.
  if (peopleOf(options, after).length === 0) throw nobody()
  await putAside(dataDir, previous.origin)
  const database = openForWriting(path)
  held.push(() => database.close())
  return begin(options, held, { database, rows: rowsOf(database) }, after)
}

/** The first entries of a journal without any. A crash before they are durable leaves it without any. */
export async function begin(
  options: JournalOptions,
  held: Held,
  open: OpenDatabase,
  after?: After,
): Promise<OpenJournal> {
  const { rows } = open
  const people = peopleOf(options, after)
  if (people.length === 0) throw nobody()
  const random = options.random ?? systemRandom
  const uuid = after?.previous.origin?.split('/')[1] ?? uuidOf(random(16))
  const origin = rows.meta('origin') ?? `holdpoint/${uuid}/${hexOf(random(4))}`
  const originKey = await options.originKey(origin.split('/')[2] ?? '', true)
  if (originKey === null) throw new Refused('origin-key-mismatch', 'The console’s key could not be made.')
  const vkey = formatVkey(options.crypto.sha256, origin, originKey.publicKey)
  const previous = after && previousOf(after.previous)
  const genesis = genesisDraft(vkey, people, previous)
  if (rows.meta('origin') === null) rows.begin(origin, vkey)
  const nothing = { origin, tree: fullTree(options.crypto.sha256), index: entryIndex() }
  const journal = startWriting(options, held, { ...open, originKey, ...nothing })
  const recovered: Draft[] = after
    ? [{ type: 'recovered', data: { because: after.because, ...(previous ? { previous } : {}) }, text: {} }]
    : []
  await journal.append([genesis, ...recovered, bootDraft(options, 'new')])
  journal.mark()
  return journal
}

/** A journal that was spoilt cannot say who may sign: then it is whoever begins the next one. */
const SAYS_WHO: ReadonlySet<string> = new Set(['behind-high-water-mark', 'missing', 'origin-key-mismatch'])

function peopleOf(options: JournalOptions, after: After | undefined): readonly FirstOperator[] {
  if (options.people !== undefined) return options.people
  if (after === undefined || !SAYS_WHO.has(after.because)) return []
  return after.previous.operators.map(({ name, key, isAdministrator }) => ({ name, publicKey: key, isAdministrator }))
}

function nobody(): JournalError {
  return new JournalError('invalid-entry', 'A journal begins with a name and a key. Nothing was changed.')
}

function previousOf({ origin, head }: Previous) {
  return origin === null || head === null ? undefined : { origin, ...head }
}

/** Version 4, of 16 random bytes. */
function uuidOf(random: Uint8Array): string {
  const hex = hexOf(random)
  const variant = '89ab'.charAt((random[8] ?? 0) & 3)
  const third = `4${hex.slice(13, 16)}`
  return [hex.slice(0, 8), hex.slice(8, 12), third, `${variant}${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}

export function startWriting(
  options: JournalOptions,
  held: Held,
  open: Omit<WritingParts, 'options' | 'boot' | 'release'>,
): OpenJournal {
  const boot = hexOf((options.random ?? systemRandom)(8))
  return writingJournal({ ...open, options, boot, release: () => letGo(held) })
}

/** @param mark `new` in a journal that has just begun; `missing` says that its mark was taken away */
export function bootDraft(options: JournalOptions, mark: 'new' | 'found' | 'missing' | 'unreadable'): Draft {
  const program = { node: process.versions.node, platform: process.platform, version: options.version ?? 'unknown' }
  return { type: 'boot', data: { mark }, text: program }
}
