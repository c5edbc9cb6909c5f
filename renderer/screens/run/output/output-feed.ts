/**
 * Feeds a terminal view with the output of one attempt: the end of what is kept, by range, then what arrives live, in one
 * unbroken line of offsets a stream. It holds no output itself: what the view cannot keep up with is left out and said.
 */
import type { Refusal } from '../../../../shared/model/commands.ts'
import { isRefusal } from '../../../../shared/model/commands.ts'
import { showSize } from '../../../../shared/text/quantity.ts'
import type { AttemptId } from './attempts.ts'

export type StreamName = 'stdout' | 'stderr'
export type Range = { readonly from: number; readonly base64: string; readonly total: number }
export type Piece = { readonly stream: StreamName; readonly from: number; readonly base64: string }

export type FeedOptions = {
  readonly attempt: AttemptId
  readonly streams: readonly StreamName[]
  /** Closed segments in the order of the log: how the two streams lay in time. */
  readonly segments: readonly { readonly stream: StreamName; readonly storedFrom: number; readonly storedTo: number }[]
  readonly fetch: (stream: StreamName, from: number, limit: number) => Promise<Range | Refusal>
  readonly write: (bytes: Uint8Array | string, done?: () => void) => void
  readonly onTotals: (totals: Readonly<Record<StreamName, number>>) => void
}

export type Feed = { readonly live: (piece: Piece) => void; readonly catchUp: () => void; readonly close: () => void }

/** What is fetched of the past. */
const TAIL_BYTES = 262_144
/** What may be on its way into the view before it is left out. */
const MOST_WAITING = 1_048_576

const RED = '\u001B[31m'
const PLAIN = '\u001B[0m'

export function openFeed(options: FeedOptions): Feed {
  const at: Record<StreamName, number> = { stdout: 0, stderr: 0 }
  const totals: Record<StreamName, number> = { stdout: 0, stderr: 0 }
  let isClosed = false
  let isReady = false
  let waiting = 0
  let skipped = 0
  let early: Piece[] = []
  let work: Promise<void> = Promise.resolve()

  const show = (stream: StreamName, bytes: Uint8Array): void => {
    if (bytes.length === 0 || isClosed) return
    if (waiting > MOST_WAITING) {
      skipped += bytes.length
      return
    }
    waiting += bytes.length
    const isRed = stream === 'stderr' && options.streams.length > 1
    if (isRed) options.write(RED)
    options.write(bytes, () => {
      waiting -= bytes.length
      if (skipped > 0 && waiting === 0) {
        say(`${showSize(skipped)} went by faster than it can be shown; all of it is kept`)
        skipped = 0
      }
    })
    if (isRed) options.write(PLAIN)
  }
  const say = (text: string): void => options.write(`\r\n\u001B[2m… ${text} …${PLAIN}\r\n`)
  const note = (stream: StreamName, total: number): void => {
    if (total <= totals[stream]) return
    totals[stream] = total
    options.onTotals({ ...totals })
  }

  /** Shows [at, to) of a stream, at most the last TAIL_BYTES of it. */
  const fetchTo = async (stream: StreamName, to: number): Promise<void> => {
    if (to - at[stream] > TAIL_BYTES) {
      say(`${showSize(to - TAIL_BYTES - at[stream])} of ${stream} before this are not shown here; all of it is kept`)
      at[stream] = to - TAIL_BYTES
    }
    while (at[stream] < to && !isClosed) {
      const range = await options.fetch(stream, at[stream], to - at[stream])
      if (isRefusal(range)) {
        say(range.message)
        return
      }
      const bytes = bytesOf(range.base64)
      note(stream, range.total)
      if (bytes.length === 0) return
      at[stream] = range.from + bytes.length
      show(stream, bytes)
    }
  }

  const history = async (): Promise<void> => {
    for (const stream of options.streams) {
      const range = await options.fetch(stream, 0, 1)
      if (!isRefusal(range)) note(stream, range.total)
    }
    const ends = { ...totals }
    for (const stream of options.streams) {
      if (ends[stream] - at[stream] <= TAIL_BYTES) continue
      say(`${showSize(ends[stream] - TAIL_BYTES)} of ${stream} before this are not shown here; all of it is kept`)
      at[stream] = ends[stream] - TAIL_BYTES
    }
    for (const segment of options.segments) {
      if (options.streams.includes(segment.stream))
        await fetchTo(segment.stream, Math.min(segment.storedTo, ends[segment.stream]))
    }
    for (const stream of options.streams) await fetchTo(stream, ends[stream])
  }

  const take = async (piece: Piece): Promise<void> => {
    const size = sizeOf(piece.base64)
    const end = piece.from + size
    note(piece.stream, end)
    if (end <= at[piece.stream]) return
    if (waiting > MOST_WAITING) {
      // Not even decoded: what the view cannot show in time costs nothing but its count.
      skipped += end - at[piece.stream]
      at[piece.stream] = end
      return
    }
    const bytes = bytesOf(piece.base64)
    if (piece.from > at[piece.stream]) await fetchTo(piece.stream, piece.from)
    show(piece.stream, bytes.subarray(Math.max(0, at[piece.stream] - piece.from)))
    at[piece.stream] = Math.max(end, at[piece.stream])
  }

  const queue = (step: () => Promise<void>): void => {
    work = work.then(() => (isClosed ? undefined : step())).catch(() => undefined)
  }

  queue(async () => {
    await history()
    isReady = true
    const pieces = early
    early = []
    for (const piece of pieces) await take(piece)
  })

  return {
    live: (piece) => {
      if (isClosed || !options.streams.includes(piece.stream)) return
      if (isReady) queue(() => take(piece))
      // Until the past is shown, only the newest is worth keeping: the gap is fetched.
      else early = [...early, piece].slice(-64)
    },
    catchUp: () =>
      queue(async () => {
        for (const stream of options.streams) {
          const range = await options.fetch(stream, at[stream], 1)
          if (!isRefusal(range)) await fetchTo(stream, range.total)
        }
      }),
    close: () => {
      isClosed = true
    },
  }
}

export function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}

/** How many bytes a base64 text holds, without decoding it. */
function sizeOf(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return (base64.length / 4) * 3 - padding
}
