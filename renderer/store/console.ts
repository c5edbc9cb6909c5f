/** What the console says of itself: who it is, and the status that every screen's frame shows. */
import { create } from 'zustand'
import type { ConsoleInfo, Status } from '../../shared/api/console.ts'
import type { RunbookSummary } from '../../shared/api/runbooks.ts'
import type { RunSummary } from '../../shared/api/runs.ts'
import { isRefusal, type Refusal } from '../../shared/model/commands.ts'
import type { Client } from '../api/client.ts'
import { ask, onEachConnection, readStream } from './connection.ts'

type ConsoleState = {
  readonly info: ConsoleInfo | null
  readonly status: Status | null
  readonly runbooks: readonly RunbookSummary[] | null
  /** Why there is no status, where the console was asked and did not say. */
  readonly problem: Refusal | null
}

export const useConsole = create<ConsoleState>(() => ({ info: null, status: null, runbooks: null, problem: null }))

/** Watches for as long as the page lives. @returns ends it */
export function watchConsole(): () => void {
  return onEachConnection((client, signal) => {
    void loadInfo()
    void loadRunbooks()
    void followStatus(client, signal)
  })
}

const AGAIN_AFTER_MS = 2000

async function followStatus(client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const problem = await readStream(
      (stop) => client.console.watch(undefined, { signal: stop }),
      signal,
      (status) => useConsole.setState({ status, problem: null }),
    )
    if (signal.aborted) return
    useConsole.setState({ problem })
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
  }
}

export async function loadInfo(): Promise<void> {
  const info = await ask((client) => client.console.info())
  if (!isRefusal(info)) useConsole.setState({ info })
}

export async function loadRunbooks(): Promise<void> {
  const runbooks = await ask((client) => client.runbooks.list())
  if (!isRefusal(runbooks)) useConsole.setState({ runbooks })
}

export function setInfo(info: ConsoleInfo): void {
  useConsole.setState({ info })
}

/** The run that matters most now: open before closed, under way before planned, real hosts before practice, live first, newest first. */
export function foremostRun(status: Status | null): RunSummary | null {
  const weight = (run: RunSummary): number =>
    (run.phase === 'closed' ? 0 : 8) +
    (run.phase === 'planned' ? 0 : 4) +
    (run.isPractice ? 0 : 2) +
    (run.mode === 'live' ? 1 : 0)
  const runs = status?.runs ?? []
  return runs.toSorted((a, b) => weight(b) - weight(a) || (a.plannedAt < b.plannedAt ? 1 : -1))[0] ?? null
}
