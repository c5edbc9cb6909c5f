/** What the command line is given by its entry: a console, and ways to read logs and archives. It opens nothing itself. */
import type { Verification } from '../../shared/journal/verify.ts'
import type { Pin } from '../../shared/journal/trust.ts'
import type { Refusal } from '../../shared/model/commands.ts'
import type { Recorded } from '../../shared/model/events.ts'
import type { Asking } from '../engine/asking.ts'
import type { Archive, Library } from '../engine/ports.ts'
import type { Station } from '../engine/station.ts'
import type { Context } from '../services/context.ts'

export type OpenConsole = AsyncDisposable & {
  readonly station: Station
  readonly context: Context
  readonly asking: Asking
  readonly warnings: readonly string[]
}

/** A log that is only read: a data folder (its console may be running) or one origin of an archive. */
export type ReadableLog = AsyncDisposable & {
  readonly origin: string
  runs(): Promise<readonly string[]>
  read(run: string): Promise<readonly Recorded[]>
}

export type Told = (done: number, total: number, what: string) => void

export type Doors = {
  readonly version: string
  readonly library: Library
  readonly defaultDataDir: string
  hasLog(dataDir: string): boolean
  open(options: { dataDir: string; isPractice: boolean; fanout?: number }): Promise<OpenConsole | Refusal>
  verifyData(dataDir: string, options: { trust: readonly Pin[] | null; told: Told }): Promise<Verification>
  openArchive(path: string): Promise<Archive | Refusal>
  verifyArchive(archive: Archive, options: { trust: readonly Pin[] | null; told: Told }): Promise<Verification>
  trustOf(dataDir: string): Promise<string>
  /** A data folder or an archive; one log for each origin in it. */
  readLogs(place: string): Promise<readonly ReadableLog[]>
  /** A new link to the running console of a data folder; null: none is running. */
  newLink(dataDir: string): Promise<string | null>
  readFile(path: string): Promise<string>
  readFd(fd: number): Promise<string>
}

/** Where words and results go. */
export type Terminal = {
  out(text: string): void
  err(text: string): void
  /** A person can be asked. */
  readonly isInteractive: boolean
  /** Progress may be drawn over itself. */
  readonly isLive: boolean
  /**
   * @param urgent something else has to be asked first: the question is given up. Who has begun to type is not interrupted,
   * for keys meant for one question must not answer another.
   * @returns what was typed; empty where it was given up
   */
  ask(question: string, isSecret?: boolean, urgent?: AbortSignal): Promise<string>
}
