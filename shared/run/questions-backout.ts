/** What is asked about backing out: how far, and what became of each backout. */
import type { BackoutScope } from '../model/events.ts'
import { NO_HOST } from '../model/words.ts'
import { dueBackouts, hasSomethingToUndo } from './backout.ts'
import { backoutsOf, stepAt } from './lookup.ts'
import { type Option, option, type Question, type QuestionKind } from './question.ts'
import type { Cell, Run } from './state.ts'

/** Backing out, from the smallest scope to the whole run; none past the point of no return. */
export function backoutOptions(run: Run, cell: Pick<Cell, 'step' | 'target'> | null): Option[] {
  if (run.noReturn !== null || run.backingOut !== null || run.phase !== 'running') return []
  const scopes: [string, BackoutScope][] = []
  if (cell !== null) {
    scopes.push(['back-out-step', { kind: 'step', step: cell.step }])
    if (cell.target !== NO_HOST) scopes.push(['back-out-host', { kind: 'host', host: cell.target }])
    const workstream = stepAt(run, cell.step)?.workstream
    if (workstream !== undefined && run.workstreams.length > 1)
      scopes.push(['back-out-workstream', { kind: 'workstream', workstream }])
  }
  const useful = scopes.filter(([, scope]) => hasSomethingToUndo(run, scope))
  return [...useful, ['back-out-run', { kind: 'run' }] as [string, BackoutScope]].map(([key, scope]) =>
    option(key, { do: 'backOut', scope, reason: '' }, { needsReason: true, isDestructive: true }),
  )
}

export function backoutQuestions(run: Run): Question[] {
  const due = new Set(dueBackouts(run))
  const all = backoutsOf(run).filter(
    (backout) => backout.open === null || stepAt(run, backout.step)?.backout?.by === 'person',
  )
  return all.flatMap((backout): Question[] => {
    const { step, target } = backout
    const cells = [{ step, target }]
    const ask = (kind: QuestionKind, options: Option[]): Question[] => [
      { id: `${kind} ${step} ${target}`, kind, step, target, cells, sinceMs: backout.sinceMs, byMs: null, options },
    ]
    const again = option('retry', { do: 'retryBackout', step, target })
    const giveUp = option(
      'give-up',
      { do: 'giveUpBackout', cells, reason: '' },
      { needsReason: true, isDestructive: true },
    )
    if (backout.state === 'failed') return ask('backout-failed', [again, giveUp])
    if (backout.state === 'unknown') {
      const settle = (as: 'passed' | 'failed') =>
        option(`settle-${as}`, { do: 'settle', cells, as, phase: 'backout', reason: '' }, { needsReason: true })
      return ask('backout-unknown', [settle('passed'), settle('failed'), again, giveUp])
    }
    const isByPerson = stepAt(run, step)?.backout?.by === 'person'
    if (!isByPerson || (backout.state !== 'running' && !due.has(backout))) return []
    const record = (outcome: 'passed' | 'failed') =>
      option(outcome, { do: 'recordOutcome', step, target, outcome, phase: 'backout' }, { needsReason: false })
    return ask('backout-manual', [record('passed'), record('failed')])
  })
}
