/**
 * Opens the journal of a data folder for writing, or says why not. A journal that cannot be gone on with is kept as it
 * is, and a new incarnation can be begun beside it.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hexOf, sameBytes } from '../../shared/journal/bytes.ts'
import { fullTree } from '../../shared/journal/merkle.ts'
import { formatVkey, parseVkey } from '../../shared/journal/note.ts'
import { makeFolder } from '../disk/durable-file.ts'
import type { Draft } from '../engine/ports.ts'
import { JOURNAL_FILE, openForWriting } from './database.ts'
import { entryIndex } from './entry-index.ts'
import { networkFileSystemOf } from './file-system.ts'
import { genesisDraft } from './genesis.ts'
import type { FirstOperator } from './genesis.ts'
import { readMark } from './high-water-mark.ts'
import { keptIncarnations, putAside, readPrevious } from './incarnations.ts'
import type { Previous } from './incarnations.ts'
import { JournalError, journalErrorOf } from './journal-error.ts'
import type { JournalOptions } from './journal-options.ts'
import { journalRefusal, Refused } from './journal-refusal.ts'
import type { JournalRefusal } from './journal-refusal.ts'
import { headOf } from './journal-reading.ts'
import type { OriginKey } from './journal-writer.ts'
import { rowsOf } from './rows.ts'
import type { Rows } from './rows.ts'
import { againstMark, readSound } from './sound-journal.ts'
import type { SoundJournal } from './sound-journal.ts'
import { systemRandom } from './system.ts'
import { lockForWriting } from './writer-lock.ts'
import { writingJournal } from './writing-journal.ts'
import type { OpenJournal } from './writing-journal.ts'

/** Whether the folder holds a journal already: if not, a first start asks for a name and a key. */
export function hasJournal(dataDir: string): boolean {
  return existsSync(join(dataDir, JOURNAL_FILE)) || keptIncarnations(dataDir).length > 0
}

/** Never rejects for what is wrong with the folder: that is the refusal. Only one at a time holds a data folder. */
export function openJournal(options: JournalOptions): Promise<OpenJournal | JournalRefusal> {
  return opening(options, (held) => openExisting(options, held))
}

/** What must be let go when opening fails, and at close; last first. */
type Held = (() => void)[]

async function opening(
  options: JournalOptions,
  open: (held: Held) => Promise<OpenJournal>,
): Promise<OpenJournal | JournalRefusal> {
  const held: Held = []
  try {
    await takeFolder(options.dataDir, held)
    return await open(held)
  } catch (cause) {
    letGo(held)
    const because = cause instanceof Refused || cause instanceof JournalError ? cause.code : 'io-error'
    return journalRefusal(cause, options.dataDir, (people) =>
      opening(options, (next) => beginNext({ ...options, ...(people ? { people } : {}) }, next, because)),
    )
  }
}

function letGo(held: Held): void {
  for (const release of held.splice(0).reverse()) release()
}

async function takeFolder(dataDir: string, held: Held): Promise<void> {
  await makeFolder(dataDir).catch((cause: unknown) => {
    const error = journalErrorOf(cause, dataDir)
    if (error.code === 'disk-full') throw error
    throw new JournalError('read-only', `The data folder ${dataDir} cannot be made. Choose another one.`, { cause })
  })
  const network = networkFileSystemOf(dataDir)
  if (network !== null) {
    const message = `The data folder ${dataDir} is on a network file system (${network}), where a journal is not safe. Choose a folder on a local disk.`
    throw new JournalError('network-file-system', message)
  }
  held.push(lockForWriting(dataDir).release)
}

async function openExisting(options: JournalOptions, held: Held): Promise<OpenJournal> {
  const path = join(options.dataDir, JOURNAL_FILE)
  if (!existsSync(path) && keptIncarnations(options.dataDir).length > 0) {
    throw new Refused('missing', `The journal ${path} is missing; earlier ones are kept beside it.`)
  }
  if (!existsSync(path) && options.people === undefined) {
    throw new Refused('not-begun', `There is no journal in ${options.dataDir} yet. It begins with a name and a key.`)
  }
  const database = openForWriting(path)
  held.push(() => database.close())
  const rows = rowsOf(database)
  if (rows.size() === 0) return begin(options, held, { database, rows }, unfinished(options.dataDir))
  const sound = await readSound(rows, options.crypto)
  const mark = checkMark(options, rows, sound)
  const originKey = await originKeyOf(options, sound.origin, rows.meta('vkey'))
  const journal = startWriting(options, held, { database, rows, originKey, ...sound })
  await journal.append([bootDraft(options, mark)])
  journal.mark()
  return journal
}

