/** What people say of cells: leave out, go on, try again, what became of it, look, without this host. */
import { refusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { Instant } from '../model/words.ts'
import { cellName, NO_HOST } from '../model/words.ts'
import { type Decided, noSuchCell, type Of, refuseFirst, why } from './acts.ts'
import { foresee } from './advance.ts'
import { afterFailure, cancelled } from './failing.ts'
import { backoutAt, cellsOf, stepAt } from './lookup.ts'
import { isVerifiable } from './rules.ts'
import type { Run } from './state.ts'

export function skip(run: Run, command: Of<'skip'>): Decided {
  const refused = refuseFirst(run, command.cells, (cell) => {
    if (stepAt(run, cell.step)?.kind === 'gate')
      return refusal('gate', `${cell.step} is a hold point: decide it, it is not skipped.`)
    if (backoutAt(run, cell.step, cell.target) !== undefined)
      return refusal('backed-out', `${cellName(cell.step, cell.target)} is being backed out.`)
    if (cell.state === 'unknown')
      return refusal('unknown-open', `${cellName(cell.step, cell.target)} is unknown. Settle what happened first.`)
    if (!['waiting', 'ready', 'failed'].includes(cell.state) || cell.open !== null) {
      return refusal(
        'not-skippable',
        `${cellName(cell.step, cell.target)} is ${cell.state}; only what has not run or has failed is skipped.`,
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

export function proceed(run: Run, command: Of<'proceed'>): Decided {
  const { step, target } = command
  const refused = refuseFirst(run, [command], (cell) => {
    if (stepAt(run, step)?.kind === 'gate')
      return refusal('gate', `${step} is a hold point: only a go lets the run past it.`)
    if (backoutAt(run, step, target) !== undefined)
      return refusal('backed-out', `${cellName(step, target)} is being backed out.`)
    if (cell.isAccepted) return refusal('accepted', `It was decided before to go on past ${cellName(step, target)}.`)
    return cell.state === 'failed'
      ? null
      : refusal('not-failed', `${cellName(step, target)} is ${cell.state}, not failed.`)
  })
  return refused ?? [{ type: 'cell.accepted', data: { run: run.id, step, target }, text: why(command) }]
}

export function retry(run: Run, command: Of<'retry'>): Decided {
  if (run.backingOut !== null)
    return refusal('backing-out', 'The run is being backed out: nothing forward is tried again.')
  const refused = refuseFirst(run, command.cells, (cell) => {
    if (backoutAt(run, cell.step, cell.target) !== undefined)
      return refusal('backed-out', `${cellName(cell.step, cell.target)} is being backed out.`)
    if (cell.isExcluded) return refusal('excluded', `${cell.target} is excluded from this run.`)
    if (cell.open !== null)
      return refusal('still-running', `${cellName(cell.step, cell.target)} still has something open on the host.`)
    return cell.state === 'failed' || cell.state === 'unknown'
      ? null
      : refusal(
          'not-failed',
          `${cellName(cell.step, cell.target)} is ${cell.state}; only what failed or is unknown is tried again.`,
        )
  })
  if (refused !== null) return refused
  return command.cells.map(({ step, target }) => ({
    type: 'cell.retried',
    data: { run: run.id, step, target, by: 'person', notBefore: null },
    text: why(command),
  }))
}

export function settle(run: Run, command: Of<'settle'>, at: Instant): Decided {
  const { cells, as, phase } = command
  if (phase === 'forward') {
    const refused = refuseFirst(run, cells, (cell) =>
      cell.state === 'unknown'
        ? null
        : refusal('not-unknown', `${cellName(cell.step, cell.target)} is ${cell.state}, not unknown.`),
    )
    if (refused !== null) return refused
  } else {
    for (const { step, target } of cells) {
      const backout = backoutAt(run, step, target)
      if (backout?.state !== 'unknown')
        return refusal('not-unknown', `The backout of ${cellName(step, target)} is not unknown.`)
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

export function verify(run: Run, command: Of<'verify'>): Decided {
  if (run.mode === 'walkthrough')
    return refusal('walkthrough', 'A walkthrough touches no host: there is nothing to verify.')
  const refused = refuseFirst(run, command.cells, (cell) => {
    const name = cellName(cell.step, cell.target)
    const plan = stepAt(run, cell.step)
    if (plan === undefined) return noSuchCell(cell.step, cell.target)
    if (cell.state !== 'unknown') return refusal('not-unknown', `${name} is ${cell.state}, not unknown.`)
    if (!plan.hasVerify)
      return refusal('no-verify', `The runbook gives no verify for ${cell.step}. Look, and settle it.`)
    if (cell.isVerifyAsked || cell.open !== null) return refusal('still-running', `${name} is being looked at already.`)
    return isVerifiable(run, plan, cell)
      ? null
      : refusal('excluded', `${name} is not looked at: the host is excluded, or what ran there is being undone.`)
  })
  return refused ?? [{ type: 'verify.asked', data: { run: run.id, cells: command.cells }, text: why(command) }]
}

export function exclude(run: Run, command: Of<'exclude'>): Decided {
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
