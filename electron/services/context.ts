/** What every service stands on, and the refusals that all of them share. */
import { type Refusal, refusal } from '../../shared/model/commands.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { Asking } from '../engine/asking.ts'
import type { Console, Hand } from '../engine/console.ts'
import type { Station } from '../engine/station.ts'
import type { ArchiveService } from './archive-service.ts'
import type { KeptLog } from './earlier-logs.ts'

export type Context = {
  readonly station: Station
  readonly archive: ArchiveService
  readonly asking: Asking
  /** Oldest first. */
  keptLogs(): readonly KeptLog[]
  nowMs(): number
}

export const DONE = { done: true } as const

export function consoleOf(station: Station): Console | Refusal {
  const found = station.console()
  if (found !== null) return found
  return station.refusal() ?? refusal('not-set-up', 'Give a name and a key first: the log begins with them.')
}

/** The operator's own hand; a locked key is asked for, never worked around. */
export function handOf(station: Station, role: string | null = null): Hand | Refusal {
  const signer = station.signer()
  return signer === null
    ? refusal('locked', 'Your key is locked. Unlock it with its passphrase, then do this again.')
    : { signer, role }
}

/** A full disk, a key that refuses: a person is told in plain words what happened before the act. A defect stays one. */
export async function orRefusal<T>(work: Promise<T>): Promise<T | Refusal> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof Error && errorCode(cause) !== '') return refusal(errorCode(cause), cause.message)
    throw cause
  }
}

export function isConsole(value: Console | Refusal): value is Console {
  return !('refused' in value)
}
