/** A stream that never holds more than its limit: an RPC stream has no back-pressure of its own. */

/**
 * @param limit items kept for a reader that is slower than the source
 * @param start begins the source, which may say `end`; what it returns stops it, when the reader leaves or all is said
 * @param overflow the last item of a stream that ran over: the reader asks again from what it has
 */
export async function* boundedStream<T>(
  limit: number,
  start: (push: (item: T) => void, end: () => void) => () => void,
  overflow: T,
): AsyncGenerator<T, void> {
  const queue: T[] = []
  let wake: (() => void) | null = null
  let isLast = false
  const stop = start(
    (item) => {
      if (isLast) return
      if (queue.length >= limit) {
        isLast = true
        queue.length = 0
        queue.push(overflow)
      } else queue.push(item)
      wake?.()
    },
    () => {
      isLast = true
      wake?.()
    },
  )
  try {
    for (;;) {
      const item = queue.shift()
      if (item !== undefined) {
        yield item
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
    stop()
  }
}
