/** From a due attempt to what is sent to the host: a script with its environment, or a probe with its parameters. */
import type { ProbeDefinition } from '../../shared/criteria/probe.ts'
import type { Require } from '../../shared/criteria/verdict.ts'
import type { Step } from '../../shared/model/runbook.ts'
import type { Due } from '../../shared/run/rules.ts'
import type { Run } from '../../shared/run/state.ts'
import { backoutOf } from '../../shared/runbook/references.ts'
import { probeEnvironment, scriptEnvironment } from '../../shared/runbook/variables.ts'
import { parseDuration } from '../../shared/text/duration.ts'
import { type Material, stepOf } from './material.ts'

export type ScriptJob = {
  readonly kind: 'script'
  readonly script: Uint8Array
  readonly variables: Readonly<Record<string, string>>
  /** Environment name → name of the secret variable. */
  readonly secrets: Readonly<Record<string, string>>
  readonly successExit: readonly number[]
  readonly timeoutMs: number | null
}
export type ProbeJob = {
  readonly kind: 'probe'
  readonly definition: ProbeDefinition
  readonly require: Require | undefined
  readonly script: Uint8Array
  readonly variables: Readonly<Record<string, string>>
  readonly timeoutMs: number
}
/** The material does not hold what the plan needs: a damaged run, said as such. */
export type NoJob = { readonly kind: 'none'; readonly message: string }

/** A probe that measures longer than this does not answer. */
const PROBE_LIMIT_MS = 120_000

export function jobFor(run: Run, material: Material, due: Due): ScriptJob | ProbeJob | NoJob {
  const step = stepOf(material, due.step)
  if (step === undefined) return none(`Step ${due.step} is not in the runbook of this run.`)
  const about = {
    HOLDPOINT_RUN: run.id,
    HOLDPOINT_STEP: due.step,
    HOLDPOINT_HOST: due.target,
    HOLDPOINT_MODE: run.mode,
  }
  switch (due.purpose) {
    case 'main':
      return step.kind === 'probe'
        ? probeJob(material, step, step.duration?.timeout)
        : scriptJob(material, about, mainScript(step))
    case 'check':
      return step.kind === 'script' && step.check !== undefined
        ? probeJob(material, step.check, undefined)
        : none('The step has no check.')
    case 'verify':
      return step.kind === 'script' && step.verify !== undefined
        ? probeJob(material, step.verify, undefined)
        : none('The step has no verify.')
    case 'diagnostics':
      return step.kind === 'script' && step.diagnostics !== undefined
        ? scriptJob(material, about, { ...environmentOf(step), ...step.diagnostics })
        : none('The step has no diagnostics.')
    case 'backout': {
      const backout = backoutOf(step)
      return backout === null ? none('The step has no backout.') : scriptJob(material, about, backout)
    }
    case 'backout-check': {
      const check = backoutOf(step)?.check
      return check === undefined ? none('The backout has no check.') : probeJob(material, check, undefined)
    }
  }
}

function none(message: string): NoJob {
  return { kind: 'none', message }
}

type Scalars = Readonly<Record<string, string | number | boolean>>
type ScriptSource = {
  readonly file?: string | undefined
  readonly run?: string | undefined
  readonly with?: Scalars | undefined
  readonly secrets?: Readonly<Record<string, string>> | undefined
  readonly success?: { readonly exit: readonly number[] } | undefined
  readonly timeout?: string | undefined
}

function mainScript(step: Step): ScriptSource {
  return step.kind === 'script' ? { ...step, timeout: step.duration?.timeout } : {}
}

/** Diagnostics see what the script saw, but for secrets: they are there to be read by many. */
function environmentOf(step: Step): ScriptSource {
  return step.kind === 'script' ? { with: step.with } : {}
}

function scriptJob(
  material: Material,
  about: Readonly<Record<string, string>>,
  source: ScriptSource,
): ScriptJob | NoJob {
  const script = source.run === undefined ? fileOf(material, source.file) : new TextEncoder().encode(source.run)
  if (script === null) return none(`The file ${source.file ?? ''} is not kept with this run.`)
  return {
    kind: 'script',
    script,
    variables: { ...about, ...scriptEnvironment(source.with, material.variables) },
    secrets: source.secrets ?? {},
    successExit: source.success?.exit ?? [0],
    timeoutMs: source.timeout === undefined ? null : parseDuration(source.timeout),
  }
}

function fileOf(material: Material, path: string | undefined): Uint8Array | null {
  return path === undefined ? null : material.file(path)
}

function probeJob(
  material: Material,
  source: { readonly probe: string; readonly with?: Scalars | undefined; readonly require?: Require | undefined },
  timeout: string | undefined,
): ProbeJob | NoJob {
  const definition = material.probes.get(source.probe)
  if (definition === undefined) return none(`The probe ${source.probe} is not kept with this run.`)
  return {
    kind: 'probe',
    definition,
    require: source.require,
    script: new TextEncoder().encode(definition.script),
    variables: probeEnvironment(definition, source.with, material.variables),
    timeoutMs: (timeout === undefined ? null : parseDuration(timeout)) ?? PROBE_LIMIT_MS,
  }
}
