/** What a runbook refers to: variables in text, files and probes beside it. */
import type { Backout, Check, Runbook, Step } from '../model/runbook.ts'

export type Reference = { readonly name: string; readonly offset: number }

const WRITTEN = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Each `${name}` of a text. */
export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(WRITTEN)].map((match) => ({ name: match[1] ?? '', offset: match.index }))
}

/** Replaces each `${name}`; one that has no value stays as it was (the static check has refused it before). */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(WRITTEN, (written, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? written) : written,
  )
}

/** A probe named with a slash or a file ending is a file beside the runbook; any other is built in. */
export function isProbeFile(probe: string): boolean {
  return probe.includes('/') || probe.endsWith('.yaml') || probe.endsWith('.yml')
}

/** The part of a step that undoes it; null where there is none, or the runbook says why. */
export function backoutOf(step: Step): Exclude<Backout, { none: string }> | null {
  const backout = step.kind === 'script' || step.kind === 'manual' ? step.backout : undefined
  return backout === undefined || 'none' in backout ? null : backout
}

/** Every check of a step with its path in the step: the probe of a probe step, check, verify, the backout's check. */
export function checksOf(step: Step): { path: readonly string[]; check: Check }[] {
  const found: { path: readonly string[]; check: Check }[] = []
  if (step.kind === 'probe') found.push({ path: [], check: step })
  if (step.kind === 'script') {
    if (step.check) found.push({ path: ['check'], check: step.check })
    if (step.verify) found.push({ path: ['verify'], check: step.verify })
  }
  const check = backoutOf(step)?.check
  if (check) found.push({ path: ['backout', 'check'], check })
  return found
}

export type Code = { readonly file?: string | undefined; readonly run?: string | undefined }

/** Every script of a step with its path in the step. */
export function codesOf(step: Step): { path: readonly string[]; code: Code }[] {
  const found: { path: readonly string[]; code: Code }[] = []
  if (step.kind === 'script') {
    found.push({ path: [], code: step })
    if (step.diagnostics) found.push({ path: ['diagnostics'], code: step.diagnostics })
  }
  const backout = backoutOf(step)
  if (backout) found.push({ path: ['backout'], code: backout })
  return found
}

/** Paths of scripts and probe files beside the runbook, each once. */
export function filesOf(document: Runbook): string[] {
  const files = document.steps.flatMap((step) => [
    ...codesOf(step).flatMap(({ code }) => (code.file === undefined ? [] : [code.file])),
    ...checksOf(step).flatMap(({ check }) => (isProbeFile(check.probe) ? [check.probe] : [])),
  ])
  return [...new Set(files)].toSorted()
}

/** Names of probes, built-in ids and paths, each once. */
export function probesOf(document: Runbook): string[] {
  return [...new Set(document.steps.flatMap((step) => checksOf(step).map(({ check }) => check.probe)))].toSorted()
}
