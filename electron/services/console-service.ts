/** console.*: the first start, the operator's key, and the status that every screen shows. */
import type { ConsoleInfo, Status } from '../../shared/api/console.ts'
import { isRefusal, type Refusal } from '../../shared/model/commands.ts'
import { boundedStream } from './bounded-stream.ts'
import type { Context } from './context.ts'
import { summaryOf } from './summaries.ts'

export function infoOf({ station }: Context): ConsoleInfo {
  const operator = station.operator()
  return {
    version: station.version,
    needsSetup: station.needsSetup(),
    isPractice: station.isPractice,
    refusal: plainRefusal(station.refusal()),
    origin: station.console()?.journal.origin ?? null,
    operator:
      operator === null
        ? null
        : { name: operator.name, key: operator.key, source: operator.source, isUnlocked: station.signer() !== null },
    dataDir: station.dataDir,
    suggestedName: station.suggestedName,
  }
}

function plainRefusal(refused: Refusal | null): Refusal | null {
  return refused === null ? null : { refused: true, code: refused.code, message: refused.message }
}

/** What was asked for, or why not. */
export async function infoAfter(context: Context, work: Promise<Refusal | null>): Promise<ConsoleInfo | Refusal> {
  const refused = plainRefusal(await work)
  return refused !== null && isRefusal(refused) ? refused : infoOf(context)
}

export async function statusOf(context: Context): Promise<Status> {
  const { station, archive, nowMs } = context
  const console = station.console()
  const runs = console?.runs() ?? []
  const open = runs.filter((handle) => handle.log.state().phase === 'running')
  const hosts = new Set(open.flatMap((handle) => Object.values(handle.log.state().sets).flat()))
  const connected = new Set(open.flatMap((handle) => handle.sessions.connected()))
  const lost = [...hosts].filter(
    (host) => !connected.has(host) && open.some((handle) => handle.sessions.failureOf(host) !== null),
  )
  const head = console?.journal.head() ?? { size: 0, root: '' }
  const last = head.size === 0 ? undefined : console?.journal.read({ from: head.size - 1, to: head.size })[0]
  return {
    log: { size: head.size, root: head.root, sealedAt: last?.at ?? null },
    archive: await archive.status(),
    hosts: { connected: connected.size, total: hosts.size, lost },
    runs: runs.map((handle) => summaryOf(handle, nowMs())).toReversed(),
    asked: [...context.asking.pending()],
  }
}

/** At most four a second: what streams must not make the page jump. */
export function watchStatus(context: Context, signal?: AbortSignal): AsyncGenerator<Status> {
  const { station, archive, asking } = context
  return boundedStream<Status>({
    limit: 1,
    signal,
    start(push, _end, fail) {
      let timer: ReturnType<typeof setTimeout> | null = null
      let isAsked = false
      const send = (): void => {
        isAsked = false
        statusOf(context).then(push, fail)
        timer = setTimeout(() => {
          timer = null
          if (isAsked) send()
        }, 250)
      }
      const ask = (): void => {
        isAsked = true
        if (timer === null) send()
      }
      const stops = [station.onChange(ask), archive.onChange(ask), asking.onChange(ask)]
      ask()
      return () => {
        for (const stop of stops) stop()
        if (timer !== null) clearTimeout(timer)
      }
    },
    isLatestOnly: true,
    overflow: NOTHING,
  })
}

const NOTHING: Status = {
  log: { size: 0, root: '', sealedAt: null },
  archive: { path: null, state: 'none', receipt: null, behind: 0, message: null },
  hosts: { connected: 0, total: 0, lost: [] },
  runs: [],
  asked: [],
}
