import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutMiddle } from '../../../shared/text/cut.ts'

test('the end of a host name is kept', () => {
  expect(cutMiddle('ord-application-production-07', 15)).toBe('ord-app…tion-07')
  expect(cutMiddle('app1', 15)).toBe('app1')
})

test('a family emoji and an accent are not cut in half', () => {
  const family = '👩‍👩‍👧‍👦'
  expect(cutMiddle(family.repeat(9), 5)).toBe(`${family.repeat(2)}…${family.repeat(2)}`)
})

test('it is never longer than asked, and a long text does not take long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 3, max: 30 }), (text, length) => {
      expect([...new Intl.Segmenter('en').segment(cutMiddle(text, length))].length).toBeLessThanOrEqual(length)
    }),
  )
  expect(cutMiddle('x'.repeat(1_000_000), 9)).toBe('xxxx…xxxx')
})
