/** What lists say about a run, derived from its state. */
import type { RunSummary } from '../../shared/api/runs.ts'
import { openOnHosts } from '../../shared/run/on-hosts.ts'
import { questions } from '../../shared/run/questions.ts'
import { shifted } from '../../shared/run/rules.ts'
import { schedule } from '../../shared/run/schedule.ts'
import { counts, runPhase } from '../../shared/run/shown.ts'
import type { RunHandle } from '../engine/run-handle.ts'

export function summaryOf(handle: RunHandle, nowMs: number): RunSummary {
  const run = handle.log.state()
  const words = handle.log.words()
  const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
  return {
    run: run.id,
    title: words.title === '' ? run.runbook.id : words.title,
    runbook: run.runbook.id,
    version: run.runbook.version,
    mode: run.mode,
    isPractice: run.isPractice,
    phase: runPhase(run),
    result: run.result,
    window:
      run.window === null
        ? null
        : {
            start: new Date(shifted(run, run.window.start)).toISOString(),
            end: new Date(shifted(run, run.window.end)).toISOString(),
            zone: run.window.zone,
          },
    counts: counts(run),
    openOnHosts: run.phase === 'running' ? openOnHosts(run).length : 0,
    questions: questions(run, nowMs)
      .filter((question) => question.kind !== 'start' && question.kind !== 'close')
      .map((question) => ({
        kind: question.kind,
        step: question.step ?? run.order[0] ?? 'run',
        target: question.target ?? '-',
        title: words.steps[question.step ?? '']?.title ?? words.title,
        since: new Date(question.sinceMs).toISOString(),
      })),
    lead: words.owner,
    plannedAt: new Date(run.plannedAtMs).toISOString(),
    startedAt: instant(run.startedAtMs),
    closedAt: instant(run.closedAtMs),
    expectedFinish: run.phase === 'closed' ? null : instant(schedule(run, nowMs).finishMs),
  }
}
