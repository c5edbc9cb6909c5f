/** What is looked at before a run is planned, so that a mistake on the command line leaves nothing behind in the log. */
import { dirname, join } from 'node:path'
import { isRefusal } from '../../shared/model/commands.ts'
import type { CellId } from '../../shared/model/events.ts'
import type { Host } from '../../shared/model/inventory.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { NO_HOST } from '../../shared/model/words.ts'
import { type Answers, parseAnswers } from '../../shared/runbook/answers.ts'
import { type Checked, checkRunbook } from '../../shared/runbook/check.ts'
import { parseInventory } from '../../shared/runbook/inventory.ts'
import { resolveVariables } from '../../shared/runbook/variables.ts'
import type { Fault } from '../../shared/text/fault.ts'
import { keyPlaceAt } from '../../shared/text/tree.ts'
import { readYaml } from '../../shared/text/yaml.ts'
import { probesOf } from '../engine/freeze.ts'
import type { RunbookFolder } from '../engine/ports.ts'
import type { Doors } from './doors.ts'
import { EXIT, Stop } from './exit-codes.ts'

export type Wanted = { readonly step: string; readonly host: string | null }

/** A fault, and the file that it is in, as it was named on the command line. */
export type FileFault = Fault & { readonly file: string }

/** Faults of the inventory, which is a file of its own. Hosts of `~/.ssh/config` have none. */
export function inventoryFaults(path: string, hosts: string | undefined, folder: RunbookFolder): readonly FileFault[] {
  if (folder.hostsText === null) return []
  const file = hosts ?? join(dirname(path), 'hosts.yaml')
  return parseInventory(folder.hostsText).faults.map((one) => ({ ...one, file }))
}

/**
 * @param hosts the inventory's file, where one was named
 * @param reached the hosts that the run will reach; null: the runbook by itself, for practice hosts are there only later
 * @throws Stop usage
 */
export function checkedOrStop(
  path: string,
  hosts: string | undefined,
  folder: RunbookFolder,
  reached: readonly Host[] | null,
): NonNullable<Checked['document']> {
  const { document, faults } = checkRunbook(folder.text, {
    files: folder.files,
    ...probesOf(folder),
    ...(reached === null ? {} : { hosts: reached }),
  })
  const all = [...inventoryFaults(path, hosts, folder), ...faults.map((one) => ({ ...one, file: path }))]
  const wrong = all.filter((one) => one.severity === 'fault')
  if (document !== null && wrong.length === 0) return document
  throw new Stop(
    EXIT.usage,
    [
      ...wrong.map((one) => `${one.file}:${one.line}:${one.column}: ${one.message} ${one.fix}`),
      'What has faults is not run. Nothing was recorded.',
    ].join('\n'),
  )
}

/** `--only STEP[@HOST]`. @throws Stop usage for a step that the runbook does not have */
export function wantedOnly(document: NonNullable<Checked['document']>, only: readonly string[]): readonly Wanted[] {
  return only.map((text) => {
    const at = text.indexOf('@')
    const step = at === -1 ? text : text.slice(0, at)
    const found = document.steps.find((one) => one.id === step)
    if (found === undefined) throw new Stop(EXIT.usage, `--only ${text}: the runbook has no step ${step}.`)
    if (at !== -1 && !('on' in found && found.on !== undefined))
      throw new Stop(EXIT.usage, `--only ${text}: ${step} does not run on a host.`)
    return { step, host: at === -1 ? null : text.slice(at + 1) }
  })
}

/** Answers as they were given, and where they stand in their file. */
export type Given = {
  readonly answers: Answers | null
  /** Of each answer. */
  readonly lines: readonly number[]
  readonly path: string | null
  /** @returns 1-based line of one of the secrets or variables */
  lineOf(section: 'secrets' | 'variables', name: string): number
}

