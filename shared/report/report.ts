/** A run → report value → Markdown or JSON. Facts from the journal only; each names the entry that it comes from. */
import { asRunEvent, type Recorded, type RecordedRunEvent } from '../model/events.ts'
import { NO_HOST } from '../model/words.ts'
import { foldAll } from '../run/fold.ts'
import { shifted } from '../run/rules.ts'
import { schedule } from '../run/schedule.ts'
import { counts, runPhase, shownState } from '../run/shown.ts'
import { foldWords, NO_WORDS } from '../run/wording.ts'
import { showDuration } from '../text/duration.ts'
import { instantOf, showClockInZone } from '../text/time.ts'

export type ReportDecision = {
  readonly entry: number
  readonly at: string
  readonly act: string
  readonly subject: string
  readonly by: string
  readonly role: string
  readonly reason: string | null
}

export type Report = {
  readonly format: 'holdpoint-report/v1'
  readonly run: string
  readonly title: string
  readonly mode: string
  readonly isPractice: boolean
  readonly runbook: { readonly id: string; readonly version: string }
  readonly phase: string
  readonly result: string | null
  readonly zone: string
  readonly window: { readonly start: string; readonly end: string } | null
  readonly startedAt: string | null
  readonly closedAt: string | null
  readonly expectedFinish: string | null
  readonly counts: Readonly<Record<string, number>>
  readonly pointOfNoReturn: { readonly step: string; readonly at: string } | null
  readonly steps: readonly {
    readonly id: string
    readonly title: string
    readonly kind: string
    readonly workstream: string
    readonly plannedMs: number
    readonly tookMs: number | null
    readonly cells: readonly {
      readonly host: string
      readonly state: string
      readonly tries: number
      readonly message: string | null
      readonly entry: number | null
    }[]
  }[]
  readonly decisions: readonly ReportDecision[]
  readonly deviations: readonly { readonly entry: number; readonly subject: string }[]
  readonly conflicts: readonly { readonly entry: number; readonly message: string }[]
  readonly log: { readonly origin: string; readonly first: number; readonly last: number }
}

/**
 * @param entries all entries of one run, in order
 * @param nowMs for what is not over: expected finish
 * @throws RangeError when there is no plan among them
 */
export function reportOf(entries: readonly Recorded[], nowMs: number): Report {
  const events = entries.map(asRunEvent).filter((event): event is RecordedRunEvent => event !== null)
  const run = foldAll(null, events)
  const first = events[0]
  if (run === null || first === undefined) throw new RangeError('These entries hold no run.')
  const words = events.reduce(foldWords, NO_WORDS)
  const times = schedule(run, run.closedAtMs ?? nowMs)
  const { window } = run
  return {
    format: 'holdpoint-report/v1',
    run: run.id,
    title: words.title === '' ? run.runbook.id : words.title,
    mode: run.mode,
    isPractice: run.isPractice,
    runbook: run.runbook,
    phase: runPhase(run),
    result: run.result,
    zone: window?.zone ?? 'UTC',
    window:
      window === null
        ? null
        : { start: instantOf(shifted(run, window.start)), end: instantOf(shifted(run, window.end)) },
    startedAt: run.startedAtMs === null ? null : instantOf(run.startedAtMs),
    closedAt: run.closedAtMs === null ? null : instantOf(run.closedAtMs),
    expectedFinish: run.phase === 'closed' ? null : instantOf(times.finishMs),
    counts: counts(run),
    pointOfNoReturn: run.noReturn === null ? null : { step: run.noReturn.step, at: instantOf(run.noReturn.atMs) },
    steps: run.order.map((id) => {
      const plan = run.steps[id]
      const time = times.steps[id]
      return {
        id,
        title: words.steps[id]?.title ?? id,
        kind: plan?.kind ?? '',
        workstream: plan?.workstream ?? '',
        plannedMs: plan?.expectedMs ?? 0,
        tookMs: time === undefined || !time.isStarted || !time.isDone ? null : time.endMs - time.startMs,
        cells: Object.values(run.cells[id] ?? {}).map((cell) => ({
          host: cell.target,
          state: shownState(run, id, cell.target),
          tries: cell.tries,
          message: lastMessage(words.cells[id]?.[cell.target]),
          entry: cell.ref?.seq ?? null,
        })),
      }
    }),
    // The reason stands in the entry of the act, also where what it began is an event without words of its own.
    decisions: entries.flatMap((entry) => (entry.act === null ? [] : [decisionOf(entry, entry.act)])),
    deviations: run.deviations.map(({ ref, subject }) => ({ entry: ref.seq, subject })),
    conflicts: run.conflicts.map(({ ref, message }) => ({ entry: ref.seq, message })),
    log: { origin: first.ref.origin, first: first.ref.seq, last: run.lastRef.seq },
  }
}

