import { expect, test } from 'vitest'
import { showCount, showNumberOf, showShare, showSize } from '../../../shared/text/quantity.ts'

test.each([
  [0, '0 B'],
  [812, '812 B'],
  [1024, '1 KiB'],
  [65_536, '64 KiB'],
  [1_572_864, '1.5 MiB'],
  [1_073_741_824, '1 GiB'],
  [1_048_000, '1 MiB'],
  [270_553_174_016, '252 GiB'],
  [-2048, '−2 KiB'],
])('%i bytes is shown as %s', (bytes, text) => {
  expect(showSize(bytes)).toBe(text)
})

test.each([
  [0, '0'],
  [999, '999'],
  [184_202, '184,202'],
  [1_000_000, '1,000,000'],
  [-1234, '−1,234'],
])('%i is counted as %s', (count, text) => {
  expect(showCount(count)).toBe(text)
})

test('a number has its noun', () => {
  expect(showNumberOf(1, 'host')).toBe('1 host')
  expect(showNumberOf(1500, 'entry', 'entries')).toBe('1,500 entries')
})

test('a share is neither all before it is all nor nothing once it is something', () => {
  expect(showShare(0.999)).toBe('99 %')
  expect(showShare(1)).toBe('100 %')
  expect(showShare(0.001)).toBe('1 %')
  expect(showShare(0)).toBe('0 %')
  expect(showShare(0.62)).toBe('62 %')
})
