/**
 * Output as it arrives: masked, cut into bounded segments, each made durable and told of in order. Memory is bounded by
 * the segments under way; who writes is held to the disk's pace.
 */
import type { BlobStore, OutputStore, OutputWriter, Segment, StreamName } from '../engine/ports.ts'
import { masker } from './mask.ts'
import type { MaskedPiece, Masker } from './mask.ts'
import { growingBytes } from './growing-bytes.ts'
import type { GrowingBytes } from './growing-bytes.ts'

const SEGMENT_BYTES = 1024 * 1024
const SEGMENT_MS = 5000
/** Segments of one attempt that may be on their way to the disk while the next fills. */
const UNDER_WAY = 6

type Opened = Parameters<OutputStore['open']>[0]

/** @param limits for tests: smaller segments are cut sooner */
export function outputStore(
  blobs: BlobStore,
  limits: { readonly segmentBytes?: number; readonly segmentMs?: number } = {},
): OutputStore {
  const attempts = new Map<string, ReadonlyMap<StreamName, Stream>>()
  return {
    open(opened) {
      const shared: Shared = {
        blobs,
        opened,
        bytes: limits.segmentBytes ?? SEGMENT_BYTES,
        ms: limits.segmentMs ?? SEGMENT_MS,
        failure: null,
        underWay: new Set(),
        told: Promise.resolve(true),
      }
      const streams = new Map<StreamName, Stream>([
        ['stdout', stream('stdout', shared)],
        ['stderr', stream('stderr', shared)],
      ])
      attempts.set(opened.attempt, streams)
      return writerOf(shared, streams, () => {
        if (attempts.get(opened.attempt) === streams) attempts.delete(opened.attempt)
      })
    },
    tail: (attempt, name) => attempts.get(attempt)?.get(name)?.tail() ?? null,
  }
}

/** What both streams of an attempt share: the way to the disk, and its first failure. */
type Shared = {
  readonly blobs: BlobStore
  readonly opened: Opened
  readonly bytes: number
  readonly ms: number
  failure: { readonly cause: unknown } | null
  readonly underWay: Set<Promise<boolean>>
  /** Segments are told of one after another, in the order in which they closed. false: one of them failed. */
  told: Promise<boolean>
}

function writerOf(shared: Shared, streams: ReadonlyMap<StreamName, Stream>, forget: () => void): OutputWriter {
  const check = () => {
    if (shared.failure !== null) throw shared.failure.cause
  }
  return {
    async write(name, bytes) {
      check()
      streams.get(name)?.push(bytes)
      while (shared.underWay.size >= UNDER_WAY) await Promise.race(shared.underWay)
      check()
    },
    async close() {
      for (const one of streams.values()) one.end()
      await Promise.all(shared.underWay)
      await shared.told
      forget()
      check()
    },
  }
}

type Stream = {
  push(bytes: Uint8Array): void
  end(): void
  tail(): { from: number; bytes: Uint8Array }
}

/** A segment that is filling, or closed and not yet told of. */
type Open = {
  readonly segment: number
  readonly rawFrom: number
  readonly storedFrom: number
  readonly bytes: GrowingBytes
  raw: number
}

function stream(name: StreamName, shared: Shared): Stream {
  const mask: Masker = masker(shared.opened.secrets)
  const unbound: Open[] = []
  let open: Open | null = null
  let timer: NodeJS.Timeout | null = null
  let segments = 0
  let raw = 0
  let stored = 0

  const begin = (): Open => {
    timer = setTimeout(cut, shared.ms)
    timer.unref()
    const next = { segment: segments++, rawFrom: raw, storedFrom: stored, bytes: growingBytes(shared.bytes), raw: 0 }
    unbound.push(next)
    open = next
    return next
  }
  const cut = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const closed = open
    open = null
    if (closed !== null) bind(shared, closed, name, () => unbound.splice(unbound.indexOf(closed), 1))
  }
  const add = (piece: MaskedPiece) => {
    for (let at = 0; at < piece.bytes.length || at === 0; ) {
      const into = open ?? begin()
      const room = shared.bytes - into.bytes.length()
      // A mask is put in whole: half of one would be taken for output.
      const part = piece.isMask ? piece.bytes : piece.bytes.subarray(at, at + room)
      const from = stored
      into.bytes.add(part)
      stored += part.length
      const taken = piece.isMask ? piece.raw : part.length
      into.raw += taken
      raw += taken
      at += Math.max(part.length, 1)
      if (part.length > 0) shared.opened.onLive?.(name, from, new Uint8Array(part))
      if (into.bytes.length() >= shared.bytes) cut()
    }
  }
  return {
    push(bytes) {
      for (const piece of mask.push(bytes)) if (piece.raw > 0) add(piece)
    },
    end() {
      for (const piece of mask.end()) if (piece.raw > 0) add(piece)
      cut()
    },
    tail: () => ({
      from: unbound[0]?.storedFrom ?? stored,
      bytes: Buffer.concat(unbound.map(({ bytes }) => bytes.view())),
    }),
  }
}

function bind(shared: Shared, closed: Open, stream: StreamName, done: () => void): void {
  const bytes = closed.bytes.view()
  const stored = shared.blobs.put(`${stream}.${closed.segment}`, bytes).then(
    (blob) => ({ blob }),
    (cause: unknown) => ({ cause }),
  )
  const tell = async (isWhole: boolean): Promise<boolean> => {
    // After a failure nothing more is bound: a later segment must not stand where an earlier one is missing.
    if (!isWhole) return false
    try {
      const answer = await stored
      if ('cause' in answer) throw answer.cause
      const segment: Segment = {
        stream,
        segment: closed.segment,
        raw: { from: closed.rawFrom, to: closed.rawFrom + closed.raw },
        stored: { from: closed.storedFrom, to: closed.storedFrom + bytes.length },
        blob: answer.blob,
      }
      await shared.opened.onSegment(segment)
      done()
      return true
    } catch (cause) {
      shared.failure = { cause }
      return false
    }
  }
  const told = shared.told.then(tell)
  shared.told = told
  shared.underWay.add(told)
  void told.then(() => shared.underWay.delete(told))
}
