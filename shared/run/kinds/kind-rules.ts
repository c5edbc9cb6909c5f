/** What decide must know about a kind of step. Each kind is one file here, one in electron/engine/kinds, one in renderer. */
import type { Outcome } from '../../model/cell.ts'
import type { StepPlan } from '../../model/plan.ts'
import type { FailureCode, Verdict } from '../../model/words.ts'

/** How a main attempt leaves its cell; `check`: the check decides. */
export type MainEnd = 'passed' | 'warned' | 'failed' | 'unknown' | 'check'

export type KindRules = {
  /** `host`: the engine runs it there; `person`: somebody says how it went; `gate`: a decision; `rules`: passes by itself. */
  readonly by: 'host' | 'person' | 'gate' | 'rules'
  /** What the end of a main attempt means. Only kinds that run on hosts have one. */
  readonly end: ((plan: StepPlan, outcome: Outcome, verdict: Verdict | null) => MainEnd) | null
}

/** What a verdict makes of a cell. A missing verdict is unknown, never a pass. */
export function stateOfVerdict(verdict: Verdict | null): 'passed' | 'warned' | 'failed' | 'unknown' {
  switch (verdict) {
    case 'pass':
      return 'passed'
    case 'warn':
      return 'warned'
    case 'fail':
      return 'failed'
    case 'unknown':
    case null:
      return 'unknown'
  }
}

/** Something of this attempt may have run, or may run still, whatever else is said about it. */
export function isInDoubt(code: FailureCode): boolean {
  return code === 'already-started' || code === 'still-running'
}

/**
 * A person has to give something first: a yes to a key, a passphrase, a secret. Trying again by itself does not help, and it
 * says nothing of the change: a person is asked, whatever the runbook says of failures.
 */
export function needsPerson(code: FailureCode | null): boolean {
  if (code === null) return false
  return code.startsWith('host-key') || code === 'authentication-refused' || code === 'secret-missing'
}
