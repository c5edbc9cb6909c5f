/** Why a journal cannot be appended to, as a value. What is on disk stays as it is. */
import type { Head } from '../engine/ports.ts'
import type { FirstOperator } from './genesis.ts'
import { JournalError, journalErrorOf } from './journal-error.ts'
import type { JournalErrorCode } from './journal-error.ts'
import type { OpenJournal } from './writing-journal.ts'

export type JournalRefusalCode =
  | JournalErrorCode
  | 'not-begun'
  | 'missing'
  | 'behind-high-water-mark'
  | 'inconsistent-with-mark'
  | 'origin-key-mismatch'

/** What is known of the journal that was refused. */
export type RefusedJournal = {
  readonly origin: string | null
  /** Where it broke, and how, as FORMAT.md section 11 calls it. */
  readonly seq: number | null
  readonly detail: string | null
  readonly found: Head | null
  readonly mark: Head | null
}

export type BeginIncarnation = (people?: readonly FirstOperator[]) => Promise<OpenJournal | JournalRefusal>

export type JournalRefusal = RefusedJournal & {
  readonly refused: true
  readonly code: JournalRefusalCode
  readonly message: string
  /** Keeps this journal aside and begins the next incarnation; null where that would not help. */
  readonly beginIncarnation: BeginIncarnation | null
}

/** Thrown inside the store, caught at its door. */
export class Refused extends Error {
  readonly code: JournalRefusalCode
  readonly about: Partial<RefusedJournal>

  constructor(code: JournalRefusalCode, message: string, about: Partial<RefusedJournal> = {}) {
    super(message)
    this.name = 'Refused'
    this.code = code
    this.about = about
  }
}

const HELPED_BY_INCARNATION: ReadonlySet<JournalRefusalCode> = new Set([
  'damaged',
  'missing',
  'behind-high-water-mark',
  'inconsistent-with-mark',
  'origin-key-mismatch',
])

export function journalRefusal(cause: unknown, where: string, begin: BeginIncarnation): JournalRefusal {
  const nothing = { origin: null, seq: null, detail: null, found: null, mark: null }
  const error = cause instanceof Refused ? cause : journalErrorOf(cause, where)
  const about = error instanceof JournalError ? { seq: error.seq, detail: error.detail } : error.about
  const { code, message } = error
  return {
    ...nothing,
    ...about,
    refused: true,
    code,
    message,
    beginIncarnation: HELPED_BY_INCARNATION.has(code) ? begin : null,
  }
}

export function isJournalRefusal(value: OpenJournal | JournalRefusal): value is JournalRefusal {
  return 'refused' in value
}
