/** What opening a journal needs to be given. */
import type { JournalCrypto } from '../../shared/journal/source.ts'
import type { FirstOperator } from './genesis.ts'
import type { JournalError } from './journal-error.ts'
import type { Clock, OriginKey } from './journal-writer.ts'

export type JournalOptions = {
  readonly dataDir: string
  /** Outside the data folder: high-water marks are kept here. */
  readonly stateDir: string
  /** The key of an incarnation (8 hex digits). Where there is none: made if it may be, else null. */
  readonly originKey: (incarnation: string, mayMake: boolean) => OriginKey | null | Promise<OriginKey | null>
  readonly crypto: JournalCrypto
  /** Who may sign, for a journal that begins now. */
  readonly people?: readonly FirstOperator[]
  /** The program's version, for the boot entry. */
  readonly version?: string
  readonly clock?: Clock
  readonly random?: (bytes: number) => Uint8Array
  /** Told of what does not stop the journal: a mark that could not be written. */
  readonly warn?: (error: JournalError) => void
}
