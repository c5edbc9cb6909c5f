/** A cell, a step, many cells, in the words that people use: "Upgrade on db2", "try 2". */
import type { ShownState } from '../../shared/model/cell.ts'
import type { BackoutScope, CellId } from '../../shared/model/events.ts'
import { type FailureCode, NO_HOST, type Purpose } from '../../shared/model/words.ts'
import type { Ended } from '../../shared/run/state.ts'
import type { RunWords } from '../../shared/run/wording.ts'
import { showDuration } from '../../shared/text/duration.ts'
import { inHostOrder, showHosts } from './host-names.ts'

export function stepTitle(words: RunWords, step: string): string {
  return words.steps[step]?.title ?? step
}

export function cellTitle(words: RunWords, step: string, target: string | null): string {
  return target === null || target === NO_HOST ? stepTitle(words, step) : `${stepTitle(words, step)} on ${target}`
}

/** Cells by step, each with its hosts; steps in the order in which they come. */
export function byStep(
  cells: readonly CellId[],
): readonly { readonly step: string; readonly hosts: readonly string[] }[] {
  const steps = new Map<string, string[]>()
  for (const { step, target } of cells) steps.set(step, [...(steps.get(step) ?? []), target])
  return [...steps].map(([step, targets]) => ({
    step,
    hosts: inHostOrder(targets.filter((target) => target !== NO_HOST)),
  }))
}

/** `Install on app-01 to 03`. */
export function onHosts(words: RunWords, step: string, hosts: readonly string[]): string {
  return hosts.length === 0 ? stepTitle(words, step) : `${stepTitle(words, step)} on ${showHosts(hosts)}`
}

export function scopeWords(scope: BackoutScope, words: RunWords): string {
  switch (scope.kind) {
    case 'run':
      return 'the whole run'
    case 'workstream':
      return `workstream ${scope.workstream}`
    case 'step':
      return stepTitle(words, scope.step)
    case 'host':
      return scope.host
  }
}

export const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  main: 'try',
  check: 'check',
  verify: 'verification',
  backout: 'backout',
  'backout-check': 'check of the backout',
  diagnostics: 'diagnostics',
}

/** `try 2`, `check 1`. */
export function attemptWord(purpose: Purpose, number: number): string {
  return `${PURPOSE_WORDS[purpose]} ${number}`
}

const FAILURES: Readonly<Record<FailureCode, string>> = {
  unreachable: 'the host could not be reached',
  refused: 'the host refused the connection',
  'timed-out': 'the host did not answer in time',
  'host-key-unknown': 'the host’s key is not known',
  'host-key-changed': 'the host’s key has changed',
  'host-key-revoked': 'the host’s key is revoked',
  'authentication-refused': 'the host refused the login',
  'no-common-algorithm': 'no algorithm in common with the host',
  'channel-refused': 'the host refused a further channel',
  'upload-failed': 'the script could not be brought to the host',
  'no-shell': 'the host has no usable shell',
  'link-lost': 'the link was lost',
  'already-started': 'it had been started before',
  'still-running': 'it may still be running',
  cancelled: 'it was stopped before it began',
  'console-restarted': 'the console was restarted meanwhile',
  'secret-missing': 'a secret was missing',
  'condition-unknown': 'its condition could not be evaluated',
  'probe-unreadable': 'the answer of the check could not be read',
}

export function failureWords(code: FailureCode): string {
  return FAILURES[code]
}

/** `exit 1 after 18 s`. */
export function outcomeWords(ended: Ended): string {
  const took = showDuration(ended.durationMs)
  switch (ended.outcome.kind) {
    case 'exit':
      return `exit ${ended.outcome.code} after ${took}`
    case 'signal':
      return `ended by signal ${ended.outcome.signal} after ${took}`
    case 'timeout':
      return `ended at its time limit, after ${took}`
    case 'walked':
      return 'walked through; no host was touched'
    case 'not-started':
      return `did not start: ${failureWords(ended.outcome.code)}`
    case 'lost':
      return `${failureWords(ended.outcome.code)} after ${took}`
  }
}

/** `try 2: exit 1 after 18 s`; of a verification also that it did not pass, which is not that the step failed. */
export function endedWords(ended: Ended): string {
  const found = ended.purpose === 'verify' && ended.verdict === 'fail' ? 'did not pass, ' : ''
  return `${attemptWord(ended.purpose, ended.try)}: ${found}${outcomeWords(ended)}`
}

/** What becomes of a cell, as a verb: `Install on app1 is skipped`. */
export const BECOMES: Readonly<Record<ShownState, string>> = {
  waiting: 'waits again',
  ready: 'may start',
  running: 'starts',
  passed: 'counts as passed',
  warned: 'counts as passed, with a warning',
  failed: 'counts as failed',
  skipped: 'is skipped',
  unknown: 'becomes unknown',
  cancelled: 'is cancelled',
  'backing-out': 'is backed out',
  'backed-out': 'is backed out',
  'backout-failed': 'stays as it is, not undone',
}

/** The same of many: `7 steps are skipped`. */
export const BECOME: Readonly<Record<ShownState, string>> = {
  waiting: 'wait again',
  ready: 'may start',
  running: 'start',
  passed: 'count as passed',
  warned: 'count as passed, with a warning',
  failed: 'count as failed',
  skipped: 'are skipped',
  unknown: 'become unknown',
  cancelled: 'are cancelled',
  'backing-out': 'are backed out',
  'backed-out': 'are backed out',
  'backout-failed': 'stay as they are, not undone',
}
