/** Acts of people. Each either says exactly what it changes, or is refused with what stands in the way and what to do. */
import type { PersonCommand, Refusal } from '../model/commands.ts'
import { refusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { Instant, StepId, Target } from '../model/words.ts'
import { assertNever, NO_HOST } from '../model/words.ts'
import { foresee } from './advance.ts'
import { startEvents } from './decide-engine.ts'
import { afterFailure, cancelled, failCell, planBackout } from './failing.ts'
import { isApproved, tally } from './kinds/gate.ts'
import { KINDS } from './kinds/registry.ts'
import { passNoReturn } from './no-return.ts'
import { backoutAt, backoutsOf, cellAt, cellsOf, isBackoutOpen, own, stepAt } from './lookup.ts'
import { isItsTurn, isRecordable, isStartable, satisfies } from './rules.ts'
import { fits } from './pieces.ts'
import type { Backout, Cell, Run } from './state.ts'
import { dueBackouts, hasSomethingToUndo } from './backout.ts'

type Act = Exclude<PersonCommand, { do: 'planRun' }>
type Of<D extends Act['do']> = Extract<Act, { do: D }>
type Decided = readonly RunEvent[] | Refusal
type Why = {
  readonly reason?: string | undefined
  readonly occurredAt?: string | undefined
  readonly doneBy?: string | undefined
}

export function decidePerson(run: Run, given: Act, at: Instant): Decided {
  // A cell named twice is meant once.
  const command: Act = 'cells' in given ? { ...given, cells: distinct(given.cells) } : given
  if (run.phase === 'closed' && command.do !== 'note')
    return refusal('closed', 'This run is closed. Plan a new run to go on.')
  if ('cells' in command && !fits(command.cells))
    return refusal('too-many', 'These are more cells than one entry of the log can name. Choose fewer at once.')
  const text = why(command)
  switch (command.do) {
    case 'startRun':
      return startRun(run, command, at)
    case 'hold':
      if (run.held !== null && !run.held.isForwardOnly) return refusal('held', 'The run is held already.')
      if (run.phase === 'planned') return refusal('not-started', 'The run has not started; there is nothing to hold.')
      return [{ type: 'run.held', data: { run: run.id, by: 'person' }, text }]
    case 'resume':
      if (run.held === null) return refusal('not-held', 'The run is not held.')
      return [{ type: 'run.resumed', data: { run: run.id }, text }]
    case 'close':
      return close(run, command)
    case 'skip':
      return skip(run, command)
    case 'proceed':
      return proceed(run, command)
    case 'retry':
      return retry(run, command)
    case 'settle':
      return settle(run, command, at)
    case 'beginManual':
      return beginManual(run, command, at)
    case 'recordOutcome':
      return command.phase === 'forward' ? recordForward(run, command, at) : recordBackout(run, command)
    case 'exclude':
      return exclude(run, command)
    case 'approve':
    case 'refuse':
    case 'withdraw':
      return vote(run, command)
    case 'decideGate':
      return decideGate(run, command, at)
    case 'backOut':
      return backOut(run, command)
    case 'retryBackout':
      return retryBackout(run, command)
    case 'giveUpBackout':
      return giveUpBackout(run, command)
    case 'deviate':
      return [{ type: 'deviation.recorded', data: { run: run.id, subject: command.subject }, text }]
    case 'note':
      return [
        {
          type: 'note.recorded',
          data: { run: run.id, subject: command.subject },
          text: { ...text, note: command.note },
        },
      ]
    case 'takeOver':
      if (command.epoch.number <= run.epoch.number) {
        return refusal('epoch-too-low', `This run is at epoch ${run.epoch.number}; taking over needs a higher one.`)
      }
      return [{ type: 'driver.taken', data: { run: run.id, epoch: command.epoch }, text }]
    default:
      return assertNever(command)
  }
}

function distinct<C extends { readonly step: StepId; readonly target: Target }>(cells: readonly C[]): C[] {
  return [...new Map(cells.map((cell) => [`${cell.step} ${cell.target}`, cell])).values()]
}

function why(command: object): { reason?: string; occurredAt?: string; doneBy?: string } {
  const { reason, occurredAt, doneBy } = command as Why
  return {
    ...(reason === undefined || reason === '' ? {} : { reason }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(doneBy === undefined || doneBy === '' ? {} : { doneBy }),
  }
}

function named(step: StepId, target: Target): string {
  return target === NO_HOST ? step : `${step} on ${target}`
}

function noSuchCell(step: StepId, target: Target): Refusal {
  return refusal('no-such-cell', `${named(step, target)} is not part of this run.`)
}

function startRun(run: Run, command: Of<'startRun'>, at: Instant): Decided {
  if (run.phase !== 'planned') return refusal('started', 'The run has started already.')
  if (run.order.length < run.expectedSteps)
    return refusal('plan-incomplete', 'The plan of this run was not written completely. Plan it again.')
  // A rehearsal's window opens now, so that lateness means something.
  const shifts = run.window !== null && (run.mode !== 'live' || run.isPractice)
  const shiftMs = shifts && run.window !== null ? Date.parse(at) - Date.parse(run.window.start) : 0
  return [{ type: 'run.started', data: { run: run.id, shiftMs }, text: why(command) }]
}

function close(run: Run, command: Of<'close'>): Decided {
  const cells = run.order.flatMap((id) => cellsOf(run, id))
  const backouts = backoutsOf(run)
  if (cells.some((cell) => cell.open !== null) || backouts.some((backout) => backout.open !== null)) {
    return refusal('still-running', 'Something still runs on a host. Wait for its end, then close.')
  }
  const isUnknown =
    cells.some((cell) => cell.state === 'unknown' && !cell.isExcluded) ||
    backouts.some((backout) => backout.state === 'unknown')
  if (isUnknown && command.result !== 'abandoned') {
    return refusal('unknown-open', 'An outcome is still unknown. Settle it first, or close the run as abandoned.')
  }
  const isUnsatisfied = run.order.some((id) => {
    const plan = stepAt(run, id)
    return plan !== undefined && cellsOf(run, id).some((cell) => !satisfies(run, plan, cell))
  })
  if (command.result === 'done' && isUnsatisfied) {
    return refusal('not-done', 'Not every step has passed or was skipped. Close it as failed, backed out or abandoned.')
  }
  if (
    command.result === 'backed-out' &&
    (run.backingOut === null || backouts.some((backout) => backout.state !== 'passed'))
  ) {
    return refusal('not-backed-out', 'The run was not wholly backed out. Close it as failed or abandoned.')
  }
  if (command.result !== 'abandoned' && backouts.some(isBackoutOpen)) {
    return refusal(
      'backout-open',
      'A backout is not finished. Finish it, give it up with a reason, or close the run as abandoned.',
    )
  }
  return [{ type: 'run.closed', data: { run: run.id, result: command.result }, text: why(command) }]
}

/** Looks at each cell of a list; the first that does not fit refuses the whole. */
function eachCell(
  run: Run,
  cells: readonly { step: StepId; target: Target }[],
  refuse: (cell: Cell) => Refusal | null,
): Refusal | null {
  for (const { step, target } of cells) {
    const cell = cellAt(run, step, target)
    if (cell === undefined) return noSuchCell(step, target)
    const refused = refuse(cell)
    if (refused !== null) return refused
  }
  return null
}

function skip(run: Run, command: Of<'skip'>): Decided {
  const refused = eachCell(run, command.cells, (cell) => {
    if (stepAt(run, cell.step)?.kind === 'gate')
      return refusal('gate', `${cell.step} is a hold point: decide it, it is not skipped.`)
    if (backoutAt(run, cell.step, cell.target) !== undefined)
      return refusal('backed-out', `${named(cell.step, cell.target)} is being backed out.`)
    if (cell.state === 'unknown')
      return refusal('unknown-open', `${named(cell.step, cell.target)} is unknown. Settle what happened first.`)
    if (!['waiting', 'ready', 'failed'].includes(cell.state) || cell.open !== null) {
      return refusal(
        'not-skippable',
        `${named(cell.step, cell.target)} is ${cell.state}; only what has not run or has failed is skipped.`,
      )
    }
    return null
  })
  return (
    refused ?? [
      { type: 'cells.skipped', data: { run: run.id, cells: command.cells, by: 'person' }, text: why(command) },
    ]
  )
}

function proceed(run: Run, command: Of<'proceed'>): Decided {
  const { step, target } = command
  const refused = eachCell(run, [command], (cell) => {
    if (stepAt(run, step)?.kind === 'gate')
      return refusal('gate', `${step} is a hold point: only a go lets the run past it.`)
    if (backoutAt(run, step, target) !== undefined)
      return refusal('backed-out', `${named(step, target)} is being backed out.`)
    if (cell.isAccepted) return refusal('accepted', `It was decided before to go on past ${named(step, target)}.`)
    return cell.state === 'failed'
      ? null
      : refusal('not-failed', `${named(step, target)} is ${cell.state}, not failed.`)
  })
  return refused ?? [{ type: 'cell.accepted', data: { run: run.id, step, target }, text: why(command) }]
}

function retry(run: Run, command: Of<'retry'>): Decided {
  if (run.backingOut !== null)
    return refusal('backing-out', 'The run is being backed out: nothing forward is tried again.')
  const refused = eachCell(run, command.cells, (cell) => {
    if (backoutAt(run, cell.step, cell.target) !== undefined)
      return refusal('backed-out', `${named(cell.step, cell.target)} is being backed out.`)
    if (cell.isExcluded) return refusal('excluded', `${cell.target} is excluded from this run.`)
    if (cell.open !== null)
      return refusal('still-running', `${named(cell.step, cell.target)} still has something open on the host.`)
    return cell.state === 'failed' || cell.state === 'unknown'
      ? null
      : refusal(
          'not-failed',
          `${named(cell.step, cell.target)} is ${cell.state}; only what failed or is unknown is tried again.`,
        )
  })
  if (refused !== null) return refused
  return command.cells.map(({ step, target }) => ({
    type: 'cell.retried',
    data: { run: run.id, step, target, by: 'person', notBefore: null },
    text: why(command),
  }))
}

function settle(run: Run, command: Of<'settle'>, at: Instant): Decided {
  const { cells, as, phase } = command
  if (phase === 'forward') {
    const refused = eachCell(run, cells, (cell) =>
      cell.state === 'unknown'
        ? null
        : refusal('not-unknown', `${named(cell.step, cell.target)} is ${cell.state}, not unknown.`),
    )
    if (refused !== null) return refused
  } else {
    for (const { step, target } of cells) {
      const backout = backoutAt(run, step, target)
      if (backout?.state !== 'unknown')
        return refusal('not-unknown', `The backout of ${named(step, target)} is not unknown.`)
    }
  }
  const events: RunEvent[] = [{ type: 'cells.settled', data: { run: run.id, cells, as, phase }, text: why(command) }]
  if (phase === 'backout' || as === 'passed') return events
  // A failure that was found later leads where it would have led at once.
  let after = foresee(run, events, at)
  for (const { step, target } of cells) {
    const then = afterFailure(after, step, target)
    events.push(...then)
    after = foresee(after, then, at)
  }
  return events
}

/** A manual step of which this may be said now, or why not. */
function manualCell(
  run: Run,
  step: StepId,
  target: Target,
  mayBe: { readonly now: typeof isStartable; readonly called: string },
  at: Instant,
): Cell | Refusal {
  const cell = cellAt(run, step, target)
  const plan = stepAt(run, step)
  if (cell === undefined || plan === undefined) return noSuchCell(step, target)
  if (KINDS[plan.kind].by !== 'person')
    return refusal('not-manual', `${step} is a ${plan.kind}; its outcome is not recorded by hand.`)
  if (cell.state === 'running') return cell
  if (!mayBe.now(run, plan, cell, Date.parse(at))) {
    const isOnlyHeld = run.held !== null && isItsTurn(run, plan, cell, Date.parse(at))
    const because = isOnlyHeld ? 'the run is held; resume it first' : `it is ${cell.state}, and not its turn`
    return refusal('not-due', `${named(step, target)} cannot ${mayBe.called}: ${because}.`)
  }
  return cell
}

function beginManual(run: Run, command: Of<'beginManual'>, at: Instant): Decided {
  const { step, target } = command
  const cell = manualCell(run, step, target, { now: isStartable, called: 'begin' }, at)
  if ('refused' in cell) return cell
  if (cell.state === 'running') return refusal('running', `${named(step, target)} has begun already.`)
  return startEvents(run, step, target, 'main', run.epoch)
}

function recordForward(run: Run, command: Of<'recordOutcome'>, at: Instant): Decided {
  const { step, target, outcome } = command
  const cell = manualCell(run, step, target, { now: isRecordable, called: 'be recorded' }, at)
  if ('refused' in cell) return cell
  const hasEvidence = (command.evidence ?? '').trim() !== '' || (command.blobs ?? []).length > 0
  if (stepAt(run, step)?.evidenceRequired === true && outcome !== 'failed' && !hasEvidence) {
    return refusal('evidence-missing', `${step} asks for evidence: say what you saw, or attach it.`)
  }
  const begin = cell.state === 'running' ? [] : startEvents(run, step, target, 'main', run.epoch)
  const text = {
    ...why(command),
    ...(command.evidence === undefined ? {} : { evidence: command.evidence }),
    ...(command.blobs === undefined ? {} : { blobs: command.blobs }),
  }
  if (outcome === 'failed') {
    // What follows is decided for the run in which it has begun: its own backout and the point of no return count.
    const begun = foresee(run, begin, at)
    const failing = { failure: null, by: 'person', mayRetry: false } as const
    const [ended, ...then] = failCell(begun, cellAt(begun, step, target) ?? cell, failing, at)
    return ended === undefined ? [] : [...begin, { ...ended, text } as RunEvent, ...then]
  }
  return [
    ...begin,
    { type: 'cell.ended', data: { run: run.id, step, target, state: outcome, failure: null, by: 'person' }, text },
  ]
}

function recordBackout(run: Run, command: Of<'recordOutcome'>): Decided {
  const { step, target, outcome } = command
  const backout = backoutAt(run, step, target)
  if (backout === undefined) return refusal('no-backout', `No backout of ${named(step, target)} is planned.`)
  if (stepAt(run, step)?.backout?.by !== 'person') return refusal('not-manual', `The backout of ${step} is a script.`)
  const isDue = dueBackouts(run).some((due) => due.step === step && due.target === target)
  if (backout.state !== 'running' && !isDue) {
    return refusal('not-due', `The backout of ${named(step, target)} is ${backout.state}; later work is undone first.`)
  }
  const begin = backout.state === 'running' ? [] : startEvents(run, step, target, 'backout', run.epoch)
  const state = outcome === 'failed' ? 'failed' : 'passed'
  const text = { ...why(command), ...(command.evidence === undefined ? {} : { message: command.evidence }) }
  return [
    ...begin,
    { type: 'backout.ended', data: { run: run.id, step, target, state, failure: null, by: 'person' }, text },
  ]
}

function exclude(run: Run, command: Of<'exclude'>): Decided {
  const { host } = command
  const cells = run.order.flatMap((id) => cellsOf(run, id)).filter((cell) => cell.target === host)
  if (cells.length === 0 || host === NO_HOST) return refusal('no-such-host', `${host} is not a host of this run.`)
  if (run.excluded.includes(host)) return refusal('excluded', `${host} is excluded already.`)
  const open = cells.filter((cell) => cell.state === 'waiting' || cell.state === 'ready')
  return [
    { type: 'host.excluded', data: { run: run.id, host }, text: why(command) },
    ...cancelled(run, open, 'excluded'),
  ]
}

const VOTES = { approve: 'approval.given', refuse: 'approval.refused', withdraw: 'approval.withdrawn' } as const

function vote(run: Run, command: Of<'approve'> | Of<'refuse'> | Of<'withdraw'>): Decided {
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

function decideGate(run: Run, command: Of<'decideGate'>, at: Instant): Decided {
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

function backOut(run: Run, command: Of<'backOut'>): Decided {
  const { scope, reason } = command
  if (run.phase !== 'running') return refusal('not-started', 'The run has not started; there is nothing to back out.')
  if (run.noReturn !== null) {
    return refusal(
      'past-no-return',
      `${run.noReturn.step} passed the point of no return. Fix forward: the remaining steps, or a note and a new run.`,
    )
  }
  if (run.backingOut !== null) return refusal('backing-out', 'The run is being backed out already.')
  if (scope.kind !== 'run' && !hasSomethingToUndo(run, scope)) {
    return refusal('nothing-to-back-out', 'Nothing in this scope has run that a backout undoes.')
  }
  return planBackout(run, scope, 'person', reason, why(command))
}

function openBackout(run: Run, step: StepId, target: Target, states: readonly Backout['state'][]): Refusal | null {
  const backout = backoutAt(run, step, target)
  if (backout === undefined) return refusal('no-backout', `No backout of ${named(step, target)} is planned.`)
  if (backout.open !== null) return refusal('still-running', `The backout of ${named(step, target)} still runs.`)
  if (!states.includes(backout.state))
    return refusal('not-failed', `The backout of ${named(step, target)} is ${backout.state}.`)
  return null
}

function retryBackout(run: Run, command: Of<'retryBackout'>): Decided {
  const { step, target } = command
  if (run.noReturn !== null)
    return refusal(
      'past-no-return',
      `${run.noReturn.step} passed the point of no return: nothing is backed out any more.`,
    )
  const refused = openBackout(run, step, target, ['failed', 'unknown', 'given-up'])
  return refused ?? [{ type: 'backout.retried', data: { run: run.id, step, target }, text: why(command) }]
}

function giveUpBackout(run: Run, command: Of<'giveUpBackout'>): Decided {
  for (const { step, target } of command.cells) {
    const refused = openBackout(run, step, target, ['waiting', 'ready', 'failed', 'unknown'])
    if (refused !== null) return refused
  }
  return [{ type: 'backout.givenUp', data: { run: run.id, cells: command.cells }, text: why(command) }]
}
