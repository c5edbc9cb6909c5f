/** Long work as a stream: how far it is, at most ten times a second, and at the end what came of it. */
import type { Progress } from '../../shared/api/progress.ts'
import { refusal } from '../../shared/model/commands.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import { boundedStream } from './bounded-stream.ts'

/** @param total never less than `done`; `done + 1` where the end is not known */
export type Told = (done: number, total: number, what: string) => void

export type ProgressOptions = {
  readonly nowMs: () => number
  readonly signal?: AbortSignal | undefined
  /** Code of the refusal where the work throws something that has none. */
  readonly code: string
  /** Said to a screen that did not keep up: where it finds out what came of it. */
  readonly lookAgain: string
}

export function progressStream(
  options: ProgressOptions,
  work: (told: Told) => Promise<Progress>,
): AsyncGenerator<Progress> {
  return boundedStream<Progress>({
    limit: 256,
    signal: options.signal,
    start(push, end) {
      let lastMs = 0
      const told: Told = (done, total, what) => {
        const nowMs = options.nowMs()
        if (nowMs - lastMs < 100 && done < total) return
        lastMs = nowMs
        push({ kind: 'progress', done, total, what })
      }
      work(told)
        .then(push, (cause: unknown) => push(refusedBy(cause, options.code)))
        .finally(end)
      return () => undefined
    },
    overflow: { kind: 'refused', refusal: refusal('too-slow', `The screen did not keep up. ${options.lookAgain}`) },
  })
}

function refusedBy(cause: unknown, otherwise: string): Progress {
  const text = cause instanceof Error ? cause.message : String(cause)
  return { kind: 'refused', refusal: refusal(errorCode(cause) || otherwise, text) }
}
