/** Hold points: approvals, and go or no-go. */
import { refusal } from '../model/commands.ts'
import type { Instant } from '../model/words.ts'
import { NO_HOST } from '../model/words.ts'
import { type Decided, type Of, why } from './acts.ts'
import { isApproved, tally } from './kinds/gate.ts'
import { cellAt, own, stepAt } from './lookup.ts'
import { passNoReturn } from './no-return.ts'
import { isItsTurn } from './rules.ts'
import type { Run } from './state.ts'

const VOTES = { approve: 'approval.given', refuse: 'approval.refused', withdraw: 'approval.withdrawn' } as const

export function vote(run: Run, command: Of<'approve'> | Of<'refuse'> | Of<'withdraw'>): Decided {
  const { gate, role, key } = command
  const plan = stepAt(run, gate)
  if (plan?.kind !== 'gate') return refusal('not-a-gate', `${gate} is not a hold point of this run.`)
  if (own(plan.approvals, role) === undefined) {
    return refusal(
      'role-not-asked',
      `${gate} does not ask for ${role}; it asks for ${Object.keys(plan.approvals).join(', ') || 'nobody'}.`,
    )
  }
  const gateCell = cellAt(run, gate, NO_HOST)
  if (gateCell !== undefined && ['passed', 'warned', 'failed', 'cancelled'].includes(gateCell.state)) {
    return refusal('gate-decided', `${gate} has been decided.`)
  }
  const votes = own(run.approvals, gate) ?? []
  const mine = votes.find((one) => one.role === role && one.key === key)
  if (command.do === 'withdraw' && mine?.state !== 'given')
    return refusal('nothing-given', `This key has not approved ${gate} as ${role}.`)
  if (command.do === 'approve') {
    if (mine?.state === 'given') return refusal('given', `This key has approved ${gate} as ${role} already.`)
    const other = votes.find((one) => one.key === key && one.role !== role && one.state === 'given')
    if (other !== undefined)
      return refusal('one-role', `This key has approved ${gate} as ${other.role}: one person answers for one role.`)
  }
  return [{ type: VOTES[command.do], data: { run: run.id, gate, role, key }, text: why(command) }]
}

export function decideGate(run: Run, command: Of<'decideGate'>, at: Instant): Decided {
  const { gate, decision } = command
  const plan = stepAt(run, gate)
  const cell = cellAt(run, gate, NO_HOST)
  if (plan?.kind !== 'gate' || cell === undefined)
    return refusal('not-a-gate', `${gate} is not a hold point of this run.`)
  if (run.backingOut !== null) return refusal('backing-out', 'The run is being backed out.')
  if (cell.state !== 'ready')
    return refusal('not-due', `${gate} is ${cell.state}; it is decided when what it needs has passed.`)
  if (decision !== 'no-go' && !isItsTurn(run, plan, cell, Date.parse(at))) {
    return refusal(
      'needs-not-met',
      `What ${gate} needs no longer holds: a step before it is backed out or tried again.`,
    )
  }
  if (decision !== 'no-go' && !isApproved(run, plan)) {
    const missing = tally(run, plan).filter(({ needed, given }) => given < needed)
    const list = missing.map(({ role, needed, given }) => `${role} ${given} of ${needed}`).join(', ')
    return refusal('approvals-missing', `Approvals are missing: ${list}.`)
  }
  if (decision === 'conditional-go' && (command.condition ?? '').trim() === '') {
    return refusal('condition-missing', 'A conditional go needs its condition.')
  }
  const state = decision === 'go' ? 'passed' : decision === 'conditional-go' ? 'warned' : 'failed'
  const text = { ...why(command), ...(command.condition === undefined ? {} : { condition: command.condition }) }
  return [
    { type: 'gate.decided', data: { run: run.id, gate, decision }, text },
    {
      type: 'cell.ended',
      data: { run: run.id, step: gate, target: NO_HOST, state, failure: null, by: 'person' },
      text: {},
    },
    ...(decision === 'no-go' ? [] : passNoReturn(run, gate)),
  ]
}