/** A crash after an earlier incarnation was put aside, before the next had an entry: it was asked for, so it goes on. */
function unfinished(dataDir: string): { readonly previous: Previous; readonly because: string } | undefined {
  const kept = keptIncarnations(dataDir).at(-1)
  return kept === undefined ? undefined : { previous: readPrevious(join(dataDir, kept)), because: 'missing' }
}

/** @returns what is said of the mark in the boot entry */
function checkMark(options: JournalOptions, rows: Rows, sound: SoundJournal): 'found' | 'missing' | 'unreadable' {
  const mark = readMark(options.stateDir, sound.origin)
  if (typeof mark === 'string') return mark
  const standing = againstMark(sound.tree, mark, options.crypto)
  if (standing === 'ahead') return 'found'
  const found = headOf(rows)
  const about = { origin: sound.origin, found, mark: { size: mark.size, root: mark.root } }
  if (standing === 'behind') {
    const message = `This journal ends at entry ${found.size}, but had come to ${mark.size}: it was cut, or an older copy of the data folder was put back. It is kept as it is, and nothing is added to it.`
    throw new Refused('behind-high-water-mark', message, {
      ...about,
      seq: found.size,
      detail: 'behind-high-water-mark',
    })
  }
  const message = `This journal is not the one this console wrote: its first ${mark.size} entries are others. It is kept as it is, and nothing is added to it.`
  throw new Refused('inconsistent-with-mark', message, {
    ...about,
    seq: mark.size - 1,
    detail: 'inconsistent-with-mark',
  })
}

async function originKeyOf(options: JournalOptions, origin: string, vkey: string | null): Promise<OriginKey> {
  const key = await options.originKey(origin.split('/')[2] ?? '', false)
  const bound = parseVkey(options.crypto.sha256, vkey ?? '')
  if (key !== null && bound !== null && sameBytes(bound.publicKey, key.publicKey)) return key
  const what = key === null ? 'is not in the data folder' : 'is not the one this journal is sealed with'
  const message = `The console’s key ${what}. Put the key file back, or begin a new incarnation.`
  throw new Refused('origin-key-mismatch', message, { origin })
}

/** The first entries of a journal without any. A crash before they are durable leaves it without any. */
async function begin(
  options: JournalOptions,
  held: Held,
  open: Pick<Parameters<typeof writingJournal>[0], 'database' | 'rows'>,
  after?: { readonly previous: Previous; readonly because: string },
): Promise<OpenJournal> {
  const { rows } = open
  const people = options.people ?? after?.previous.operators.map(asFirst) ?? []
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

/** Version 4, of 16 random bytes. */
function uuidOf(random: Uint8Array): string {
  const hex = hexOf(random)
  const variant = '89ab'.charAt((random[8] ?? 0) & 3)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ]
  return parts.join('-')
}

function asFirst({ name, key, isAdministrator }: Previous['operators'][number]): FirstOperator {
  return { name, publicKey: key, isAdministrator }
}

function previousOf({ origin, head }: Previous) {
  return origin === null || head === null ? undefined : { origin, ...head }
}

async function beginNext(options: JournalOptions, held: Held, because: string): Promise<OpenJournal> {
  const { dataDir } = options
  const path = join(dataDir, JOURNAL_FILE)
  const kept = keptIncarnations(dataDir).at(-1)
  const previous = readPrevious(existsSync(path) || kept === undefined ? path : join(dataDir, kept))
  await putAside(dataDir, previous.origin)
  const database = openForWriting(path)
  held.push(() => database.close())
  return begin(options, held, { database, rows: rowsOf(database) }, { previous, because })
}

function startWriting(
  options: JournalOptions,
  held: Held,
  open: Omit<Parameters<typeof writingJournal>[0], 'options' | 'boot' | 'release'>,
): OpenJournal {
  const boot = hexOf((options.random ?? systemRandom)(8))
  return writingJournal({ ...open, options, boot, release: () => letGo(held) })
}

/** @param mark `new` in a journal that has just begun; `missing` says that its mark was taken away */
function bootDraft(options: JournalOptions, mark: 'new' | 'found' | 'missing' | 'unreadable'): Draft {
  const program = { node: process.versions.node, platform: process.platform, version: options.version ?? 'unknown' }
  return { type: 'boot', data: { mark }, text: program }
}
