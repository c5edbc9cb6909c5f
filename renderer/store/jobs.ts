/** Long work that the console does for a screen: verifying and syncing. It goes on when the person leaves the page. */
import { create } from 'zustand'
import type { Progress, VerifyAnswer } from '../../shared/api/progress.ts'
import type { Client } from '../api/client.ts'
import { refusal } from '../../shared/model/commands.ts'
import { readStream, useConnection } from './connection.ts'
import { useConsole } from './console.ts'

export type JobName = 'log.verify' | 'archive.sync' | 'archive.verify'
type Ended = Exclude<Progress, { kind: 'progress' }>

export type Job = {
  /** ms since 1970; null while nothing runs. */
  readonly runningSinceMs: number | null
  readonly progress: Extract<Progress, { kind: 'progress' }> | null
  readonly ended: { readonly result: Ended; readonly atMs: number } | null
}

/** What a verification found; null: none has ended. */
export function answerOf(ended: Job['ended']): VerifyAnswer | null {
  return ended?.result.kind === 'verified' ? ended.result.answer : null
}

const NOTHING: Job = { runningSinceMs: null, progress: null, ended: null }
/** What streams changes a region at most four times a second. */
const TELL_EVERY_MS = 250

const OPEN: Readonly<Record<JobName, (client: Client, signal: AbortSignal) => Promise<AsyncIterable<Progress>>>> = {
  'log.verify': (client, signal) => client.log.verify(undefined, { signal }),
  'archive.sync': (client, signal) => client.archive.sync(undefined, { signal }),
  'archive.verify': (client, signal) => client.archive.verify(undefined, { signal }),
}

export const useJobs = create<Readonly<Record<JobName, Job>>>(() => ({
  'log.verify': NOTHING,
  'archive.sync': NOTHING,
  'archive.verify': NOTHING,
}))

/** Begins it, unless it is under way. It ends with a result, whatever happens on the way. */
export async function startJob(name: JobName): Promise<void> {
  if (useJobs.getState()[name].runningSinceMs !== null) return
  const change = (job: Partial<Job>): void => useJobs.setState((was) => ({ [name]: { ...was[name], ...job } }))
  const end = (result: Ended): void =>
    change({ runningSinceMs: null, progress: null, ended: { result, atMs: Date.now() } })
  const { client } = useConnection.getState()
  if (client === null) {
    end({
      kind: 'refused',
      refusal: refusal('not-connected', 'The console is not connected. Try again when it is back.'),
    })
    return
  }
  change({ runningSinceMs: Date.now(), progress: null })
  let result: Ended | null = null
  let toldAtMs = 0
  const problem = await readStream(
    (signal) => OPEN[name](client, signal),
    new AbortController().signal,
    (frame) => {
      if (frame.kind !== 'progress') {
        result = frame
        return
      }
      const nowMs = performance.now()
      if (nowMs - toldAtMs < TELL_EVERY_MS) return
      toldAtMs = nowMs
      change({ progress: frame })
    },
  )
  end(
    result ?? {
      kind: 'refused',
      refusal: problem ?? refusal('no-answer', 'The console ended it without an answer. Do it again.'),
    },
  )
}

/** What was found of an archive says nothing of another one. */
export function forgetArchiveJobs(): void {
  useJobs.setState((was) => ({
    'archive.sync': was['archive.sync'].runningSinceMs === null ? NOTHING : was['archive.sync'],
    'archive.verify': was['archive.verify'].runningSinceMs === null ? NOTHING : was['archive.verify'],
  }))
}

/** A log of another console, or one begun again, is another log. */
useConsole.subscribe((now, was) => {
  if (was.info !== null && now.info?.origin !== was.info.origin) useJobs.setState({ 'log.verify': NOTHING })
})
