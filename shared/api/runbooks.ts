/** runbooks.*: which there are, and one that is open. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { Refusal } from '../model/commands.ts'
import { AgreedOnStep, PlanWindow } from '../model/plan.ts'
import { Count, HostName } from '../model/words.ts'
import { Fault } from '../text/fault.ts'

export const RunbookSummary = z.strictObject({
  /** Opaque; `sample:<name>` or a path of a runbook opened here. */
  id: z.string(),
  isSample: z.boolean(),
  title: z.string(),
  path: z.string(),
  version: z.string().nullable(),
  faults: Count,
  warnings: Count,
  steps: Count,
  window: PlanWindow.nullable(),
})
export type RunbookSummary = z.infer<typeof RunbookSummary>

/** One step as lists and the cockpit show it before there is a run. */
export const StepOutline = z.strictObject({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  workstream: z.string(),
  owner: z.string(),
  needs: z.array(z.string()),
  expectedMs: Count.nullable(),
  line: z.int().min(1),
  hosts: z.array(HostName),
  pointOfNoReturn: z.boolean(),
  hasBackout: z.boolean(),
  agreed: AgreedOnStep,
  instructions: z.string().nullable(),
  /** Text of the script file or `run:` block, where there is one. */
  script: z.string().nullable(),
})
export type StepOutline = z.infer<typeof StepOutline>

export const OpenRunbook = z.strictObject({
  summary: RunbookSummary,
  text: z.string(),
  faults: z.array(Fault),
  steps: z.array(StepOutline),
  hosts: z.array(
    z.strictObject({
      name: HostName,
      address: z.string(),
      user: z.string().nullable(),
      tags: z.array(z.string()),
      isPractice: z.boolean(),
    }),
  ),
  variables: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      default: z.string().nullable(),
      description: z.string().nullable(),
    }),
  ),
  checkedInMs: Count,
})
export type OpenRunbook = z.infer<typeof OpenRunbook>

export const runbooksProcedures = {
  list: oc.output(z.array(RunbookSummary)),
  open: oc.input(z.strictObject({ id: z.string() })).output(z.union([OpenRunbook, Refusal])),
  /** Opens a file of this machine by path, and remembers it. */
  add: oc.input(z.strictObject({ path: z.string().min(1) })).output(z.union([OpenRunbook, Refusal])),
  /** Checks a text that is not saved yet, with the files beside `id`. */
  check: oc.input(z.strictObject({ id: z.string(), text: z.string() })).output(OpenRunbook),
}
