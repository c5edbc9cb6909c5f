/** `holdpoint run` and `holdpoint resume`: plans a run or opens one, and sees it to its end. */
import { isRefusal } from '../../shared/model/commands.ts'
import type { CellId } from '../../shared/model/events.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { Mode } from '../../shared/model/words.ts'
import { inPieces } from '../../shared/run/pieces.ts'
import { compile } from '../../shared/runbook/compile.ts'
import { secretNames } from '../../shared/runbook/variables.ts'
import { hostsOf, type Practice } from '../engine/freeze.ts'
import type { RunbookFolder } from '../engine/ports.ts'
import { isInterruption } from '../engine/recovery.ts'
import type { RunHandle } from '../engine/run-handle.ts'
import { act } from '../services/run-service.ts'
import { prepared } from './answering.ts'
import {
  answersFit,
  answersOf,
  checkedOrStop,
  type Given,
  leftOut,
  variablesOf,
  variablesStay,
  wantedOnly,
} from './before-run.ts'
import type { Doors, OpenConsole, Terminal } from './doors.ts'
import { drive } from './drive.ts'
import { EXIT, type ExitCode, Stop } from './exit-codes.ts'
import { must } from './must.ts'
import { type ConsoleOptions, openConsole } from './open-console.ts'
import { jsonProgress, lineProgress } from './progress.ts'

/** As many cells as one command may name. */
const MOST_CELLS = 400

export type RunOptions = ConsoleOptions & {
  readonly hosts?: string
  readonly live?: boolean
  readonly rehearsal?: boolean
  readonly walkthrough?: boolean
  readonly answers?: string
  readonly only?: readonly string[]
  readonly json?: boolean
}

export async function run(doors: Doors, terminal: Terminal, path: string, options: RunOptions): Promise<ExitCode> {
  const mode = modeOf(options)
  if (options.practice === true && options.hosts !== undefined)
    throw new Stop(
      EXIT.usage,
      'Say either --practice or --hosts: practice hosts are on this machine, and nothing else is reached.',
    )
  const given = await answersOf(doors, options.answers)
  const folder = await doors.library.load(path, options.hosts ?? null)
  if (isRefusal(folder)) throw new Stop(EXIT.usage, folder.message)
  const document = checkedOrStop(path, options.hosts, folder, null)
  const wanted = wantedOnly(document, options.only ?? [])
  answersFit(
    document.steps.map((step) => step.id),
    secretNames(document),
    given,
  )
  const variables = variablesOf(document, given)
  const leftOn = (practice: Practice | null) => leftOut(planOf(path, options.hosts, folder, practice), wanted)
  // Real hosts are known by now; practice hosts once they are up, which is still before a log is begun.
  if (options.practice !== true) leftOn(null)
  await using console = await openConsole(doors, terminal, options, {
    fits: ({ practice }) => void leftOn(practice),
  })
  const signer = console.station.signer()
  const engine = console.station.console()
  if (signer === null || engine === null)
    throw new Stop(EXIT.usage, 'The operator’s key is locked. Give its passphrase with --passphrase-fd.')
  const left = leftOn(engine.practice)
  const handle = await engine.plan(
    { folder, mode, variables, secrets: given.answers?.secrets ?? {} },
    { signer, role: null },
  )
  if (isRefusal(handle)) throw new Stop(EXIT.usage, handle.message)
  await leaveOut(console, handle.log.id, left, options.only ?? [])
  return await seeThrough(console, handle, terminal, given, options)
}

function planOf(path: string, inventory: string | undefined, folder: RunbookFolder, practice: Practice | null): Plan {
  const hosts = hostsOf(folder, practice)
  if (isRefusal(hosts)) throw new Stop(EXIT.usage, hosts.message)
  const compiled = compile(checkedOrStop(path, inventory, folder, hosts), { hosts })
  if (isRefusal(compiled)) throw new Stop(EXIT.usage, compiled.message)
  return compiled.plan
}

export async function resume(doors: Doors, terminal: Terminal, id: string, options: RunOptions): Promise<ExitCode> {
  const given = await answersOf(doors, options.answers)
  await using console = await openConsole(doors, terminal, options, { log: 'existing' })
  const engine = console.station.console()
  const handle = engine?.run(id) ?? null
  if (engine === null || handle === null) throw new Stop(EXIT.usage, `There is no run ${id} in this log.`)
  if (handle.whyNotDriven !== null) throw new Stop(EXIT.usage, handle.whyNotDriven)
  // A closed run has nothing left to be given; its answers would all be left over.
  const { material } = handle
  answersFit(handle.log.state().order, material?.secrets ?? Object.keys(given.answers?.secrets ?? {}), given)
  if (material !== null) variablesStay(material.variables, given)
  handle.giveSecrets(given.answers?.secrets ?? {})
  const says = given.answers?.answers?.some((answer) => answer.question === 'held') === true
  const hold = engine.journal.read({ from: 0, run: id }).findLast((entry) => entry.type === 'run.held')
  // Resuming from the command line is the look that a restart, or leaving a run, asks for. A hold that a person or the
  // runbook ordered is ended by an answer only.
  const isOurs = hold !== undefined && isInterruption(hold)
  if (handle.log.state().held !== null && isOurs && !says) must(await act(console.context, id, { do: 'resume' }))
  return await seeThrough(console, handle, terminal, given, options)
}

function modeOf(options: RunOptions): Mode {
  const said = (['live', 'rehearsal', 'walkthrough'] as const).filter((mode) => options[mode] === true)
  const [mode] = said
  if (mode === undefined || said.length > 1) {
    throw new Stop(
      EXIT.usage,
      'Say how to run it: --walkthrough (touches no host), --rehearsal or --live, and only one of them.',
    )
  }
  return mode
}

/** What `--only` does not name is skipped, as recorded acts. */
async function leaveOut(
  { context }: OpenConsole,
  run: string,
  cells: readonly CellId[],
  only: readonly string[],
): Promise<void> {
  const reason = `Left out by --only ${only.join(' ')}.`.slice(0, 4000)
  for (const some of inPieces(cells)) {
    for (let from = 0; from < some.length; from += MOST_CELLS)
      must(await act(context, run, { do: 'skip', cells: some.slice(from, from + MOST_CELLS), reason }))
  }
}

async function seeThrough(
  console: OpenConsole,
  handle: RunHandle,
  terminal: Terminal,
  given: Given,
  options: RunOptions,
): Promise<ExitCode> {
  const progress = options.json === true ? jsonProgress(terminal) : lineProgress(terminal)
  const history = console.station.console()?.journal.read({ from: 0, run: handle.log.id }) ?? []
  progress.show(history, handle.log.state(), handle.log.words())
  const exit = await drive({
    context: console.context,
    handle,
    prepared: prepared(given.answers, given.lines),
    answersPath: given.path,
    declined: new Set(),
    terminal,
    progress,
    nowMs: console.context.nowMs,
  })
  const state = handle.log.state()
  const head = console.station.console()?.journal.head()
  if (options.json === true) {
    terminal.out(
      `${JSON.stringify({ v: 1, run: state.id, phase: state.phase, result: state.result, exit, log: head })}\n`,
    )
  } else if (state.phase === 'closed') {
    terminal.out(
      `Run ${state.id}: ${state.result}. Log: ${head?.size ?? 0} entries, seal ${head?.root.slice(0, 16) ?? ''}.\n`,
    )
  }
  return exit
}
