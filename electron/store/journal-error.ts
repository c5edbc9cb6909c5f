/** What can go wrong with a journal on this machine, as codes. The message is for the person: what happened, what to do. */
import { errorCode } from '../../shared/text/error-code.ts'

export type JournalErrorCode =
  | 'disk-full'
  | 'locked'
  | 'read-only'
  | 'io-error'
  | 'damaged'
  | 'not-found'
  | 'newer-version'
  | 'network-file-system'
  | 'invalid-entry'
  | 'act-refused'
  | 'signing-failed'
  | 'closed'

/** Thrown by every function of the store. Nothing is half-written when it is. */
export class JournalError extends Error {
  readonly code: JournalErrorCode
  /** More exactly, as a code of FORMAT.md section 11, and where. */
  readonly detail: string | null
  readonly seq: number | null

  constructor(
    code: JournalErrorCode,
    message: string,
    options: { cause?: unknown; detail?: string; seq?: number } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'JournalError'
    this.code = code
    this.detail = options.detail ?? null
    this.seq = options.seq ?? null
  }
}

const MEANING: readonly (readonly [RegExp, JournalErrorCode, string])[] = [
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)$/,
    'disk-full',
    'The disk is full. Nothing was recorded; free some space and try again.',
  ],
  [
    /^(SQLITE_BUSY|SQLITE_LOCKED)/,
    'locked',
    'Another program holds the journal. Nothing was recorded; close it and try again.',
  ],
  [
    /^(SQLITE_READONLY|SQLITE_PERM|SQLITE_AUTH|EROFS|EACCES|EPERM)/,
    'read-only',
    'The data folder cannot be written. Nothing was recorded; check its permissions and where it is mounted.',
  ],
  [
    /^(SQLITE_CORRUPT|SQLITE_NOTADB)/,
    'damaged',
    'The journal is damaged: SQLite cannot read it. It is kept as it is; see which copy is whole with "holdpoint journal verify".',
  ],
  [/^(SQLITE_CANTOPEN|ENOENT|ENOTDIR)/, 'not-found', 'There is no journal that can be opened in this folder.'],
]

/** Names what SQLite or the system said. Keeps a JournalError as it is. */
export function journalErrorOf(cause: unknown, where: string): JournalError {
  if (cause instanceof JournalError) return cause
  const said = errorCode(cause)
  for (const [pattern, code, message] of MEANING) {
    if (pattern.test(said)) return new JournalError(code, `${message} (${where})`, { cause })
  }
  const words = cause instanceof Error ? cause.message : String(cause)
  return new JournalError('io-error', `The journal could not be read or written: ${words} (${where})`, { cause })
}
