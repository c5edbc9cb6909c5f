/** States as people read them: one word each, and what it means. */
import type { ShownState } from '../../shared/model/cell.ts'

export const STATE_WORDS: Readonly<Record<ShownState, string>> = {
  waiting: 'waiting',
  ready: 'ready',
  running: 'running',
  passed: 'passed',
  warned: 'warned',
  failed: 'failed',
  skipped: 'skipped',
  unknown: 'unknown',
  cancelled: 'cancelled',
  'backing-out': 'backing out',
  'backed-out': 'backed out',
  'backout-failed': 'backout failed',
}

export const STATE_MEANINGS: Readonly<Record<ShownState, string>> = {
  waiting: 'What it needs is not met yet',
  ready: 'May start; waits for a slot, a wave or a person',
  running: 'Started, still alive',
  passed: 'Done, criteria met',
  warned: 'Done, a criterion says warn',
  failed: 'Known to have failed',
  skipped: 'Left out, with a reason',
  unknown: 'Outcome not known: look, never re-run by itself',
  cancelled: 'Will not run any more',
  'backing-out': 'Its backout runs or waits',
  'backed-out': 'Undone',
  'backout-failed': 'Its backout failed: a person decides',
}

/** The order in which counts are shown: what calls for a person first. */
export const STATE_ORDER: readonly ShownState[] = [
  'unknown',
  'failed',
  'backout-failed',
  'running',
  'backing-out',
  'warned',
  'ready',
  'passed',
  'skipped',
  'backed-out',
  'cancelled',
  'waiting',
]
