/** A stream holds no more than it may, whatever its reader does, and lets go of its source when the reader has left. */
import { expect, test } from 'vitest'
import { boundedStream } from '../../../electron/services/bounded-stream.ts'

/** A source in the hand of the test. */
function source() {
  const hand = {
    push: (_item: string) => undefined as void,
    end: () => undefined as void,
    fail: (_cause: unknown) => undefined as void,
    stops: 0,
  }
  const start = (push: (item: string) => void, end: () => void, fail: (cause: unknown) => void) => {
    Object.assign(hand, { push, end, fail })
    return () => {
      hand.stops += 1
    }
  }
  return { hand, start }
}

async function rest(stream: AsyncGenerator<string>): Promise<string[]> {
  const items: string[] = []
  for await (const item of stream) items.push(item)
  return items
}

test('what is pushed comes out in order, and the source is let go at the end', async () => {
  const { hand, start } = source()
  const stream = boundedStream<string>({ limit: 10, start, overflow: 'over' })
  const first = stream.next()
  hand.push('a')
  expect(await first).toEqual({ value: 'a', done: false })
  hand.push('b')
  hand.push('c')
  hand.end()
  hand.push('too late')
  expect(await rest(stream)).toEqual(['b', 'c'])
  expect(hand.stops).toBe(1)
})

test('a reader that falls behind is told so, as the last thing, and nothing of the half is left', async () => {
  const { hand, start } = source()
  const stream = boundedStream<string>({ limit: 3, start, overflow: 'over' })
  const first = stream.next()
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) hand.push(item)
  expect([(await first).value, ...(await rest(stream))].at(-1)).toBe('over')
  expect(hand.stops).toBe(1)
})

test('one item that is heavier than the limit still passes, alone', async () => {
  const { hand, start } = source()
  const stream = boundedStream<string>({ limit: 3, weigh: (item) => item.length, start, overflow: 'over' })
  const first = stream.next()
  hand.push('much too heavy')
  hand.end()
  expect([(await first).value, ...(await rest(stream))]).toEqual(['much too heavy'])
})

test('what may be dropped is, before anything else has to wait', async () => {
  const { hand, start } = source()
  const stream = boundedStream<string>({
    limit: 4,
    mayDrop: (item) => item.startsWith('live'),
    start,
    overflow: 'over',
  })
  const first = stream.next()
  for (const item of ['first', 'live 1', 'live 2', 'live 3', 'live 4', 'event 1', 'event 2']) hand.push(item)
  hand.end()
  const items = [(await first).value, ...(await rest(stream))]
  expect(items.filter((item) => item?.startsWith('event'))).toEqual(['event 1', 'event 2'])
  expect(items).not.toContain('over')
  expect(items).not.toContain('live 4')
})

test('where the newest is all that counts, a slow reader gets the newest', async () => {
  const { hand, start } = source()
  const stream = boundedStream<string>({ limit: 1, isLatestOnly: true, start, overflow: 'over' })
  const first = stream.next()
  for (const item of ['one', 'two', 'three']) hand.push(item)
  await first
  hand.push('four')
  hand.push('five')
  hand.end()
  expect((await rest(stream)).at(-1)).toBe('five')
})

test('a reader that leaves ends the source, while it waits and while it reads', async () => {
  for (const leave of ['abort', 'return'] as const) {
    const { hand, start } = source()
    const leaving = new AbortController()
    const stream = boundedStream<string>({ limit: 3, start, overflow: 'over', signal: leaving.signal })
    const waiting = stream.next()
    hand.push('a')
    await waiting
    if (leave === 'abort') {
      const last = stream.next()
      leaving.abort()
      expect((await last).done).toBe(true)
    } else await stream.return()
    expect(hand.stops).toBe(1)
  }
})

test('a reader that has left before it began costs nothing', async () => {
  const { hand, start } = source()
  const stream = boundedStream<string>({ limit: 3, start, overflow: 'over', signal: AbortSignal.abort() })
  expect(await rest(stream)).toEqual([])
  expect(hand.stops).toBe(0)
})

test('a source that fails is heard of, after what it said', async () => {
  const { hand, start } = source()
  const stream = boundedStream<string>({ limit: 3, start, overflow: 'over' })
  const first = stream.next()
  hand.push('a')
  hand.fail(new Error('the log is closed'))
  expect((await first).value).toBe('a')
  await expect(stream.next()).rejects.toThrow('the log is closed')
  expect(hand.stops).toBe(1)
})
