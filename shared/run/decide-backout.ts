/** Backing out: what is to be undone, once more, or not at all. */
import { type Refusal, refusal } from '../model/commands.ts'
import type { StepId, Target } from '../model/words.ts'
import { cellName } from '../model/words.ts'
import { type Decided, type Of, why } from './acts.ts'
import { hasSomethingToUndo } from './backout.ts'
import { planBackout } from './failing.ts'
import { backoutAt } from './lookup.ts'
import type { Backout, Run } from './state.ts'

export function backOut(run: Run, command: Of<'backOut'>): Decided {
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
  if (backout === undefined) return refusal('no-backout', `No backout of ${cellName(step, target)} is planned.`)
  if (backout.open !== null) return refusal('still-running', `The backout of ${cellName(step, target)} still runs.`)
  if (!states.includes(backout.state))
    return refusal('not-failed', `The backout of ${cellName(step, target)} is ${backout.state}.`)
  return null
}

export function retryBackout(run: Run, command: Of<'retryBackout'>): Decided {
  const { step, target } = command
  if (run.noReturn !== null)
    return refusal(
      'past-no-return',
      `${run.noReturn.step} passed the point of no return: nothing is backed out any more.`,
    )
  const refused = openBackout(run, step, target, ['failed', 'unknown', 'given-up'])
  return refused ?? [{ type: 'backout.retried', data: { run: run.id, step, target }, text: why(command) }]
}

export function giveUpBackout(run: Run, command: Of<'giveUpBackout'>): Decided {
  for (const { step, target } of command.cells) {
    const refused = openBackout(run, step, target, ['waiting', 'ready', 'failed', 'unknown'])
    if (refused !== null) return refused
  }
  return [{ type: 'backout.givenUp', data: { run: run.id, cells: command.cells }, text: why(command) }]
}