/** @throws Stop usage for a file that cannot be read or does not fit */
export async function answersOf(doors: Doors, path: string | undefined): Promise<Given> {
  if (path === undefined) return { answers: null, lines: [], path: null, lineOf: () => 1 }
  const text = await doors.readFile(path).catch((cause: unknown) => {
    throw new Stop(EXIT.usage, `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`)
  })
  const { answers, faults, lines } = parseAnswers(text)
  if (answers === null)
    throw new Stop(
      EXIT.usage,
      faults.map((one) => `${path}:${one.line}:${one.column}: ${one.message} ${one.fix}`).join('\n'),
    )
  const { tree } = readYaml(text)
  return {
    answers,
    lines,
    path,
    lineOf: (section, name) => (tree === null ? 1 : keyPlaceAt(tree, [section, name]).line),
  }
}

/**
 * Answers for steps that are not there would only be found out at the end.
 * @param steps ids of the runbook's steps
 * @throws Stop usage, with the line
 */
export function answersFit(steps: readonly string[], secrets: readonly string[], given: Given): void {
  const { answers, lines, path } = given
  const wrong = (answers?.answers ?? []).flatMap((answer, at) =>
    'step' in answer && !steps.includes(answer.step)
      ? [`${path}:${lines[at] ?? 1}: the runbook has no step ${answer.step}.`]
      : [],
  )
  for (const name of Object.keys(answers?.secrets ?? {}))
    if (!secrets.includes(name))
      wrong.push(`${path}:${given.lineOf('secrets', name)}: the runbook has no secret ${name}.`)
  if (wrong.length > 0) throw new Stop(EXIT.usage, wrong.join('\n'))
}

/**
 * The run is planned with these; the engine would refuse others, but only once there is a log.
 * @returns values as text, of every variable that is given
 * @throws Stop usage for a value that the runbook does not ask for, that is none, or that is missing
 */
export function variablesOf(
  document: NonNullable<Checked['document']>,
  given: Given,
): Readonly<Record<string, string>> {
  const values = Object.fromEntries(
    Object.entries(given.answers?.variables ?? {}).map(([name, value]) => [name, String(value)]),
  )
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(document.variables ?? {}, name))
  if (unknown.length > 0) {
    const lines = unknown.map(
      (name) => `${given.path}:${given.lineOf('variables', name)}: the runbook has no variable ${name}.`,
    )
    throw new Stop(EXIT.usage, lines.join('\n'))
  }
  const resolved = resolveVariables(document, values)
  if (isRefusal(resolved))
    throw new Stop(EXIT.usage, given.path === null ? resolved.message : `${given.path}: ${resolved.message}`)
  return values
}

/** A run keeps the values that it was planned with. @throws Stop usage for another value, with the line */
export function variablesStay(planned: Readonly<Record<string, string>>, given: Given): void {
  const wrong = Object.entries(given.answers?.variables ?? {}).flatMap(([name, value]) =>
    Object.hasOwn(planned, name) && planned[name] === String(value)
      ? []
      : [`${given.path}:${given.lineOf('variables', name)}: the run was not planned with this value of ${name}.`],
  )
  if (wrong.length > 0)
    throw new Stop(EXIT.usage, [...wrong, 'A run keeps the values that it was planned with.'].join('\n'))
}

/** Cells that `--only` leaves out; hold points are never left out. @throws Stop usage for a host that a step is not on */
export function leftOut(plan: Plan, wanted: readonly Wanted[]): readonly CellId[] {
  if (wanted.length === 0) return []
  const targetsOf = ({ targets }: Plan['steps'][number]): readonly string[] =>
    targets === null ? [NO_HOST] : (plan.sets.find((set) => set.name === targets)?.hosts ?? [])
  for (const { step, host } of wanted) {
    const found = plan.steps.find((one) => one.id === step)
    if (host !== null && found !== undefined && !targetsOf(found).includes(host))
      throw new Stop(EXIT.usage, `--only ${step}@${host}: ${step} does not run on ${host}.`)
  }
  return plan.steps
    .filter(({ kind }) => kind !== 'gate')
    .flatMap((step) => targetsOf(step).map((target) => ({ step: step.id, target })))
    .filter(({ step, target }) => !wanted.some((one) => one.step === step && (one.host ?? target) === target))
}
