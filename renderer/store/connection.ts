/** The connection to the console: opened, lost, opened again with back-off. Everything that watches starts anew on each. */
import { create } from 'zustand'
import type { Refusal } from '../../shared/model/commands.ts'
import { isRefusal, refusal } from '../../shared/model/commands.ts'
import type { Client } from '../api/client.ts'
import { openLink } from '../api/open.ts'

type ConnectionState =
  | { readonly state: 'connecting'; readonly client: null }
  | { readonly state: 'open'; readonly client: Client; readonly closed: Promise<string> }
  | {
      readonly state: 'lost'
      readonly client: null
      readonly sinceMs: number
      readonly retryAtMs: number
      readonly why: string
    }
  | { readonly state: 'refused'; readonly client: null; readonly message: string }

export const useConnection = create<ConnectionState>(() => ({ state: 'connecting', client: null }))

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

let retryNow: () => void = () => undefined
let isStarted = false

/** Starts once; goes on for as long as the page lives. */
export function startConnection(): void {
  if (isStarted) return
  isStarted = true
  void keepConnected()
}

/** Does not wait for the back-off. */
export function tryAgain(): void {
  retryNow()
}

async function keepConnected(): Promise<void> {
  let waitMs = FIRST_WAIT_MS
  let lostSinceMs: number | null = null
  for (;;) {
    let why: string
    try {
      const link = await openLink()
      if ('refused' in link) {
        useConnection.setState({ state: 'refused', client: null, message: link.message }, true)
        return
      }
      waitMs = FIRST_WAIT_MS
      lostSinceMs = null
      useConnection.setState({ state: 'open', client: link.client, closed: link.closed }, true)
      why = await link.closed
    } catch (error) {
      why = error instanceof Error ? error.message : 'The console does not answer.'
    }
    lostSinceMs ??= Date.now()
    const retryAtMs = Date.now() + waitMs
    useConnection.setState({ state: 'lost', client: null, sinceMs: lostSinceMs, retryAtMs, why }, true)
    await pause(waitMs)
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    retryNow = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

/**
 * Runs `begin` on the present connection and on every one after it.
 * @param begin gets a signal that aborts when its connection ends
 * @returns ends it
 */
export function onEachConnection(begin: (client: Client, signal: AbortSignal) => void): () => void {
  let abort: AbortController | null = null
  let seen: Client | null = null
  const look = (now: ConnectionState): void => {
    if (now.client === seen) return
    abort?.abort()
    abort = null
    seen = now.client
    if (now.client === null) return
    abort = new AbortController()
    begin(now.client, abort.signal)
  }
  look(useConnection.getState())
  const unsubscribe = useConnection.subscribe(look)
  return () => {
    unsubscribe()
    abort?.abort()
  }
}

/** Asks the console once. What goes wrong on the way is a refusal too: nothing is thrown. */
export async function ask<T>(question: (client: Client) => Promise<T>): Promise<T | Refusal> {
  const connection = useConnection.getState()
  if (connection.client === null) {
    return refusal('not-connected', 'The console is not connected. Nothing was sent; try again when it is back.')
  }
  try {
    const ended = connection.closed.then((why) => {
      throw new Error(`${why} Whether it was done is not known; the log says.`)
    })
    return await Promise.race([question(connection.client), ended])
  } catch (error) {
    return refusal(
      'no-answer',
      error instanceof Error && error.message !== '' ? error.message : 'The console did not answer.',
    )
  }
}

/** Reads a stream until it ends or `signal` aborts; then tells the console that nobody listens any more. */
export async function readStream<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  signal: AbortSignal,
  take: (value: T) => void,
): Promise<Refusal | null> {
  try {
    for await (const value of await open(signal)) {
      if (signal.aborted) return null
      take(value)
    }
    return null
  } catch (error) {
    if (signal.aborted) return null
    return isRefusal(error)
      ? error
      : refusal(
          'no-answer',
          error instanceof Error && error.message !== '' ? error.message : 'The console did not answer.',
        )
  }
}
