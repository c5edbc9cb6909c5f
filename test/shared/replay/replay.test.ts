/** The state at a moment is the one that the live run had then: by entry, by time, with the words that were written so far. */
import { describe, expect, test } from 'vitest'
import type { RecordedRunEvent } from '../../../shared/model/events.ts'
import { stateAt } from '../../../shared/replay/replay.ts'
import { BAD, MINUTE, must, perform, plan, started, WINDOW_START, type World } from '../run/world.ts'

function played(): World {
  const of = started(plan([{ id: 'copy' }], ['h1', 'h2']))
  of.atMs += 5 * MINUTE
  perform(of, 'copy', 'h1', BAD)
  of.atMs += 5 * MINUTE
  must(of.person({ do: 'skip', cells: [{ step: 'copy', target: 'h1' }], reason: 'It is to be rebuilt anyway.' }))
  return of
}

describe('the state at a moment', () => {
  test('by entry, inclusive', () => {
    const { journal, states } = played()
    for (const [seq, state] of states.entries()) expect(stateAt(journal, { seq })?.run).toEqual(state)
    expect(stateAt(journal, { seq: 3 })?.ref.seq).toBe(3)
  })

  test('by time: all that was recorded up to it', () => {
    const { journal } = played()
    const at = (minutes: number) => stateAt(journal, { atMs: WINDOW_START + minutes * MINUTE })?.run
    expect(at(4)?.cells['copy']?.['h1']?.state).toBe('ready')
    expect(at(5)?.cells['copy']?.['h1']?.state).toBe('failed')
    expect(at(9)?.cells['copy']?.['h1']?.state).toBe('failed')
    expect(at(10)?.cells['copy']?.['h1']?.state).toBe('skipped')
  })

  test('before the plan there is none', () => {
    const { journal } = played()
    expect(stateAt([], { seq: 9 })).toBeNull()
    expect(stateAt(journal, { atMs: WINDOW_START - 1 })).toBeNull()
  })

  test('carries the words of that moment, and a redacted text leaves a gap there and nothing else', () => {
    const { journal, run } = played()
    const last = journal.length - 1
    const reasons = (events: readonly RecordedRunEvent[], seq: number) =>
      stateAt(events, { seq })?.words.cells['copy']?.['h1']?.said.map((said) => said.reason) ?? []
    expect(reasons(journal, last)).toContain('It is to be rebuilt anyway.')
    expect(reasons(journal, last - 1)).not.toContain('It is to be rebuilt anyway.')
    const redacted = journal.map((event) => ({ ...event, text: null }))
    expect(reasons(redacted, last)).toEqual([])
    expect(stateAt(redacted, { seq: last })?.words.title).toBe('')
    expect(stateAt(redacted, { seq: last })?.run).toEqual(run)
  })
})
