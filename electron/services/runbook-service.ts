/** runbooks.*: the samples and what was opened here, checked each time they are looked at. */
import type { OpenRunbook, RunbookSummary, StepOutline } from '../../shared/api/runbooks.ts'
import { isRefusal, type Refusal } from '../../shared/model/commands.ts'
import type { Host } from '../../shared/model/inventory.ts'
import type { Runbook, Step } from '../../shared/model/runbook.ts'
import { checkRunbook, type Checked } from '../../shared/runbook/check.ts'
import { compile } from '../../shared/runbook/compile.ts'
import { agreedOf } from '../../shared/run/agreed.ts'
import { backoutOf, codesOf } from '../../shared/runbook/references.ts'
import { selectHosts } from '../../shared/runbook/select.ts'
import { parseDuration } from '../../shared/text/duration.ts'
import { hostsOf, probesOf } from '../engine/freeze.ts'
import type { RunbookFolder } from '../engine/ports.ts'
import type { Context } from './context.ts'

const SAMPLE = 'sample:'

export async function listRunbooks(context: Context): Promise<RunbookSummary[]> {
  const { station } = context
  const samples = (await station.library.samples()).map(({ name }) => `${SAMPLE}${name}`)
  const { runbooks } = await station.settings.read()
  const opened = await Promise.all([...samples, ...runbooks].map((id) => openRunbook(context, id)))
  return opened.flatMap((one) => (isRefusal(one) ? [] : [one.summary]))
}

/** The folder of a runbook that this console knows: a sample, or one that was opened here. */
export async function folderOf({ station }: Context, id: string): Promise<RunbookFolder | Refusal> {
  if (!id.startsWith(SAMPLE)) return station.library.load(id)
  const sample = (await station.library.samples()).find(({ name }) => name === id.slice(SAMPLE.length))
  return station.library.load(sample?.path ?? id)
}

export async function openRunbook(context: Context, id: string): Promise<OpenRunbook | Refusal> {
  const folder = await folderOf(context, id)
  return isRefusal(folder) ? folder : outline(context, id, folder)
}

export async function addRunbook(context: Context, path: string): Promise<OpenRunbook | Refusal> {
  const { station } = context
  const folder = await station.library.load(path)
  if (isRefusal(folder)) return folder
  const settings = await station.settings.read()
  const runbooks = [folder.path, ...settings.runbooks.filter((other) => other !== folder.path)].slice(0, 100)
  await station.settings.write({ ...settings, runbooks })
  return outline(context, folder.path, folder)
}

/** A text that is not saved, with the files beside what it came from. */
export async function checkText(context: Context, id: string, text: string): Promise<OpenRunbook> {
  const folder = await folderOf(context, id)
  const base = isRefusal(folder)
    ? {
        path: id,
        hostsText: null,
        sshHosts: [],
        files: new Map<string, Uint8Array>(),
        probes: new Map<string, string>(),
      }
    : folder
  return outline(context, id, { ...base, text })
}

function outline(context: Context, id: string, folder: RunbookFolder): OpenRunbook {
  const { station, nowMs } = context
  const beganMs = nowMs()
  const found = hostsOf(folder, station.console()?.practice ?? null)
  const hosts = isRefusal(found) ? [] : found
  const checked = checkRunbook(folder.text, { files: folder.files, ...probesOf(folder), hosts })
  const inventoryFaults = isRefusal(found)
    ? [
        {
          rule: found.code,
          severity: 'fault' as const,
          line: 1,
          column: 1,
          message: found.message,
          fix: 'Correct hosts.yaml.',
        },
      ]
    : []
  const faults = [...inventoryFaults, ...checked.faults]
  return {
    summary: summary(id, folder, checked, hosts, faults.filter((one) => one.severity === 'fault').length),
    text: folder.text,
    faults: faults.map((one) => ({ ...one })),
    steps: checked.document === null ? [] : stepOutlines(checked.document, folder, hosts),
    hosts: hosts.map(({ name, address, user, tags, isPractice }) => ({
      name,
      address,
      user,
      tags: [...tags],
      isPractice,
    })),
    variables: Object.entries(checked.document?.variables ?? {}).map(
      ([name, { type, default: value, description }]) => ({
        name,
        type,
        default: value === undefined ? null : String(value),
        description: description ?? null,
      }),
    ),
    checkedInMs: Math.max(0, Math.round(nowMs() - beganMs)),
  }
}

function summary(
  id: string,
  folder: RunbookFolder,
  checked: Checked,
  hosts: readonly Host[],
  faults: number,
): RunbookSummary {
  const { document } = checked
  const compiled = document === null || faults > 0 ? null : compile(document, { hosts })
  return {
    id,
    isSample: id.startsWith(SAMPLE),
    title: document?.title ?? id,
    path: folder.path,
    version: checked.version,
    faults,
    warnings: checked.faults.filter((one) => one.severity === 'warning').length,
    steps: document?.steps.length ?? 0,
    window: compiled === null || isRefusal(compiled) ? null : compiled.plan.window,
  }
}

function stepOutlines(document: Runbook, folder: RunbookFolder, hosts: readonly Host[]): StepOutline[] {
  const lines = linesOfSteps(folder.text)
  return document.steps.map((step, at) => {
    const workstream = step.workstream ?? 'main'
    const expected = step.duration === undefined ? null : parseDuration(step.duration.expected)
    return {
      id: step.id,
      kind: step.kind,
      title: step.title,
      workstream,
      owner: step.owner ?? document.workstreams?.[workstream]?.owner ?? document.owner,
      needs: [...(step.needs ?? [])],
      expectedMs: expected,
      line: lines.get(step.id) ?? at + 1,
      hosts: 'on' in step && step.on !== undefined ? selectHosts(step.on, hosts).map((host) => host.name) : [],
      pointOfNoReturn: step.pointOfNoReturn === true,
      hasBackout: backoutOf(step) !== null,
      agreed: agreedOf(agreedTimes(step), step, document.workstreams?.[workstream]?.deputy),
      instructions: 'instructions' in step ? (step.instructions ?? null) : null,
      script: scriptOf(step, folder),
    }
  })
}

function agreedTimes(step: Step) {
  const silent = step.duration !== undefined && 'silent' in step.duration ? step.duration.silent : undefined
  return {
    timeboxMs: step.timebox === undefined ? null : parseDuration(step.timebox),
    silentMs: silent === undefined ? null : parseDuration(silent),
    hasVerify: 'verify' in step && step.verify !== undefined,
  }
}

function scriptOf(step: Step, folder: RunbookFolder): string | null {
  const code = codesOf(step)[0]?.code
  if (code?.run !== undefined) return code.run
  const bytes = code?.file === undefined ? undefined : folder.files.get(code.file)
  return bytes === undefined ? null : new TextDecoder().decode(bytes)
}

/** Where each step begins: the line of its `id`. */
function linesOfSteps(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const [at, line] of text.split('\n').entries()) {
    const id = /^\s*(?:-\s*)?(?:\{\s*)?id:\s*["']?([a-z][a-z0-9-]*)/.exec(line)?.[1]
    if (id !== undefined && !found.has(id)) found.set(id, at + 1)
  }
  return found
}
