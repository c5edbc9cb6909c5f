/**
 * A console over a real journal and real blobs, with hosts that a test plays: the only fakes are at the ports. What a
 * played host is asked to start is noted together with what the log on the disk holds at that moment.
 */
import { randomBytes } from 'node:crypto'
import { blobStore } from '../../../electron/blobs/blob-store.ts'
import { maskText } from '../../../electron/blobs/mask.ts'
import { outputStore } from '../../../electron/blobs/output-store.ts'
import { type Console, type ConsoleParts, openConsole } from '../../../electron/engine/console.ts'
import type {
  AttemptEnd,
  AttemptRequest,
  BlobStore,
  Journal,
  OutputStore,
  ReachFailure,
  RunbookFolder,
  Session,
  StreamName,
  Transport,
} from '../../../electron/engine/ports.ts'
import type { RunHandle } from '../../../electron/engine/run-handle.ts'
import type { RunCommand } from '../../../electron/engine/run-log.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { openReader } from '../../../electron/store/open-reader.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import type { Host } from '../../../shared/model/inventory.ts'
import type { ScratchConsole } from '../../support/scratch-console.ts'

export type Output = (stream: StreamName, text: string | Uint8Array) => Promise<void>
/** What a host does with an attempt; exit code 0 where nothing is said. */
export type Play = (request: AttemptRequest, output: Output, host: Host) => Promise<AttemptEnd | number | void>

export type Started = {
  readonly name: string
  /** Whether the intent was on the disk when the host was asked, seen over a connection of its own. */
  readonly hadIntent: boolean
}

export type EngineOptions = {
  readonly play?: Play
  /** Before a connection is there; a failure to return instead of one. */
  readonly connect?: (host: Host) => Promise<ReachFailure | void>
  readonly journal?: (journal: ConsoleParts['journal']) => ConsoleParts['journal']
  readonly blobs?: (blobs: BlobStore) => BlobStore
  readonly segmentBytes?: number
  /** Looking on the disk each time a host is asked takes its time. */
  readonly looksForIntents?: boolean
}

export type Engine = {
  readonly console: Console
  readonly parts: ConsoleParts
  readonly scratch: ScratchConsole
  readonly started: Started[]
  /** Connections that were made. */
  connections(): number
  plan(
    runbook: string,
    options?: { mode?: 'live' | 'rehearsal'; secrets?: Record<string, string>; hasHosts?: boolean },
  ): Promise<RunHandle>
  act(handle: RunHandle, command: RunCommand): Promise<void>
  /** Drops a link that was made to a host. */
  drop(host: string): void
}

const HOSTS = 'holdpoint: hosts/v1\nhosts:\n  app1: { tags: [app] }\n  app2: { tags: [app] }\n  app3: { tags: [app] }\n'

