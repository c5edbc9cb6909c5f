/** Lets so many in at once; the others wait their turn in order. */

export type Gate = {
  /** Resolves when it is one's turn; call what it gives exactly once to let the next one in. */
  enter(signal?: AbortSignal): Promise<() => void>
  isEmpty(): boolean
}

export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = []
  let inside = 0
  const leave = () => {
    inside--
    waiting.shift()?.()
  }
  return {
    isEmpty: () => inside === 0,
    enter(signal) {
      return new Promise((done, fail) => {
        if (signal?.aborted === true) return fail(signal.reason)
        const onAbort = () => {
          waiting.splice(waiting.indexOf(admit), 1)
          fail(signal?.reason)
        }
        const admit = () => {
          signal?.removeEventListener('abort', onAbort)
          inside++
          done(leave)
        }
        if (inside < limit) return admit()
        waiting.push(admit)
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
  }
}
