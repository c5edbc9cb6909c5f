/** `replay` and `report`: a run as it was at a moment, and as a document. The same fold as everywhere. */
import { asRunEvent, type Recorded, type RecordedRunEvent } from '../../shared/model/events.ts'
import { NO_HOST } from '../../shared/model/words.ts'
import { reportOf, showReport } from '../../shared/report/report.ts'
import { type Moment, stateAt } from '../../shared/replay/replay.ts'
import { questions } from '../../shared/run/questions.ts'
import { cellsOf } from '../../shared/run/rules.ts'
import { counts, runPhase, shownState } from '../../shared/run/shown.ts'
import type { Doors, ReadableLog, Terminal } from './doors.ts'
import { EXIT, type ExitCode, Stop } from './exit-codes.ts'
import { MODE } from './progress.ts'

export async function replay(
  doors: Doors,
  terminal: Terminal,
  place: string,
  run: string | undefined,
  options: { at?: string; json?: boolean },
): Promise<ExitCode> {
  const found = await findRun(doors, place, run)
  if (found === null) return listRuns(doors, terminal, place, options)
  const events = found.entries.map(asRunEvent).filter((event): event is RecordedRunEvent => event !== null)
  const moment = stateAt(events, until(options.at))
  if (moment === null)
    throw new Stop(EXIT.usage, `The run ${found.run} had not been planned by ${options.at ?? 'then'}.`)
  terminal.out(options.json === true ? `${JSON.stringify(asJson(moment))}\n` : asText(moment))
  return EXIT.done
}

export async function report(
  doors: Doors,
  terminal: Terminal,
  run: string,
  options: { data?: string; format: string },
): Promise<ExitCode> {
  if (options.format !== 'md' && options.format !== 'json')
    throw new Stop(EXIT.usage, `--format is md or json, not ${options.format}.`)
  const found = await findRun(doors, options.data ?? doors.defaultDataDir, run)
  if (found === null) throw new Stop(EXIT.usage, `There is no run ${run}.`)
  terminal.out(showReport(reportOf(found.entries, Date.now()), options.format))
  return EXIT.done
}

type Found = { readonly run: string; readonly entries: readonly Recorded[] }

/** @returns null where no run was named and there is more than one, or none */
async function findRun(doors: Doors, place: string, run: string | undefined): Promise<Found | null> {
  const logs = await logsOf(doors, place)
  try {
    const all: { log: ReadableLog; id: string }[] = []
    for (const log of logs) for (const id of await log.runs()) all.push({ log, id })
    const wanted = run === undefined ? all : all.filter(({ id }) => id === run)
    if (run !== undefined && wanted.length === 0)
      throw new Stop(
        EXIT.usage,
        `There is no run ${run} in ${place}. It has: ${all.map(({ id }) => id).join(', ') || 'none'}.`,
      )
    const names = new Set(wanted.map(({ id }) => id))
    if (names.size !== 1) return null
    const [id = ''] = names
    // A run that went on in a new incarnation is told by both, oldest first.
    const entries: Recorded[] = []
    for (const { log } of wanted) entries.push(...(await log.read(id)))
    return { run: id, entries }
  } finally {
    for (const log of logs) await log[Symbol.asyncDispose]()
  }
}

async function logsOf(doors: Doors, place: string): Promise<readonly ReadableLog[]> {
  try {
    return await doors.readLogs(place)
  } catch (cause) {
    throw new Stop(EXIT.usage, cause instanceof Error ? cause.message : String(cause))
  }
}

async function listRuns(
  doors: Doors,
  terminal: Terminal,
  place: string,
  options: { json?: boolean },
): Promise<ExitCode> {
  const logs = await logsOf(doors, place)
  try {
    const runs: { origin: string; run: string }[] = []
    for (const log of logs) for (const run of await log.runs()) runs.push({ origin: log.origin, run })
    if (runs.length === 0) throw new Stop(EXIT.usage, `There is no run in ${place}.`)
    terminal.out(
      options.json === true ? `${JSON.stringify({ v: 1, runs })}\n` : runs.map(({ run }) => `${run}\n`).join(''),
    )
    return EXIT.done
  } finally {
    for (const log of logs) await log[Symbol.asyncDispose]()
  }
}

function until(at: string | undefined): { seq: number } | { atMs: number } {
  if (at === undefined) return { seq: Number.MAX_SAFE_INTEGER }
  if (/^\d+$/.test(at)) return { seq: Number(at) }
  const atMs = Date.parse(at)
  if (Number.isNaN(atMs))
    throw new Stop(EXIT.usage, `--at takes the number of an entry or a time such as 2026-12-05T22:47:00Z, not ${at}.`)
  return { atMs }
}

function asJson(moment: Moment): unknown {
  const { run, words, ref, atMs } = moment
  return {
    v: 1,
    run: run.id,
    title: words.title,
    mode: run.mode,
    isPractice: run.isPractice,
    entry: ref.seq,
    origin: ref.origin,
    at: new Date(atMs).toISOString(),
    phase: runPhase(run),
    result: run.result,
    counts: counts(run),
    pointOfNoReturn: run.noReturn,
    cells: run.order.flatMap((step) =>
      cellsOf(run, step).map((cell) => ({
        step,
        host: cell.target,
        state: shownState(run, step, cell.target),
        tries: cell.tries,
      })),
    ),
    asked: questions(run, atMs).map(({ kind, step, target }) => ({ kind, step, host: target })),
    conflicts: run.conflicts,
  }
}

function asText(moment: Moment): string {
  const { run, words, ref, atMs } = moment
  const lines = [
    `${MODE[run.mode]}${run.isPractice ? ', practice hosts' : ''}: ${words.title}, run ${run.id}`,
    `As of entry ${ref.seq}, ${new Date(atMs).toISOString()}: ${runPhase(run)}${run.result === null ? '' : `, ${run.result}`}. What came later is not shown.`,
    '',
  ]
  for (const step of run.order) {
    const cells = cellsOf(run, step).map(
      (cell) => `${cell.target === NO_HOST ? '' : `${cell.target} `}${shownState(run, step, cell.target)}`,
    )
    lines.push(`${(words.steps[step]?.title ?? step).padEnd(40)} ${cells.join(', ')}`)
  }
  const asked = questions(run, atMs)
  if (asked.length > 0)
    lines.push(
      '',
      'Asked then:',
      ...asked.map(
        ({ kind, step, target }) =>
          `  ${kind}${step === null ? '' : ` ${step}`}${target === null || target === NO_HOST ? '' : ` on ${target}`}`,
      ),
    )
  return `${lines.join('\n')}\n`
}
