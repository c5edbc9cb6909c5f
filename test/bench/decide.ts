/** What the engine works out by itself on a long run, and what a screen does with the whole of it. */
import { NO_WORDS, foldWords, type RunWords } from '../../shared/run/wording.ts'
import { fold } from '../../shared/run/fold.ts'
import type { Run } from '../../shared/run/state.ts'
import { longRun } from './long-run.ts'
import { quantile, reported, type Row, type Size, worked } from './measure.ts'

const STEPS = 200
const HOSTS = 50
const EVENTS = 100_000

export async function decide(size: Size): Promise<readonly Row[]> {
  const { events, run, decideMs, dueMs } = longRun({ steps: STEPS, hosts: HOSTS, events: size.count(EVENTS) })
  const folds: number[] = []
  for (let round = -1; round < size.rounds(5); round++) {
    let state: Run | null = null
    let words: RunWords = NO_WORDS
    const ms = await worked(() => {
      for (const event of events) {
        state = fold(state, event)
        words = foldWords(words, event)
      }
    })
    if (JSON.stringify(state) !== JSON.stringify(run)) throw new Error('another state')
    if (round >= 0) folds.push(ms)
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const what = `a run of ${STEPS} steps on ${HOSTS} hosts (four chains, waves, checks)`
  return [
    reported(
      {
        name: 'decide one engine command, mean',
        unit: 'ms',
        ourWork: `${what}: begin, bind output, finish, each with all that follows by the rules; ${decideMs.length.toLocaleString('en')} commands, p95 ${quantile(decideMs, 0.95).toFixed(2)} ms`,
      },
      [mean(decideMs)],
    ),
    reported(
      {
        name: 'find what is due, mean',
        unit: 'ms',
        ourWork: `${what}: once after each attempt; p95 ${quantile(dueMs, 0.95).toFixed(2)} ms`,
      },
      [mean(dueMs)],
    ),
    reported(
      {
        name: 'fold all events of a run',
        unit: 'CPU-ms',
        ourWork: `${events.length.toLocaleString('en')} events of such a run: state and words, from the first to the last`,
      },
      folds,
    ),
  ]
}
