import { beforeEach, expect, test, vi } from 'vitest'
import type { Client } from '../../../../renderer/api/client.ts'
import { entryOf, showTo, useWholeLog, want } from '../../../../renderer/screens/log/whole-log.ts'
import { useConnection } from '../../../../renderer/store/connection.ts'
import type { Recorded } from '../../../../shared/model/events.ts'

type Ask = { readonly before: number | null; readonly limit: number }

let size = 0
let answersWith: 'entries' | 'nothing' = 'entries'
let asked: Ask[] = []

function entry(seq: number): Recorded {
  return {
    ref: { origin: 'a', seq },
    at: '2026-12-05T21:00:00.000Z',
    type: 'boot',
    data: {},
    text: {},
    act: null,
    cause: null,
  }
}

/** A console that answers `log.page` as the real one does: newest first, below `before`. */
const page = ({ before, limit }: Ask): Promise<unknown> => {
  asked.push({ before, limit })
  if (answersWith === 'nothing') return Promise.resolve({ entries: [], next: null })
  const from = before ?? size
  const entries = Array.from({ length: Math.min(limit, from) }, (_, at) => entry(from - 1 - at))
  return Promise.resolve({ entries, next: null })
}

beforeEach(() => {
  size = 0
  answersWith = 'entries'
  asked = []
  const client = { log: { page } } as unknown as Client
  useConnection.setState({ state: 'open', client, closed: new Promise<string>(() => undefined) }, true)
  useWholeLog.setState({ origin: null, top: 0, pages: new Map(), problem: null })
})

function seqs(from: number, to: number): (number | null)[] {
  return Array.from({ length: to - from + 1 }, (_, at) => entryOf(useWholeLog.getState(), from + at)?.ref.seq ?? null)
}

test('what is looked at is read, by whole pages, and nothing else', async () => {
  size = 1234
  showTo('a', size)
  want(480, 520)
  await vi.waitFor(() => expect(seqs(480, 520)).toEqual(Array.from({ length: 41 }, (_, at) => 480 + at)))
  expect(asked.toSorted((a, b) => (a.before ?? 0) - (b.before ?? 0))).toEqual([
    { before: 500, limit: 100 },
    { before: 600, limit: 100 },
  ])
  expect(entryOf(useWholeLog.getState(), 399)).toBeNull()
})

test('the last page is as long as the log, and is read again when the log is shown further', async () => {
  size = 130
  showTo('a', 130)
  want(100, 129)
  await vi.waitFor(() => expect(entryOf(useWholeLog.getState(), 129)?.ref.seq).toBe(129))
  expect(asked).toEqual([{ before: 130, limit: 30 }])
  size = 142
  showTo('a', 142)
  // Until the new ones are here, those that are being read stay.
  expect(entryOf(useWholeLog.getState(), 129)?.ref.seq).toBe(129)
  want(100, 141)
  await vi.waitFor(() => expect(entryOf(useWholeLog.getState(), 141)?.ref.seq).toBe(141))
  expect(asked.at(-1)).toEqual({ before: 142, limit: 42 })
})

test('a console that gives too little is believed, said so, and not asked in a loop', async () => {
  answersWith = 'nothing'
  showTo('a', 50)
  want(0, 49)
  await vi.waitFor(() => expect(useWholeLog.getState().problem).not.toBeNull())
  expect(asked).toHaveLength(1)
  answersWith = 'entries'
  size = 50
  want(0, 49)
  await vi.waitFor(() => expect(entryOf(useWholeLog.getState(), 0)?.ref.seq).toBe(0))
  expect(useWholeLog.getState().problem).toBeNull()
})

test('the log of another console is another log', async () => {
  size = 10
  showTo('a', 10)
  want(0, 9)
  await vi.waitFor(() => expect(entryOf(useWholeLog.getState(), 9)).not.toBeNull())
  showTo('b', 10)
  expect(useWholeLog.getState().pages.size).toBe(0)
})
