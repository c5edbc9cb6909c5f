import { expect, test } from 'vitest'
import { historyOf, indexAtTime } from '../../../../renderer/screens/replay/history.ts'
import { decisionBeside, marksOf } from '../../../../renderer/screens/replay/marks.ts'
import { asRunEvent } from '../../../../shared/model/events.ts'
import { fold } from '../../../../shared/run/fold.ts'
import type { Run } from '../../../../shared/run/state.ts'
import { StagedConsole } from '../../stage/staged-console.ts'

const entries = new StagedConsole({}).eventsOf('orders-db-15-3', 0)

test('the state at any entry is what folding to it gives, in whatever order entries are asked for', () => {
  const states: (Run | null)[] = []
  let run: Run | null = null
  for (const entry of entries) {
    const event = asRunEvent(entry)
    if (event !== null) run = fold(run, event)
    states.push(run)
  }
  const history = historyOf(entries)
  for (const index of [entries.length - 1, 0, 250, 99, 100, 101, 45, 199, 200])
    expect(history.at(index).run).toEqual(states[index])
})

test('marks are decisions in their order, and what failed or was not known', () => {
  const marks = marksOf(entries)
  const decisions = marks.filter((mark) => mark.decision !== null)
  expect(decisions.map((mark) => mark.decision)).toEqual(decisions.map((_, index) => index + 1))
  expect(marks.some((mark) => mark.state === 'unknown')).toBe(true)
  expect(marks.some((mark) => mark.state === 'failed')).toBe(true)
})

test('brackets lead to the decision before and after, and nowhere past the ends', () => {
  const marks = marksOf(entries)
  const [first, second] = marks.filter((mark) => mark.decision !== null)
  if (first === undefined || second === undefined) throw new Error('two decisions are needed')
  expect(decisionBeside(marks, first.index, 1)).toBe(second)
  expect(decisionBeside(marks, second.index, -1)).toBe(first)
  expect(decisionBeside(marks, first.index, -1)).toBeNull()
  expect(decisionBeside(marks, entries.length, 1)).toBeNull()
})

test('a time leads to the last entry that was written by then', () => {
  const at = (index: number) => Date.parse(entries[index]?.at ?? '')
  expect(indexAtTime(entries, 0)).toBe(0)
  expect(indexAtTime(entries, Number.MAX_SAFE_INTEGER)).toBe(entries.length - 1)
  const found = indexAtTime(entries, at(200))
  expect(at(found)).toBe(at(200))
  expect(at(found + 1)).toBeGreaterThan(at(200))
})
