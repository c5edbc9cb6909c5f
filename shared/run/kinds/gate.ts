/** gate: a hold point. Approvals by role, then go, conditional go or no-go. */
import type { StepPlan } from '../../model/plan.ts'
import type { Role } from '../../model/words.ts'
import { own } from '../lookup.ts'
import type { Run } from '../state.ts'
import type { KindRules } from './kind-rules.ts'

export const gate: KindRules = { by: 'gate', end: null }

export type RoleTally = {
  readonly role: Role
  readonly needed: number
  readonly given: number
  readonly refused: number
}

/** Approvals by role: distinct keys that stand, against what the gate needs. */
export function tally(run: Run, plan: StepPlan): readonly RoleTally[] {
  const votes = own(run.approvals, plan.id) ?? []
  return Object.entries(plan.approvals).map(([role, needed]) => ({
    role,
    needed,
    given: votes.filter((vote) => vote.role === role && vote.state === 'given').length,
    refused: votes.filter((vote) => vote.role === role && vote.state === 'refused').length,
  }))
}

export function isApproved(run: Run, plan: StepPlan): boolean {
  return tally(run, plan).every(({ needed, given }) => given >= needed)
}
