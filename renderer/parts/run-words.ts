/** A run in words: its phase, its result, what it asks. One wording for home, cockpit, replay and palette. */
import type { ShownState } from '../../shared/model/cell.ts'
import type { RunResult } from '../../shared/model/events.ts'
import type { QuestionKind } from '../../shared/run/question.ts'
import type { RunPhase } from '../../shared/run/shown.ts'

type Phased = { readonly phase: RunPhase; readonly result: RunResult | null }

export const RESULT_WORDS: Readonly<Record<RunResult, string>> = {
  done: 'done',
  failed: 'failed',
  'backed-out': 'backed out',
  abandoned: 'abandoned',
}

export function runStateWord(run: Phased): string {
  switch (run.phase) {
    case 'planned':
      return 'planned'
    case 'running':
      return 'running'
    case 'held':
      return 'held'
    case 'backing-out':
      return 'backing out'
    case 'closed':
      return run.result === null ? 'closed' : RESULT_WORDS[run.result]
  }
}

/** The shape and colour that go with the word. */
export function runState(run: Phased): ShownState {
  switch (run.phase) {
    case 'planned':
      return 'ready'
    case 'running':
      return 'running'
    case 'held':
      return 'warned'
    case 'backing-out':
      return 'backing-out'
    case 'closed':
      return run.result === null ? 'waiting' : RESULT_STATES[run.result]
  }
}

const RESULT_STATES: Readonly<Record<RunResult, ShownState>> = {
  done: 'passed',
  failed: 'failed',
  'backed-out': 'backed-out',
  abandoned: 'cancelled',
}

const QUESTION_VERBS: Readonly<Record<QuestionKind, string>> = {
  start: 'Start',
  gate: 'Decide',
  'no-go': 'Decide',
  manual: 'Do',
  failure: 'Decide',
  unknown: 'Settle',
  'backout-manual': 'Undo',
  'backout-failed': 'Decide',
  'backout-unknown': 'Settle',
  held: 'Resume',
  stuck: 'Decide',
  close: 'Close',
}

export const QUESTION_STATES: Readonly<Record<QuestionKind, ShownState>> = {
  start: 'ready',
  gate: 'ready',
  'no-go': 'failed',
  manual: 'ready',
  failure: 'failed',
  unknown: 'unknown',
  'backout-manual': 'backing-out',
  'backout-failed': 'backout-failed',
  'backout-unknown': 'unknown',
  held: 'warned',
  stuck: 'warned',
  close: 'passed',
}

export function isQuestionKind(kind: string): kind is QuestionKind {
  return Object.hasOwn(QUESTION_VERBS, kind)
}

export function questionVerb(kind: string): string {
  return isQuestionKind(kind) ? QUESTION_VERBS[kind] : 'Answer'
}

export function questionState(kind: string): ShownState {
  return isQuestionKind(kind) ? QUESTION_STATES[kind] : 'ready'
}

/** `2 failed`, `1 unknown`: what calls for a person, of counts by state. */
export function loudCounts(
  counts: Readonly<Record<string, number>>,
): readonly { readonly state: ShownState; readonly count: number }[] {
  return (['unknown', 'failed', 'backout-failed'] as const)
    .map((state) => ({ state, count: counts[state] ?? 0 }))
    .filter(({ count }) => count > 0)
}
