import { afterEach, expect, test, vi } from 'vitest'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leafHash, nodeHash } from '../../../shared/journal/merkle.ts'
import { blobStore } from '../../../electron/blobs/blob-store.ts'
import { outputStore } from '../../../electron/blobs/output-store.ts'
import type { BlobStore, Segment, StreamName } from '../../../electron/engine/ports.ts'

const folders: string[] = []
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-blobs-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  vi.useRealTimers()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

async function whole(pieces: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces ?? []) all.push(piece)
  return Buffer.concat(all)
}

test('a blob is named by its bytes and bound by the tree over its chunks', async () => {
  const blobs = blobStore(scratch())
  const bytes = randomBytes(65_536 * 2 + 5)
  const [a, b, c] = [0, 65_536, 131_072].map((at) => leafHash(sha256, bytes.subarray(at, at + 65_536)))
  if (!a || !b || !c) throw new Error('three chunks')
  const tree = hex(nodeHash(sha256, nodeHash(sha256, a, b), c))
  expect(await blobs.put('three chunks', bytes)).toEqual({
    name: 'three chunks',
    sha256: hex(sha256(bytes)),
    size: bytes.length,
    chunk: 65_536,
    tree,
  })
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  expect(await blobs.put('nothing', new Uint8Array())).toMatchObject({ sha256: empty, size: 0, tree: empty })
  const one = randomBytes(65_536)
  expect((await blobs.put('one chunk', one)).tree).toBe(hex(leafHash(sha256, one)))
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a little', Buffer.from('a little')],
  ['much that packs well', Buffer.alloc(300_000, 'line of output\n')],
  ['much that does not', randomBytes(300_000)],
])('%s is read as it was put: whole, in parts, as a stream', async (_what, bytes) => {
  const blobs = blobStore(scratch())
  const { sha256: name } = await blobs.put('x', bytes)
  expect(blobs.has(name)).toBe(true)
  expect(Buffer.from((await blobs.read(name)) ?? 'none')).toEqual(bytes)
  expect(await whole(blobs.stream(name))).toEqual(bytes)
  for (const [from, to] of [
    [0, 10],
    [5, 5],
    [70_000, 140_001],
    [299_990, 400_000],
    [500_000, 600_000],
  ] as const) {
    expect(Buffer.from((await blobs.read(name, { from, to })) ?? 'none')).toEqual(bytes.subarray(from, to))
  }
})

test('the same bytes are stored once, small where that helps, and the raw file wins', async () => {
  const folder = scratch()
  const blobs = blobStore(folder)
  const bytes = Buffer.alloc(100_000, 'again and again ')
  const refs = await Promise.all([blobs.put('a', bytes), blobs.put('b', bytes)])
  const [{ sha256: name }] = refs
  const inFolder = () => readdirSync(join(folder, 'blobs', name.slice(0, 2)))
  expect(inFolder()).toEqual([`${name}.zst`])
  writeFileSync(join(folder, 'blobs', name.slice(0, 2), name), bytes)
  await blobs.put('c', bytes)
  expect(inFolder()).toEqual([name, `${name}.zst`])
  expect(await whole(blobs.stream(name))).toEqual(bytes)
  expect([blobs.has('../../etc'), await blobs.read('0'.repeat(64)), blobs.stream('0'.repeat(64))]).toEqual([
    false,
    null,
    null,
  ])
})

/** A writer whose segments are kept. */
function recording(
  limits: { segmentBytes?: number; segmentMs?: number },
  secrets: readonly string[] = [],
  blobs: BlobStore = blobStore(scratch()),
) {
  const segments: Segment[] = []
  const live: [StreamName, number, string][] = []
  const outputs = outputStore(blobs, limits)
  const writer = outputs.open({
    attempt: 'run/step/host/main-1',
    secrets,
    onSegment: async (segment) => void segments.push(segment),
    onLive: (stream, from, bytes) => live.push([stream, from, Buffer.from(bytes).toString()]),
  })
  const tail = (stream: StreamName) => {
    const found = outputs.tail('run/step/host/main-1', stream)
    return found && [found.from, Buffer.from(found.bytes).toString()]
  }
  const stored = async (stream: StreamName) =>
    Buffer.concat(
      await Promise.all(
        segments
          .filter((one) => one.stream === stream)
          .map(async (one) => (await blobs.read(one.blob.sha256)) ?? new Uint8Array()),
      ),
    )
  return { writer, segments, live, tail, stored }
}

