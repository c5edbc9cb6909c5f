/**
 * What a start makes of runs that were under way: there is no special path. The journal is folded; what an intent left open
 * is in doubt and says so; nothing more starts until a person has looked and resumed.
 */
import type { EngineCommand } from '../../shared/model/commands.ts'
import type { Recorded } from '../../shared/model/events.ts'
import { openOnHosts } from '../../shared/run/on-hosts.ts'
import { isOver } from '../../shared/run/rules.ts'
import type { Run } from '../../shared/run/state.ts'

const LOST = 'The console stopped while this was running. Look on the host, then say what happened.'
const LOOK = 'The console was started again while this run was under way. Look at what is unknown, then resume.'

/** Whether a hold was put because the console was left or started again: a look is all it asks for. */
export function isInterruption(entry: Recorded): boolean {
  return entry.type === 'run.held' && entry.data['because'] !== undefined
}

/** @returns commands in order; empty for a run that nothing happened to */
export function recoveryOf(run: Run, nowMs: number): readonly EngineCommand[] {
  if (run.phase !== 'running') return []
  const open = openOnHosts(run).map(
    ({ step, target, attempt }): EngineCommand => ({
      do: 'finishAttempt',
      step,
      target,
      purpose: attempt.purpose,
      try: attempt.try,
      outcome: { kind: 'lost', code: 'console-restarted' },
      verdict: null,
      durationMs: Math.max(0, nowMs - attempt.startedAtMs),
      message: LOST,
    }),
  )
  return isOver(run) ? open : [...open, { do: 'interrupt', because: 'restart', message: LOOK }]
}
