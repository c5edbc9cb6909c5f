import { expect, test } from 'vitest'
import { type Feed, openFeed, type StreamName } from '../../../../renderer/screens/run/output/output-feed.ts'

/** What a console keeps, and a view that shows at its own pace. */
function stand(kept: Record<StreamName, string>, options: { streams?: StreamName[]; isSlow?: boolean } = {}) {
  let shown = ''
  const pending: (() => void)[] = []
  let settle: () => void = () => undefined
  let told = 0
  const asked: [StreamName, number, number][] = []
  const feed: Feed = openFeed({
    attempt: { step: 'deploy', target: 'app1', purpose: 'main', try: 1 },
    streams: options.streams ?? ['stdout', 'stderr'],
    segments: [],
    fetch: (stream, from, limit) => {
      asked.push([stream, from, limit])
      const bytes = Buffer.from(kept[stream]).subarray(from, from + limit)
      return Promise.resolve({ from, base64: bytes.toString('base64'), total: Buffer.byteLength(kept[stream]) })
    },
    write: (bytes, done) => {
      shown += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()
      if (done !== undefined && options.isSlow === true) pending.push(done)
      else done?.()
      settle()
    },
    onTotals: (totals) => {
      told = totals.stdout + totals.stderr
      settle()
    },
  })
  const plain = () => shown.replaceAll(/\u001B\[\d*m/g, '')
  return {
    feed,
    asked,
    shown: plain,
    /** Resolves once the view shows it. */
    until: async (text: string) => {
      while (!plain().includes(text)) await new Promise<void>((next) => (settle = next))
    },
    /** Resolves once so many bytes are known of, shown or not. */
    untilTold: async (bytes: number) => {
      while (told < bytes) await new Promise<void>((next) => (settle = next))
    },
    catchUpWithIt: () => {
      for (const done of pending.splice(0)) done()
    },
  }
}

const piece = (stream: StreamName, from: number, text: string) => ({
  stream,
  from,
  base64: Buffer.from(text).toString('base64'),
})

test('what is kept is shown, then what arrives, each byte once', async () => {
  const kept = { stdout: 'one\ntwo\n', stderr: '' }
  const { feed, until, shown } = stand(kept)
  await until('two')
  feed.live(piece('stdout', 4, 'two\nthree\n'))
  feed.live(piece('stdout', 0, 'one\n'))
  feed.live(piece('stdout', 14, 'four\n'))
  await until('four')
  expect(shown()).toBe('one\ntwo\nthree\nfour\n')
})

test('a gap in what arrives is fetched by range', async () => {
  const kept = { stdout: 'one\n', stderr: '' }
  const { feed, until, shown, asked } = stand(kept)
  await until('one')
  kept.stdout = 'one\ntwo\nthree\n'
  feed.live(piece('stdout', 8, 'three\n'))
  await until('three')
  expect(shown()).toBe('one\ntwo\nthree\n')
  expect(asked).toContainEqual(['stdout', 4, 4])
})

test('of a long past only the end is fetched, and what is left out is said', async () => {
  const kept = { stdout: `${'x'.repeat(1_000_000)}end`, stderr: '' }
  const { until, shown, asked } = stand(kept, { streams: ['stdout'] })
  await until('end')
  expect(shown()).toContain('are not shown here; all of it is kept')
  expect(asked.reduce((sum, [, , limit]) => sum + limit, 0)).toBeLessThan(300_000)
})

test('what a slow view cannot keep up with is left out and said, and memory does not grow', async () => {
  const kept = { stdout: '', stderr: '' }
  const { feed, until, untilTold, shown, catchUpWithIt } = stand(kept, { isSlow: true, streams: ['stdout'] })
  const block = 'y'.repeat(100_000)
  for (let number = 0; number < 40; number += 1) feed.live(piece('stdout', number * block.length, block))
  feed.live(piece('stdout', 40 * block.length, 'z'))
  await untilTold(40 * block.length + 1)
  expect(shown().length).toBeLessThan(1_300_000)
  catchUpWithIt()
  await until('faster than it can be shown')
})

test('a stream that was not asked for stays out', async () => {
  const { feed, until, shown } = stand({ stdout: 'out\n', stderr: 'err\n' }, { streams: ['stderr'] })
  await until('err')
  feed.live(piece('stdout', 4, 'more\n'))
  feed.live(piece('stderr', 4, 'last\n'))
  await until('last')
  expect(shown()).toBe('err\nlast\n')
})
