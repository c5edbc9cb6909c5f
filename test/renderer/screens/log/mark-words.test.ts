import { expect, test } from 'vitest'
import { checkedBy } from '../../../../renderer/screens/log/checked.ts'
import { markWords } from '../../../../renderer/screens/log/mark-words.ts'

const OWN = 'holdpoint/6f0c1d2e-0000-4000-8000-00000000d021/00000002'

function said(mark: 'checked' | 'missing' | 'unreadable' | undefined, codes: readonly string[] = []) {
  const problems = codes.map((code) => ({ code, seq: null, message: '' }))
  const answer = {
    ok: codes.length === 0,
    trust: 'self-asserted' as const,
    origins: [{ origin: OWN, size: 9, root: null, problems, ...(mark === undefined ? {} : { mark }) }],
  }
  const result = { kind: 'verified' as const, answer, tookMs: 3, marksFolder: '/home/anna/state/marks' }
  const checked = checkedBy({ runningSinceMs: null, progress: null, ended: { atMs: 5, result } }, OWN)
  return checked === null ? null : markWords(checked)
}

test('a mark that was compared is told with what it proves and where it lies', () => {
  expect(said('checked')).toEqual({
    state: 'passed',
    text: 'Not shorter than this machine remembers: compared with the high-water mark, in /home/anna/state/marks, outside the data folder.',
  })
})

test('a log that is behind its mark is not called unshortened', () => {
  expect(said('checked', ['behind-high-water-mark'])).toMatchObject({ state: 'failed' })
  expect(said('checked', ['chain-broken'])).toMatchObject({ state: 'passed' })
})

test('a mark that is not there warns, and says what can show it instead', () => {
  expect(said('missing')).toMatchObject({
    state: 'warned',
    text: expect.stringMatching(/no high-water mark .*marks.*pin from outside.*records that it was missing/),
  })
})

test('a mark that cannot be read fails; where none was looked for nothing is said', () => {
  expect(said('unreadable', ['mark-unreadable'])).toMatchObject({ state: 'failed' })
  expect(said(undefined)).toBeNull()
})
