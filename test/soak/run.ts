/**
 * `npm run soak`: 60 runs on five real sshd whose console is killed, a third each in mid-append, mid-exec and mid-segment;
 * then 1 GiB of output from one step. Prints what it found, and ends with 1 when a promise was broken.
 */
import { provideSystemParts } from '../support/system-parts.ts'
import { type Crash, crashRun, PLACES } from './crash-run.ts'
import { crashWorld } from './crash-world.ts'
import { measureOutput } from './output-memory.ts'

const RUNS = 60
/** Runs in one log, so that consoles also die and come back over a log of some length. */
const RUNS_IN_A_LOG = 12
const LEAST_OF_EACH = 5
const GIB = 1024 ** 3
/** What a step's output may add to the memory of the console's processes, all together. */
const MOST_ABOVE_IDLE = 300 * 1000 * 1000

async function crashes(): Promise<string[]> {
  const ended: Crash[] = []
  const broken: string[] = []
  for (let first = 0; first < RUNS; first += RUNS_IN_A_LOG) {
    await using world = await crashWorld()
    for (let seed = first; seed < Math.min(first + RUNS_IN_A_LOG, RUNS); seed += 1) {
      const place = PLACES[seed % PLACES.length] ?? 'mid-append'
      try {
        const crash = await crashRun(world, place, seed)
        ended.push(crash)
        console.log(
          `${String(seed + 1).padStart(3)}/${RUNS} ${crash.place.padEnd(11)} ${crash.evidence}; ${crash.acknowledged} entries acknowledged, ${crash.inDoubt} attempts in doubt`,
        )
      } catch (cause) {
        broken.push(`run ${seed + 1}, ${place}: ${cause instanceof Error ? cause.message : String(cause)}`)
        console.log(`${String(seed + 1).padStart(3)}/${RUNS} ${place.padEnd(11)} BROKEN: ${broken.at(-1)}`)
        // What one run left behind is not to be found by the next.
        break
      }
    }
  }
  for (const place of PLACES) {
    const count = ended.filter((crash) => crash.place === place).length
    console.log(`killed in ${place}: ${count}`)
    if (count < LEAST_OF_EACH) broken.push(`only ${count} kills landed in ${place}; ${LEAST_OF_EACH} are needed`)
  }
  const doubts = ended.reduce((sum, { inDoubt }) => sum + inDoubt, 0)
  console.log(`${ended.length} runs resumed and came to their end; ${doubts} attempts were in doubt, and were unknown`)
  return broken
}

async function output(): Promise<string[]> {
  const { bytes, idle, peak, seconds, frames } = await measureOutput(GIB)
  const above = peak - idle
  const mb = (count: number) => `${Math.round(count / 1000 / 1000)} MB`
  console.log(
    `${bytes} bytes of output in ${seconds.toFixed(1)} s with a screen attached (${frames} live frames): ${mb(idle)} at rest, ${mb(peak)} at most, ${mb(above)} above`,
  )
  return above < MOST_ABOVE_IDLE
    ? []
    : [`1 GiB of output took ${mb(above)} above idle; ${mb(MOST_ABOVE_IDLE)} are allowed`]
}

const missing = provideSystemParts((line) => console.log(line))
if (missing.length > 0) {
  for (const line of missing) console.error(line)
  process.exit(1)
}
const broken = [...(await crashes()), ...(await output())]
for (const line of broken) console.error(`broken: ${line}`)
console.log(broken.length === 0 ? 'soak: every promise was kept' : `soak: ${broken.length} broken`)
process.exitCode = broken.length === 0 ? 0 : 1
