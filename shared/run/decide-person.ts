/** Acts of people. Each either says exactly what it changes, or is refused with what stands in the way and what to do. */
import { refusal } from '../model/commands.ts'
import type { Instant, StepId, Target } from '../model/words.ts'
import { assertNever } from '../model/words.ts'
import { type Act, type Decided, type Of, why } from './acts.ts'
import { backOut, giveUpBackout, retryBackout } from './decide-backout.ts'
import { exclude, proceed, retry, settle, skip, verify } from './decide-cells.ts'
import { decideGate, vote } from './decide-gate.ts'
import { beginManual, recordBackout, recordForward } from './decide-manual.ts'
import { backoutsOf, cellsOf, isBackoutOpen, stepAt } from './lookup.ts'
import { fits } from './pieces.ts'
import { satisfies } from './rules.ts'
import type { Run } from './state.ts'

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
    case 'verify':
      return verify(run, command)
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
