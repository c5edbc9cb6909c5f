/**
 * decide(state, command, at) → events or a refusal. Pure: time arrives as a value, a refusal is a value. What it emits,
 * fold accepts; the last events are always what follows by the rules (`advance`), so that one append is a whole thought.
 */
import type { Command, EngineCommand, Refusal } from '../model/commands.ts'
import { isRefusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { EntryRef, Instant } from '../model/words.ts'
import { advance, foresee } from './advance.ts'
import { decideEngine } from './decide-engine.ts'
import { decidePerson } from './decide-person.ts'
import { backoutAt, cellAt } from './lookup.ts'
import type { Run } from './state.ts'

const ENGINE: ReadonlySet<string> = new Set<EngineCommand['do']>([
  'advance',
  'beginAttempt',
  'finishAttempt',
  'cannotBegin',
  'bindOutput',
  'interrupt',
  'evaluateCondition',
])

export function isEngineCommand(command: Command): command is EngineCommand {
  return ENGINE.has(command.do)
}

/**
 * @param run null only for `planRun`, which makes one (see plan-run.ts)
 * @param at when it is decided; RFC 3339, UTC
 * @returns the events in order; empty where nothing follows
 */
export function decide(
  run: Run,
  command: Exclude<Command, { do: 'planRun' }>,
  at: Instant,
): readonly RunEvent[] | Refusal {
  const direct = isEngineCommand(command) ? decideEngine(run, command, at) : decidePerson(run, command, at)
  if (isRefusal(direct)) return direct
  // Output says nothing about the state: no need to look further.
  if (command.do === 'bindOutput' || command.do === 'note') return direct
  const next = foresee(run, direct, at)
  return [...direct, ...advance(next, at)]
}

/** The act under whose authority an engine command works: the cell's own (a retry), else the run's (start, go, resume). */
export function authorityOf(run: Run, command: EngineCommand): EntryRef {
  if (!('step' in command) || !('target' in command)) return run.cause
  const isBackout = 'purpose' in command && (command.purpose === 'backout' || command.purpose === 'backout-check')
  const cell = isBackout ? backoutAt(run, command.step, command.target) : cellAt(run, command.step, command.target)
  return cell?.cause ?? run.cause
}