/** Opens a console over the scratch folder; a second one over the same folder is the console after a restart. */
export async function engineOn(scratch: ScratchConsole, options: EngineOptions = {}): Promise<Engine> {
  const journal = await scratch.open()
  const blobs = (options.blobs ?? ((plain) => plain))(blobStore(scratch.dataDir))
  const started: Started[] = []
  const links = new Map<string, (failure: ReachFailure) => void>()
  let connections = 0
  const transport: Transport = {
    async open(host) {
      const failed = await options.connect?.(host)
      if (failed !== undefined) return failed
      connections += 1
      const lost = Promise.withResolvers<ReachFailure>()
      let isOpen = true
      links.set(host.name, (failure) => {
        isOpen = false
        lost.resolve(failure)
      })
      return played(host, lost.promise, () => isOpen)
    },
    acceptHostKey: () => Promise.resolve(),
  }

  function played(host: Host, lost: Promise<ReachFailure>, isOpen: () => boolean): Session {
    return {
      host,
      lost,
      isOpen,
      async run(request, output) {
        started.push({
          name: request.name,
          hadIntent: options.looksForIntents !== false && intentOnDisk(scratch.dataDir, request.name),
        })
        let outputError: Error | null = null
        // As the real adapter does: what cannot be kept is dropped, and told in the end.
        const hand: Output = async (stream, text) => {
          if (outputError !== null) return
          const bytes = typeof text === 'string' ? Buffer.from(text) : text
          await output(stream, bytes).catch((error: Error) => {
            outputError = error
          })
        }
        const playing = (options.play ?? (async () => 0))(request, hand, host)
        const end = await Promise.race([
          playing,
          lost.then((failure): AttemptEnd => {
            return { outcome: { kind: 'lost', code: failure.code }, durationMs: 1, message: failure.message }
          }),
        ])
        if (typeof end === 'object') return end
        const code = end ?? 0
        const message = outputError === null ? {} : { message: `not whole: ${(outputError as Error).message}` }
        return { outcome: { kind: 'exit', code, ok: code === 0 }, durationMs: 1, ...message }
      },
      async [Symbol.asyncDispose]() {
        links.get(host.name)?.({ failed: true, code: 'link-lost', message: 'The console is closing.' })
      },
    }
  }

  const outputs: OutputStore = outputStore(
    blobs,
    options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes },
  )
  const parts: ConsoleParts = {
    journal: (options.journal ?? ((plain) => plain))(journal),
    blobs,
    outputs,
    transport,
    practice: null,
    sha256: JOURNAL_CRYPTO.sha256,
    mask: maskText,
    random: (bytes) => randomBytes(bytes),
    nowMs: () => Date.now(),
  }
  const console = await openConsole(parts)
  const hand = { signer: scratch.lead, role: null }
  return {
    console,
    parts,
    scratch,
    started,
    connections: () => connections,
    async plan(runbook, { mode = 'live', secrets = {}, hasHosts = true } = {}) {
      const handle = await console.plan(
        { folder: folderOf(runbook, hasHosts ? HOSTS : null), mode, variables: {}, secrets },
        hand,
      )
      if (isRefusal(handle)) throw new Error(`${handle.code}: ${handle.message}`)
      return handle
    },
    async act(handle, command) {
      const answer = await console.act(handle.log.id, command, hand)
      if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.message}`)
    },
    drop: (host) => links.get(host)?.({ failed: true, code: 'link-lost', message: 'The link was lost.' }),
  }
}

/** As SIGKILL leaves it: the journal is let go, and nothing else is told. */
export async function kill(engine: Engine): Promise<void> {
  await engine.parts.journal.close()
}

function folderOf(steps: string, hostsText: string | null): RunbookFolder {
  const text = `holdpoint: runbook/v1\nid: played\ntitle: Played\nowner: anna\n${steps}`
  return { path: 'runbook.yaml', text, hostsText, sshHosts: [], files: new Map(), probes: new Map() }
}

/** A script step in one line. @param more further keys, as `, needs: [a]` */
export function script(id: string, on = 'app1', more = ''): string {
  return `  - { id: ${id}, kind: script, title: Step ${id}, on: ${on}, run: 'true', duration: { expected: 1m }, backout: { none: Nothing to undo }${more} }\n`
}

export function manual(id: string, more = ''): string {
  return `  - { id: ${id}, kind: manual, title: Step ${id}, instructions: Do it., duration: { expected: 1m }, backout: { none: Nothing to undo }${more} }\n`
}

function intentOnDisk(dataDir: string, name: string): boolean {
  const [run = '', step, target, attempt] = name.split('/')
  const reader = openReader({ dataDir })
  try {
    return reader
      .read({ from: 0, run })
      .some(
        ({ type, data }) =>
          type === 'attempt.started' &&
          data['step'] === step &&
          data['target'] === target &&
          `${String(data['purpose'])}-${String(data['try'])}` === attempt,
      )
  } finally {
    reader.close()
  }
}

/** Resolves when a fact about a run holds; looked at after each change and at once. */
export function when(handle: RunHandle, isTrue: () => boolean): Promise<void> {
  if (isTrue()) return Promise.resolve()
  return new Promise((done) => {
    const look = (): void => {
      if (!isTrue()) return
      stop()
      done()
    }
    const stop = handle.watch({ events: look, needs: look })
  })
}

/** A journal whose appends are refused where the test says so. */
export function failingJournal<J extends Journal>(journal: J, fails: (types: readonly string[]) => Error | null): J {
  return {
    ...journal,
    append: (drafts) => {
      const failure = fails(drafts.map(({ type }) => type))
      return failure === null ? journal.append(drafts) : Promise.reject(failure)
    },
  }
}
