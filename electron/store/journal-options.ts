/** What opening a journal needs to be given. */
import type { JournalCrypto } from '../../shared/journal/verify.ts'
import type { FirstOperator } from './genesis.ts'
import type { JournalError } from './journal-error.ts'
import type { Clock, OriginKey } from './journal-writer.ts'

export type JournalOptions = {
  readonly dataDir: string
  /** Outside the data folder: high-water marks are kept here. */
  readonly stateDir: string
  /** The key of an incarnation (8 hex digits), made where there is none yet. */
  originKey(incarnation: string): OriginKey | Promise<OriginKey>
  readonly crypto: JournalCrypto
  /** Who may sign, for a journal that begins now. */
  readonly people?: readonly FirstOperator[]
  /** The program's version, for the boot entry. */
  readonly version?: string
  readonly clock?: Clock
  random?(bytes: number): Uint8Array
  /** Told of what does not stop the journal: a mark that could not be written. */
  warn?(error: JournalError): void
}