function lastMessage(
  words: { readonly said: readonly { readonly message: string | null; readonly reason: string | null }[] } | undefined,
): string | null {
  const last = words?.said.findLast((said) => said.message !== null || said.reason !== null)
  return last?.message ?? last?.reason ?? null
}

function decisionOf(event: Recorded, act: NonNullable<Recorded['act']>): ReportDecision {
  const text: Readonly<Record<string, unknown>> = event.text ?? {}
  const reason = text['reason'] ?? text['note'] ?? text['condition']
  return {
    entry: event.ref.seq,
    at: event.at,
    act: act.act,
    subject: act.subject,
    by: act.name,
    role: act.role,
    reason: typeof reason === 'string' && reason !== '' ? reason : null,
  }
}

export function showReport(report: Report, format: 'md' | 'json'): string {
  return format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : markdown(report)
}

function markdown(report: Report): string {
  const clock = (at: string | null): string => (at === null ? 'not yet' : showClockInZone(Date.parse(at), report.zone))
  const kind = `${report.mode}${report.isPractice ? ', on practice hosts' : ''}`
  const lines = [
    `# ${plain(report.title)}`,
    '',
    `**${kind}**: ${report.result ?? report.phase}. Run \`${report.run}\`, runbook \`${report.runbook.id}\` version \`${report.runbook.version.slice(0, 12)}\`.`,
    '',
    '| | |',
    '|---|---|',
    `| Window | ${report.window === null ? 'none' : `${clock(report.window.start)} – ${clock(report.window.end)}`} |`,
    `| Started | ${clock(report.startedAt)} |`,
    `| Closed | ${clock(report.closedAt)} |`,
    `| Point of no return | ${report.pointOfNoReturn === null ? 'not passed' : `${report.pointOfNoReturn.step}, ${clock(report.pointOfNoReturn.at)}`} |`,
    `| Cells | ${Object.entries(report.counts)
      .filter(([, count]) => count > 0)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ')} |`,
    `| Log | ${report.log.origin}, entries ${report.log.first} to ${report.log.last} |`,
    '',
    '## Steps',
    '',
    '| Step | Kind | Planned | Took | Where and how it ended |',
    '|---|---|---|---|---|',
    ...report.steps.map((step) => {
      const cells = step.cells.map((cell) => {
        const where = cell.host === NO_HOST ? '' : `${cell.host} `
        const tries = cell.tries > 1 ? ` (try ${cell.tries})` : ''
        return `${where}${cell.state}${tries}${cell.entry === null ? '' : ` [${cell.entry}]`}${cell.message === null ? '' : `: ${plain(cell.message)}`}`
      })
      return `| ${plain(step.title)} | ${step.kind} | ${showDuration(step.plannedMs)} | ${step.tookMs === null ? '–' : showDuration(step.tookMs)} | ${cells.join('; ')} |`
    }),
    '',
    '## Decisions and acts',
    '',
    '| Entry | At | Act | About | By | Reason |',
    '|---|---|---|---|---|---|',
    ...report.decisions.map(
      (one) =>
        `| ${one.entry} | ${clock(one.at)} | ${one.act} | ${plain(one.subject)} | ${plain(one.by)}, ${one.role} (asserted) | ${plain(one.reason ?? '')} |`,
    ),
    '',
  ]
  if (report.deviations.length > 0)
    lines.push('## Deviations', '', ...report.deviations.map((one) => `- ${plain(one.subject)} [${one.entry}]`), '')
  if (report.conflicts.length > 0)
    lines.push('## Conflicts', '', ...report.conflicts.map((one) => `- ${plain(one.message)} [${one.entry}]`), '')
  return lines.join('\n')
}

/** What a person or a host wrote, on one line and without Markdown of its own. */
function plain(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`)
    .trim()
}
