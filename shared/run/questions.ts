/** What is asked of people now, derived from the state: there is no list of open questions that could drift from it. */
import { option, type Question } from './question.ts'
import { backoutOptions, backoutQuestions } from './questions-backout.ts'
import { closeQuestion, stuckQuestions } from './questions-end.ts'
import { failureQuestions, gateQuestions, manualQuestions, unknownQuestion } from './questions-forward.ts'
import { isOver } from './rules.ts'
import type { Run } from './state.ts'

/** The most urgent first: unknown, failed, then what holds others up, then the rest, each oldest first. */
export function questions(run: Run, atMs: number): readonly Question[] {
  if (run.phase === 'closed') return []
  if (run.phase === 'planned') return [startQuestion(run)]
  const all = [
    ...unknownQuestion(run),
    ...backoutQuestions(run),
    ...failureQuestions(run),
    ...heldQuestion(run),
    ...gateQuestions(run, atMs),
    ...manualQuestions(run, atMs),
    ...stuckQuestions(run),
  ]
  return all.length === 0 && isOver(run) ? [closeQuestion(run)] : all
}

function startQuestion(run: Run): Question {
  return {
    id: 'start',
    kind: 'start',
    step: null,
    target: null,
    cells: [],
    sinceMs: run.plannedAtMs,
    byMs: null,
    options: [option('start', { do: 'startRun' })],
  }
}

function heldQuestion(run: Run): Question[] {
  if (run.held === null) return []
  return [
    {
      id: 'held',
      kind: 'held',
      step: null,
      target: null,
      cells: [],
      sinceMs: run.held.sinceMs,
      byMs: null,
      options: [option('resume', { do: 'resume' }), ...backoutOptions(run, null)],
    },
  ]
}
