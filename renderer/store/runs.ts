/** Mirrors runs: receives their events, folds them with the same fold as the console, and keeps nothing else as truth. */
import { create } from 'zustand'
import type { RunFrame } from '../../shared/api/runs.ts'
import type { Refusal } from '../../shared/model/commands.ts'
import { asRunEvent, type Recorded } from '../../shared/model/events.ts'
import { fold } from '../../shared/run/fold.ts'
import type { Run } from '../../shared/run/state.ts'
import { foldWords, NO_WORDS, type RunWords } from '../../shared/run/wording.ts'
import type { Client } from '../api/client.ts'
import { onEachConnection, readStream } from './connection.ts'

export type HostKeyQuestion = Extract<RunFrame, { kind: 'host-keys' }>['waiting'][number]
export type LiveOutput = Extract<RunFrame, { kind: 'live' }>

export type RunMirror = {
  readonly run: Run | null
  readonly words: RunWords
  /** The newest entries, oldest of them first. */
  readonly tail: readonly Recorded[]
  readonly lastSeq: number | null
  readonly entries: number
  /** False until the screen has all there was when it asked. */
  readonly isCurrent: boolean
  readonly secrets: readonly string[]
  readonly hostKeys: readonly HostKeyQuestion[]
  readonly problem: Refusal | null
}

const TAIL = 60
/** What streams changes a region at most four times a second. */
const TELL_EVERY_MS = 250

export const NO_MIRROR: RunMirror = {
  run: null,
  words: NO_WORDS,
  tail: [],
  lastSeq: null,
  entries: 0,
  isCurrent: false,
  secrets: [],
  hostKeys: [],
  problem: null,
}

export const useRuns = create<{ readonly mirrors: Readonly<Record<string, RunMirror>> }>(() => ({ mirrors: {} }))

type Watch = { users: number; readonly end: () => void; readonly live: Set<(output: LiveOutput) => void> }
const watches = new Map<string, Watch>()

/** Follows a run for as long as anyone asks. @returns ends it */
export function watchRun(run: string): () => void {
  const watch = watches.get(run) ?? begin(run)
  watch.users += 1
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    watch.users -= 1
    if (watch.users > 0) return
    watches.delete(run)
    watch.end()
  }
}

/** Output as it arrives, before it is bound. @returns ends it */
export function onLiveOutput(run: string, listener: (output: LiveOutput) => void): () => void {
  const unwatch = watchRun(run)
  const live = watches.get(run)?.live
  live?.add(listener)
  return () => {
    live?.delete(listener)
    unwatch()
  }
}

function begin(run: string): Watch {
  const live = new Set<(output: LiveOutput) => void>()
  let mirror = useRuns.getState().mirrors[run] ?? NO_MIRROR
  let timer: ReturnType<typeof setTimeout> | null = null
  let toldAtMs = 0

  const tell = (): void => {
    timer = null
    toldAtMs = performance.now()
    useRuns.setState((was) => ({ mirrors: { ...was.mirrors, [run]: mirror } }))
  }
  const change = (next: RunMirror): void => {
    mirror = next
    if (timer !== null) return
    const waitMs = TELL_EVERY_MS - (performance.now() - toldAtMs)
    if (waitMs <= 0) tell()
    else timer = setTimeout(tell, waitMs)
  }

  const take = (frame: RunFrame): 'again' | 'on' => {
    switch (frame.kind) {
      case 'events':
        change(foldEntries(mirror, frame.events))
        return 'on'
      case 'current':
        change({ ...mirror, isCurrent: true })
        return 'on'
      case 'needs':
        change({ ...mirror, secrets: frame.secrets })
        return 'on'
      case 'host-keys':
        change({ ...mirror, hostKeys: frame.waiting })
        return 'on'
      case 'live':
        for (const listener of live) listener(frame)
        return 'on'
      case 'resync':
        return 'again'
    }
  }

  const follow = async (client: Client, signal: AbortSignal): Promise<void> => {
    change({ ...mirror, isCurrent: false, problem: null })
    for (let again = true; again && !signal.aborted; ) {
      again = false
      const stop = new AbortController()
      const both = AbortSignal.any([signal, stop.signal])
      const from = mirror.lastSeq === null ? 0 : mirror.lastSeq + 1
      const problem = await readStream(
        (end) => client.runs.watch({ run, from }, { signal: end }),
        both,
        (frame) => {
          if (take(frame) === 'on') return
          again = true
          stop.abort()
        },
      )
      if (problem !== null) change({ ...mirror, problem })
    }
  }

  const unfollow = onEachConnection((client, signal) => void follow(client, signal))
  const watch: Watch = {
    users: 0,
    live,
    end: () => {
      unfollow()
      if (timer !== null) clearTimeout(timer)
      if (timer !== null) tell()
    },
  }
  watches.set(run, watch)
  return watch
}

/** Adds entries to a mirror; what it has already seen changes nothing. */
export function foldEntries(mirror: RunMirror, entries: readonly Recorded[]): RunMirror {
  let { run, words, lastSeq } = mirror
  const fresh: Recorded[] = []
  let origin = mirror.tail.at(-1)?.ref.origin ?? null
  for (const entry of entries) {
    if (lastSeq !== null && entry.ref.origin === origin && entry.ref.seq <= lastSeq) continue
    origin = entry.ref.origin
    lastSeq = entry.ref.seq
    fresh.push(entry)
    const event = asRunEvent(entry)
    if (event === null) continue
    run = fold(run, event)
    words = foldWords(words, event)
  }
  if (fresh.length === 0) return mirror
  return {
    ...mirror,
    run,
    words,
    lastSeq,
    entries: mirror.entries + fresh.length,
    tail: [...mirror.tail, ...fresh].slice(-TAIL),
  }
}
