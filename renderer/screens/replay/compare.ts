/** What the lead could see then beside what is known now, row by row. */
import type { ShownState } from '../../../shared/model/cell.ts'
import { cellsOf } from '../../../shared/run/lookup.ts'
import { questions } from '../../../shared/run/questions.ts'
import { latestBackoutStart, schedule } from '../../../shared/run/schedule.ts'
import { counts, runPhase, shownState } from '../../../shared/run/shown.ts'
import type { Run } from '../../../shared/run/state.ts'
import type { RunWords } from '../../../shared/run/wording.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { showClockInZone } from '../../../shared/text/time.ts'
import { questionTitle } from '../../parts/answer-words.ts'
import { cellTitle } from '../../parts/cell-words.ts'
import { runState, runStateWord } from '../../parts/run-words.ts'
import { STATE_WORDS } from '../../parts/states.ts'

export type Side = { readonly text: string; readonly state: ShownState | null }
export type Comparison = { readonly label: string; readonly then: Side; readonly now: Side; readonly differs: boolean }

/** What calls for a person, or was under way: only of these is it worth saying what became of them. */
const OPEN: readonly ShownState[] = ['failed', 'unknown', 'running', 'backing-out', 'backout-failed']
const MOST_CELLS = 6

export function compare(
  then: Run,
  now: Run,
  words: RunWords,
  thenMs: number,
  nowMs: number,
  zone: string,
): readonly Comparison[] {
  const rows = [
    row('State of the run', phaseSide(then), phaseSide(now)),
    row('Finish', finishSide(then, thenMs, zone), finishSide(now, nowMs, zone)),
    row('Back out by', backoutSide(then, zone), backoutSide(now, zone)),
    row('Asked', askedSide(then, words, thenMs), askedSide(now, words, nowMs)),
    row('Done', doneSide(then), doneSide(now)),
  ]
  const cells = then.order
    .flatMap((id) => cellsOf(then, id))
    .map((cell) => ({
      cell,
      before: shownState(then, cell.step, cell.target),
      after: shownState(now, cell.step, cell.target),
    }))
    .filter(({ before }) => OPEN.includes(before))
    .toSorted((a, b) => OPEN.indexOf(a.before) - OPEN.indexOf(b.before))
  return [
    ...rows,
    ...cells
      .slice(0, MOST_CELLS)
      .map(({ cell, before, after }) =>
        row(cellTitle(words, cell.step, cell.target), stateSide(before), stateSide(after)),
      ),
  ]
}

function row(label: string, then: Side, now: Side): Comparison {
  // Compared, never awaited: the screen's own words are then and now.
  // oxlint-disable-next-line unicorn/no-thenable
  return { label, then, now, differs: then.text !== now.text }
}

function stateSide(state: ShownState): Side {
  return { text: STATE_WORDS[state], state }
}

function phaseSide(run: Run): Side {
  const phased = { phase: runPhase(run), result: run.result }
  const word = runStateWord(phased)
  return { text: run.phase === 'closed' ? `closed, ${word}` : word, state: runState(phased) }
}

function finishSide(run: Run, atMs: number, zone: string): Side {
  if (run.closedAtMs !== null) return { text: `closed ${showClockInZone(run.closedAtMs, zone)}`, state: null }
  if (run.backingOut !== null) return { text: 'backing out', state: null }
  return { text: `${showClockInZone(schedule(run, atMs).finishMs, zone)} expected`, state: null }
}

function backoutSide(run: Run, zone: string): Side {
  if (run.noReturn !== null) return { text: 'past the point of no return', state: null }
  const latest = latestBackoutStart(run)
  return { text: latest === null ? 'nothing to undo' : showClockInZone(latest.atMs, zone), state: null }
}

function askedSide(run: Run, words: RunWords, atMs: number): Side {
  const asked = questions(run, atMs)
  const first = asked[0]
  if (first === undefined) return { text: 'nothing', state: null }
  const more = asked.length > 1 ? ` (and ${asked.length - 1} more)` : ''
  return { text: `${questionTitle(first, run, words)}${more}`, state: null }
}

function doneSide(run: Run): Side {
  const all = counts(run)
  const total = Object.values(all).reduce((sum, one) => sum + one, 0)
  return { text: `${all.passed + all.warned + all.skipped} of ${showNumberOf(total, 'piece')}`, state: null }
}
