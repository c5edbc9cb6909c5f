/** A stream that never holds more than its limit: an RPC stream has no back-pressure of its own. */

export type StreamOptions<T> = {
  /** What may wait for a reader that is slower than the source, in the unit of `weigh`. */
  readonly limit: number
  /** Weight of an item; 1 when not given, so that the limit counts items. */
  readonly weigh?: (item: T) => number
  /** An item that is left out rather than let the stream run over: the reader sees the gap and asks for it. */
  readonly mayDrop?: (item: T) => boolean
  /** Each item is whole in itself: a slow reader gets the newest only. */
  readonly isLatestOnly?: boolean
  /** Begins the source, which may say `end` or `fail`; what it returns stops it, when the reader leaves or all is said. */
  readonly start: (push: (item: T) => void, end: () => void, fail: (cause: unknown) => void) => () => void
  /** The last item of a stream that ran over: the reader asks again from what it has. */
  readonly overflow: T
  /** Aborted when the reader has left, also while nothing is said. */
  readonly signal?: AbortSignal | undefined
}

/** @throws what the source failed with, after all that it had said */
export async function* boundedStream<T>(options: StreamOptions<T>): AsyncGenerator<T, void> {
  const { limit, signal, weigh = () => 1, mayDrop = () => false } = options
  const queue: T[] = []
  let weight = 0
  let wake: (() => void) | null = null
  let isLast = false
  const failures: unknown[] = []
  const end = (): void => {
    isLast = true
    wake?.()
  }
  const fail = (cause: unknown): void => {
    failures.push(cause)
    end()
  }
  const push = (item: T): void => {
    if (isLast) return
    if (options.isLatestOnly === true) {
      queue.length = 0
      weight = 0
    }
    const more = weigh(item)
    // Droppable items leave the upper half to those that are not.
    if (mayDrop(item) && weight + more > limit / 2) return
    if (weight + more > limit && queue.length > 0) {
      queue.length = 0
      queue.push(options.overflow)
      end()
      return
    }
    weight += more
    queue.push(item)
    wake?.()
  }
  const hasLeft = (): boolean => signal?.aborted === true
  if (hasLeft()) return
  signal?.addEventListener('abort', end, { once: true })
  const stop = options.start(push, end, fail)
  try {
    for (;;) {
      if (hasLeft()) return
      const item = queue.shift()
      if (item !== undefined) {
        weight -= weigh(item)
        yield item
      } else if (failures.length > 0) {
        throw failures[0]
      } else if (isLast) {
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
      }
    }
  } finally {
    signal?.removeEventListener('abort', end)
    stop()
  }
}