test('output is cut into segments that follow one another without a gap', async () => {
  const { writer, segments, live, stored } = recording({ segmentBytes: 10 })
  await writer.write('stdout', Buffer.from('hello, this is '))
  await writer.write('stderr', Buffer.from('oh'))
  await writer.write('stdout', Buffer.from('output'))
  await writer.close()
  expect((await stored('stdout')).toString()).toBe('hello, this is output')
  expect((await stored('stderr')).toString()).toBe('oh')
  const stdout = segments.filter(({ stream }) => stream === 'stdout')
  expect(stdout.map(({ segment, raw, stored: at }) => [segment, raw.from, raw.to, at.from, at.to])).toEqual([
    [0, 0, 10, 0, 10],
    [1, 10, 20, 10, 20],
    [2, 20, 21, 20, 21],
  ])
  expect(
    live
      .filter(([stream]) => stream === 'stdout')
      .map(([, , text]) => text)
      .join(''),
  ).toBe('hello, this is output')
})

test('a masked secret changes where bytes are stored, not where they were on the host', async () => {
  const { writer, segments, stored, live } = recording({ segmentBytes: 12 }, ['hunter2'])
  for (const part of ['pw=hun', 'ter', '2 and more ', 'hunter', '2']) await writer.write('stdout', Buffer.from(part))
  await writer.close()
  expect((await stored('stdout')).toString()).toBe('pw=****** and more ******')
  expect(live.map(([, , text]) => text).join('')).toBe('pw=****** and more ******')
  // 12 stored: `pw=****** an` of `pw=hunter2 an`; the second mask is put in whole, one byte over the limit.
  expect(segments.map(({ raw, stored: at }) => [raw.from, raw.to, at.from, at.to])).toEqual([
    [0, 13, 0, 12],
    [13, 27, 12, 25],
  ])
})

test('a segment closes when its time is up, and the tail is what is not bound yet', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { writer, segments, tail } = recording({ segmentMs: 5000 })
  await writer.write('stdout', Buffer.from('first'))
  expect(tail('stdout')).toEqual([0, 'first'])
  vi.advanceTimersByTime(4999)
  await writer.write('stdout', Buffer.from(' second'))
  expect([segments.length, tail('stdout')]).toEqual([0, [0, 'first second']])
  vi.advanceTimersByTime(1)
  await vi.waitFor(() => expect(segments).toHaveLength(1))
  await writer.write('stdout', Buffer.from(' third'))
  expect(tail('stdout')).toEqual([12, ' third'])
  await writer.close()
  expect([segments.length, tail('stdout')]).toEqual([2, null])
})

test('segments are told of in order, whatever the disk does, and the writer waits for it', async () => {
  const real = blobStore(scratch())
  const waiting: (() => void)[] = []
  const slow: BlobStore = {
    ...real,
    put: async (name, bytes) => {
      await new Promise<void>((go) => waiting.push(go))
      return real.put(name, bytes)
    },
  }
  const { writer, segments } = recording({ segmentBytes: 4 }, [], slow)
  let isTaken = false
  const writing = writer.write('stdout', Buffer.from('aaaabbbbccccddddeeeeffff')).then(() => (isTaken = true))
  await vi.waitFor(() => expect(waiting).toHaveLength(6))
  expect(isTaken).toBe(false)
  for (const go of waiting.splice(0).toReversed()) go()
  await writing
  await writer.close()
  expect(segments.map(({ segment }) => segment)).toEqual([0, 1, 2, 3, 4, 5])
})

test('a disk that fails stops the writer, and no later segment is bound', async () => {
  const real = blobStore(scratch())
  const full: BlobStore = {
    ...real,
    put: (name, bytes) => (name === 'stdout.1' ? Promise.reject(new Error('disk full')) : real.put(name, bytes)),
  }
  const { writer, segments } = recording({ segmentBytes: 4 }, [], full)
  await writer.write('stdout', Buffer.from('aaaa'))
  await writer.write('stdout', Buffer.from('bbbbccccdddd')).catch(() => {})
  await expect(writer.close()).rejects.toThrow('disk full')
  expect(segments.map(({ segment }) => segment)).toEqual([0])
})

test('much output passes in little memory', { timeout: 120_000 }, async () => {
  let stored = 0
  const writer = outputStore(blobStore(scratch())).open({
    attempt: 'run/step/host/main-1',
    secrets: ['a-secret-that-is-not-there'],
    onSegment: async ({ blob }) => void (stored += blob.size),
    onLive: () => {},
  })
  const chunk = randomBytes(32_768)
  await writer.write('stdout', chunk)
  const before = process.memoryUsage().rss
  let highest = before
  for (let at = 1; at < 4096; at++) {
    await writer.write('stdout', chunk)
    if (at % 64 === 0) highest = Math.max(highest, process.memoryUsage().rss)
  }
  await writer.close()
  expect(stored).toBe(4096 * 32_768)
  expect(highest - before).toBeLessThan(100 * 1024 * 1024)
})
