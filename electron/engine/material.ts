/** What a run works with, as it was frozen: the runbook, its scripts and probes, and where its hosts are now. */
import type { Probes } from '../../shared/criteria/probe.ts'
import type { Host } from '../../shared/model/inventory.ts'
import type { Runbook, Step } from '../../shared/model/runbook.ts'

export type Material = {
  readonly runbook: Runbook
  readonly probes: Probes
  /** Values of the run's variables as text; secrets are not among them. */
  readonly variables: Readonly<Record<string, string>>
  /** Names of the variables that are secrets. */
  readonly secrets: readonly string[]
  file(path: string): Uint8Array | null
  host(name: string): Host | null
}

export function stepOf(material: Material, id: string): Step | undefined {
  return material.runbook.steps.find((step) => step.id === id)
}
