import { expect, test } from 'vitest'
import { endedWords } from '../../../renderer/parts/cell-words.ts'

const exit = { outcome: { kind: 'exit', code: 1, ok: false }, durationMs: 4000, atMs: 0, try: 1 } as const

test('a verification that did not pass does not read as a try that failed', () => {
  expect(endedWords({ ...exit, purpose: 'main', verdict: 'fail' })).toBe('try 1: exit 1 after 4 s')
  expect(endedWords({ ...exit, purpose: 'verify', verdict: 'fail' })).toBe(
    'verification 1: did not pass, exit 1 after 4 s',
  )
  expect(endedWords({ ...exit, purpose: 'verify', verdict: null, outcome: { kind: 'lost', code: 'link-lost' } })).toBe(
    'verification 1: the link was lost after 4 s',
  )
})
