/** A tenth of `npm run soak`: consoles killed in mid-append, mid-exec and mid-segment, over five real sshd. */
import { expect, test } from 'vitest'
import { type Crash, crashRun, PLACES } from '../../soak/crash-run.ts'
import { crashWorld } from '../../soak/crash-world.ts'

test('a killed console loses nothing that it acknowledged, starts nothing twice, and calls what is in doubt unknown', {
  timeout: 900_000,
}, async () => {
  await using world = await crashWorld()
  const crashes: Crash[] = []
  for (let seed = 0; seed < 6; seed += 1)
    crashes.push(await crashRun(world, PLACES[seed % PLACES.length] ?? 'mid-append', seed))
  for (const place of PLACES) expect(crashes.filter((crash) => crash.place === place)).toHaveLength(2)
  // The promises are checked run by run; what they are about was there to be checked.
  expect(crashes.reduce((sum, { inDoubt }) => sum + inDoubt, 0)).toBeGreaterThan(5)
  expect(crashes.every(({ acknowledged }) => acknowledged > 5)).toBe(true)
})
