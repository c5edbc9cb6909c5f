/** The runbook as people write it (YAML, `holdpoint: runbook/v1`). Compiled to a `Plan` by shared/runbook. */
import { z } from 'zod'
import { Role, StepId, WorkstreamId } from './words.ts'

const text = z.string().min(1)
export const DurationText = z
  .string()
  .regex(/^([0-9]+(d|h|m|s))+$/)
  .describe('A duration such as 1h30m, 45m or 90s')
const TimeText = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/)
  .describe('A time; without an offset it is local to the zone of the window')
const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
const Scalar = z.union([z.string(), z.number(), z.boolean()])

export const Variable = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean', 'secret']),
  default: Scalar.optional().describe('Used where the run gives none. A version must be quoted: 15.10 is not 15.1'),
  description: text.optional(),
})
export type Variable = z.infer<typeof Variable>

const Require = z.strictObject({
  fail: text.optional().describe('CEL over the measured values; true: the check fails'),
  warn: text.optional().describe('CEL over the measured values; true: the check warns'),
})

const Check = z.strictObject({
  probe: text.describe('The id of a built-in probe (disk.free), or the path of a probe file beside the runbook'),
  with: z.record(z.string(), Scalar).optional().describe('What the probe is given'),
  require: Require.optional().describe('Takes the place of the criterion that the probe itself has'),
})
export type Check = z.infer<typeof Check>

const Selector = z.union([text, z.array(text).min(1)]).describe('A host, tag:NAME, group:NAME, or a list of them')

const Duration = z.strictObject({
  expected: DurationText,
  timeout: DurationText.optional().describe('After this long the script and all it started are ended'),
  silent: DurationText.optional().describe('How long it may be without output; recorded, nothing acts on it yet'),
})

const Script = {
  file: text.optional().describe('A script beside the runbook'),
  run: text.optional().describe('The script itself; variables reach it through with, never by ${…}'),
}
const Environment = {
  with: z
    .record(VariableName, Scalar)
    .optional()
    .describe('Environment of the script; ${name} stands for a variable of the runbook'),
  secrets: z
    .record(VariableName, VariableName)
    .optional()
    .describe('Environment name: the secret variable that it carries; masked in output, never recorded'),
}
const Success = z
  .strictObject({ exit: z.array(z.int().min(0).max(255)).min(1) })
  .describe('Exit codes that mean success; [0] where nothing is said')

export const Backout = z.union([
  z.strictObject({
    ...Script,
    ...Environment,
    success: Success.optional(),
    instructions: text.optional().describe('Markdown, for a person who undoes the step'),
    duration: DurationText,
    timeout: DurationText.optional(),
    check: Check.optional(),
  }),
  z.strictObject({ none: text.describe('Why this step needs no backout') }),
])
export type Backout = z.infer<typeof Backout>

const common = {
  id: StepId.describe('Small letters, digits and -; part of names on hosts'),
  title: text,
  workstream: WorkstreamId.optional(),
  owner: text.optional().describe('Who answers for the step; the owner of its workstream where nothing is said'),
  deputy: text.optional(),
  needs: z.array(StepId).optional().describe('Steps that must have passed, warned or been skipped on every host'),
  duration: Duration.optional(),
  notBefore: TimeText.optional(),
  latestStart: TimeText.optional(),
  timebox: DurationText.optional().describe(
    'How long it may take before it is decided how to go on; recorded, nothing acts on it yet',
  ),
  contingency: text.optional().describe('What to do when it goes wrong, for people'),
  when: text.optional().describe('CEL over vars.NAME and verdicts.STEP; false: the step is skipped'),
  waitsFor: z
    .strictObject({ who: text, ticket: text.optional(), promisedAt: TimeText.optional() })
    .optional()
    .describe('An outside party that must do something first'),
  pointOfNoReturn: z.boolean().optional().describe('Once this step is begun, backing out is no longer offered'),
  onFailure: z.enum(['ask', 'hold', 'continue', 'backout']).optional().describe('ask where nothing is said'),
}

const onHosts = {
  on: Selector,
  waves: z
    .array(z.union([z.int().min(1), z.string().regex(/^(100|[1-9][0-9]?)%$/)]))
    .min(1)
    .optional()
    .describe('Cumulative: [1, 50%, 100%] is one host, then half of them, then all'),
  retry: z
    .strictObject({ times: z.int().min(0).max(20), after: DurationText.optional() })
    .optional()
    .describe('Tries again by itself when a script ended and failed; never when its outcome is unknown'),
}

export const ScriptStep = z.strictObject({
  ...common,
  kind: z.literal('script'),
  ...onHosts,
  ...Script,
  ...Environment,
  success: Success.optional(),
  check: Check.optional().describe('Runs on each host after the script; the step passes there only with it'),
  verify: Check.optional().describe(
    'A check that a person may have run where the outcome is not known: a pass settles it',
  ),
  diagnostics: z
    .strictObject({ ...Script, timeout: DurationText.optional() })
    .optional()
    .describe('Runs where the script failed, to show why; changes nothing'),
  backout: Backout.optional(),
})
export const ProbeStep = z.strictObject({
  ...common,
  kind: z.literal('probe'),
  ...onHosts,
  ...Check.shape,
})
export const ManualStep = z.strictObject({
  ...common,
  kind: z.literal('manual'),
  on: Selector.optional(),
  instructions: text.optional().describe('Markdown'),
  evidence: z.enum(['required', 'optional']).optional(),
  backout: Backout.optional(),
})
export const GateStep = z.strictObject({
  ...common,
  kind: z.literal('gate'),
  approvals: z.record(Role, z.int().min(1).max(20)).optional().describe('Role: how many people of it must approve'),
  instructions: text.optional().describe('Markdown'),
})
export const MilestoneStep = z.strictObject({ ...common, kind: z.literal('milestone') })

export const Step = z.discriminatedUnion('kind', [ScriptStep, ProbeStep, ManualStep, GateStep, MilestoneStep])
export type Step = z.infer<typeof Step>

export const Workstream = z.strictObject({ owner: text, deputy: text.optional(), title: text.optional() })
export const Window = z.strictObject({
  start: TimeText,
  end: TimeText,
  zone: text.describe('IANA zone of times without an offset: Europe/Berlin'),
})
export const Outage = z.strictObject({ start: TimeText, end: TimeText })

export const Runbook = z.strictObject({
  holdpoint: z.literal('runbook/v1'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  title: text,
  owner: text,
  ticket: text.optional(),
  description: text.optional(),
  window: Window.optional().describe('When work may go on'),
  outage: Outage.optional().describe('When users notice'),
  variables: z.record(VariableName, Variable).optional(),
  workstreams: z.record(WorkstreamId, Workstream).optional(),
  steps: z.array(Step).min(1).max(2000),
})
export type Runbook = z.infer<typeof Runbook>
