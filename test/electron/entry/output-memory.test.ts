/** An eighth of the 1 GiB of `npm run soak`, with the same limit: memory does not follow the size of the output. */
import { expect, test } from 'vitest'
import { measureOutput } from '../../soak/output-memory.ts'

const BYTES = 128 * 1024 * 1024

test('much output of one step, a screen attached, is kept whole in little memory', { timeout: 900_000 }, async () => {
  const { bytes, idle, peak, frames } = await measureOutput(BYTES)
  expect(bytes).toBe(BYTES)
  expect(frames).toBeGreaterThan(0)
  expect(peak - idle).toBeLessThan(300_000_000)
})
