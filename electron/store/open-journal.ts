/**
 * Opens the journal of a data folder for writing, or says why not. A journal that cannot be gone on with is kept as it
 * is, and a new incarnation can be begun beside it.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sameBytes } from '../../shared/journal/bytes.ts'
import { parseVkey } from '../../shared/journal/note.ts'
import { makeFolder } from '../disk/durable-file.ts'
import { begin, beginNext, bootDraft, letGo, startWriting, unfinished } from './begin-journal.ts'
import type { Held } from './begin-journal.ts'
import { JOURNAL_FILE, openForWriting } from './database.ts'
import { networkFileSystemOf } from './file-system.ts'
import { readMark } from './high-water-mark.ts'
import { keptIncarnations } from './incarnations.ts'
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
import { lockForWriting } from './writer-lock.ts'
import type { OpenJournal } from './writing-journal.ts'

/** Whether the folder holds a journal already: if not, a first start asks for a name and a key. */
export function hasJournal(dataDir: string): boolean {
  return existsSync(join(dataDir, JOURNAL_FILE)) || keptIncarnations(dataDir).length > 0
}

/** Never rejects for what is wrong with the folder: that is the refusal. Only one at a time holds a data folder. */
export function openJournal(options: JournalOptions): Promise<OpenJournal | JournalRefusal> {
  return opening(options, (held) => openExisting(options, held))
}

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
    const { people: _, ...others } = options
    return journalRefusal(cause, options.dataDir, (people) => {
      const next = { ...others, ...(people ? { people } : {}) }
      return opening(next, (taken) => beginNext(next, taken, because))
    })
  }
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
