/** The archive of this console: where it is, what it is known to hold, and syncing to it, one at a time. */
import type { ArchiveStatus } from '../../shared/api/archive.ts'
import type { Progress } from '../../shared/api/progress.ts'
import { isRefusal, type Refusal, refusal } from '../../shared/model/commands.ts'
import type { JournalCrypto, Verification } from '../../shared/journal/verify.ts'
import type { Console } from '../engine/console.ts'
import type { Archive } from '../engine/ports.ts'
import type { Station } from '../engine/station.ts'
import { syncToArchive } from '../engine/sync.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { KeptLog } from './earlier-logs.ts'
import { progressStream, type Told } from './progress-stream.ts'

export type ArchiveParts = {
  readonly station: Station
  openArchive(path: string): Promise<Archive | Refusal>
  /** As `openArchive`, and sees that it can be written to. */
  chooseArchive(path: string): Promise<Archive | Refusal>
  readonly crypto: JournalCrypto
  /** Logs of earlier incarnations, kept beside this one. */
  keptLogs(): readonly KeptLog[]
  verifyArchive(archive: Archive, told: Told): Promise<Verification>
  nowMs(): number
}

type Left = Extract<Progress, { kind: 'synced' }>['left'][number]

/** How far the log was looked through for receipts of one archive, and the last one there. */
type Looked = {
  readonly origin: string
  readonly archive: string
  readonly upTo: number
  readonly receipt: ArchiveStatus['receipt']
}

export type ArchiveService = {
  status(): Promise<ArchiveStatus>
  set(path: string): Promise<ArchiveStatus | Refusal>
  sync(signal?: AbortSignal): AsyncGenerator<Progress>
  verify(signal?: AbortSignal): AsyncGenerator<Progress>
  onChange(listener: () => void): () => void
}

export function archiveService(parts: ArchiveParts): ArchiveService {
  const { station } = parts
  let state: ArchiveStatus['state'] = 'idle'
  let message: string | null = null
  let looked: Looked = { origin: '', archive: '', upTo: 0, receipt: null }
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of listeners) listener()
  }

  async function status(): Promise<ArchiveStatus> {
    const { archive: path } = await station.settings.read()
    const console = station.console()
    const receipt = path === null ? null : lastReceipt(path)
    const size = console?.journal.head().size ?? 0
    // The receipt is itself an entry: an archive that lacks nothing else is not behind.
    const behind = receipt === null ? size : Math.max(0, size - receipt.size - 1)
    return { path, state: path === null ? 'none' : state, receipt, behind, message }
  }

  /** Of this archive: what another holds says nothing of it. Asked for with every status: each entry is looked at once. */
  function lastReceipt(archive: string): ArchiveStatus['receipt'] {
    const journal = station.console()?.journal
    if (journal === undefined) return null
    if (looked.origin !== journal.origin || looked.archive !== archive)
      looked = { origin: journal.origin, archive, upTo: 0, receipt: null }
    const { size } = journal.head()
    for (let from = looked.upTo; from < size; from += 500) {
      const entries = journal.read({ from, to: Math.min(size, from + 500) })
      const found = entries.findLast(({ type, text }) => type === 'archive.received' && text?.['archive'] === archive)
      if (found === undefined) continue
      const { size: of, root } = found.data as { size: number; root: string }
      looked = { ...looked, receipt: { size: of, root, at: found.at } }
    }
    looked = { ...looked, upTo: size }
    return looked.receipt
  }

  async function open(): Promise<Archive | Refusal> {
    const { archive: path } = await station.settings.read()
    if (path === null) return refusal('no-archive', 'No archive is set. Name a folder first.')
    return parts.openArchive(path)
  }

  /** Earlier logs first, each by itself: what is wrong with one of them keeps nothing else from the archive. */
  async function bringAll(console: Console, archive: Archive, told: Told) {
    const shared = {
      blobs: console.blobs,
      archive,
      crypto: parts.crypto,
      onProgress: ({ what, files }: { what: string; files: number }) => told(files, files + 1, what),
    }
    const left: Left[] = []
    for (const { file, open } of parts.keptLogs()) {
      try {
        using journal = open()
        const answer = await syncToArchive({ ...shared, journal, receipts: null })
        // An older copy that was put back: the archive has all of it, and more.
        if (!answer.synced && answer.code !== 'archive-ahead')
          left.push({ file, code: answer.code, message: answer.message })
      } catch (cause) {
        left.push({ file, code: errorCode(cause) || 'unreadable', message: messageOf(cause) })
      }
    }
    return { left, answer: await syncToArchive({ ...shared, journal: console.journal, receipts: console.journal }) }
  }

  async function send(console: Console, archive: Archive, told: Told): Promise<Progress> {
    try {
      const { left, answer } = await bringAll(console, archive, told)
      if (!answer.synced) return failed(refusal(answer.code, answer.message))
      state = 'idle'
      tell()
      return { kind: 'synced', size: answer.size, root: answer.root, left }
    } finally {
      await archive.close()
    }
  }

  const streamOf = (signal: AbortSignal | undefined, work: (told: Told) => Promise<Progress>) =>
    progressStream(
      { nowMs: parts.nowMs, signal, code: 'archive-failed', lookAgain: 'Look at the archive again.' },
      work,
    )

  function failed(refused: Refusal): Progress {
    state = 'failed'
    message = refused.message
    tell()
    return { kind: 'refused', refusal: refused }
  }

  return {
    status,
    async set(path) {
      const archive = await parts.chooseArchive(path)
      if (isRefusal(archive)) return archive
      await archive.close()
      await station.settings.write({ ...(await station.settings.read()), archive: archive.name })
      state = 'idle'
      message = null
      tell()
      return status()
    },
    sync: (signal) =>
      streamOf(signal, async (told) => {
        const console = station.console()
        if (console === null) return { kind: 'refused', refusal: refusal('not-set-up', 'There is no log to send yet.') }
        if (state === 'sending') return { kind: 'refused', refusal: refusal('sending', 'A sync is under way already.') }
        // Before anything is waited for: of two that are asked for at once, one goes.
        state = 'sending'
        message = null
        tell()
        try {
          const archive = await open()
          return isRefusal(archive) ? failed(archive) : await send(console, archive, told)
        } catch (cause) {
          return failed(refusal(errorCode(cause) || 'archive-failed', messageOf(cause)))
        }
      }),
    verify: (signal) =>
      streamOf(signal, async (told) => {
        const archive = await open()
        if (isRefusal(archive)) return { kind: 'refused', refusal: archive }
        const beganMs = parts.nowMs()
        try {
          const answer = await parts.verifyArchive(archive, told)
          return { kind: 'verified', answer: plain(answer), tookMs: parts.nowMs() - beganMs }
        } finally {
          await archive.close()
        }
      }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The answer as the contract carries it. */
export function plain(answer: Verification): Extract<Progress, { kind: 'verified' }>['answer'] {
  return {
    ok: answer.ok,
    trust: answer.trust,
    origins: answer.origins.map(({ origin, size, root, mark, problems }) => ({
      origin,
      size,
      root,
      ...(mark === undefined ? {} : { mark }),
      problems: [...problems],
    })),
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
