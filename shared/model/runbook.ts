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
  default: Scalar.optional(),
  description: text.optional(),
})

export const Require = z.strictObject({
  fail: text.optional().describe('CEL over the measured values; true: the check fails'),
  warn: text.optional().describe('CEL over the measured values; true: the check warns'),
})

export const Check = z.strictObject({
  probe: text,
  with: z.record(z.string(), Scalar).optional(),
  require: Require.optional(),
})
export type Check = z.infer<typeof Check>

const Selector = z.union([text, z.array(text).min(1)]).describe('A host, tag:NAME, group:NAME, or a list of them')

const Duration = z.strictObject({
  expected: DurationText,
  timeout: DurationText.optional(),
  silent: DurationText.optional(),
})

const Script = { file: text.optional(), run: text.optional() }

export const Backout = z.union([
  z.strictObject({
    ...Script,
    with: z.record(VariableName, Scalar).optional(),
    secrets: z.record(VariableName, VariableName).optional(),
    success: z.strictObject({ exit: z.array(z.int().min(0).max(255)).min(1) }).optional(),
    instructions: text.optional(),
    duration: DurationText,
    timeout: DurationText.optional(),
    check: Check.optional(),
  }),
  z.strictObject({ none: text.describe('Why this step needs no backout') }),
])
export type Backout = z.infer<typeof Backout>

const common = {
  id: StepId,
  title: text,
  workstream: WorkstreamId.optional(),
  owner: text.optional(),
  deputy: text.optional(),
  needs: z.array(StepId).optional(),
  duration: Duration.optional(),
  notBefore: TimeText.optional(),
  latestStart: TimeText.optional(),
  timebox: DurationText.optional(),
  contingency: text.optional(),
  when: text.optional().describe('CEL over the variables and earlier verdicts; false: the step is skipped'),
  waitsFor: z.strictObject({ who: text, ticket: text.optional(), promisedAt: TimeText.optional() }).optional(),
  pointOfNoReturn: z.boolean().optional(),
  onFailure: z.enum(['ask', 'hold', 'continue', 'backout']).optional(),
}

const onHosts = {
  on: Selector,
  waves: z
    .array(z.union([z.int().min(1), z.string().regex(/^(100|[1-9]?[0-9])%$/)]))
    .min(1)
    .optional(),
  retry: z.strictObject({ times: z.int().min(0).max(20), after: DurationText.optional() }).optional(),
}

export const ScriptStep = z.strictObject({
  ...common,
  kind: z.literal('script'),
  ...onHosts,
  ...Script,
  with: z.record(VariableName, Scalar).optional(),
  secrets: z.record(VariableName, VariableName).optional(),
  success: z.strictObject({ exit: z.array(z.int().min(0).max(255)).min(1) }).optional(),
  check: Check.optional(),
  verify: Check.optional(),
  diagnostics: z.strictObject({ ...Script, timeout: DurationText.optional() }).optional(),
  backout: Backout.optional(),
})
export const ProbeStep = z.strictObject({
  ...common,
  kind: z.literal('probe'),
  ...onHosts,
  probe: text,
  with: z.record(z.string(), Scalar).optional(),
  require: Require.optional(),
})
export const ManualStep = z.strictObject({
  ...common,
  kind: z.literal('manual'),
  on: Selector.optional(),
  instructions: text.optional(),
  evidence: z.enum(['required', 'optional']).optional(),
  backout: Backout.optional(),
})
export const GateStep = z.strictObject({
  ...common,
  kind: z.literal('gate'),
  approvals: z.record(Role, z.int().min(1).max(20)).optional(),
  instructions: text.optional(),
})
export const MilestoneStep = z.strictObject({ ...common, kind: z.literal('milestone') })

export const Step = z.discriminatedUnion('kind', [ScriptStep, ProbeStep, ManualStep, GateStep, MilestoneStep])
export type Step = z.infer<typeof Step>

export const Runbook = z.strictObject({
  holdpoint: z.literal('runbook/v1'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  title: text,
  owner: text,
  ticket: text.optional(),
  description: text.optional(),
  window: z.strictObject({ start: TimeText, end: TimeText, zone: text }).optional(),
  outage: z.strictObject({ start: TimeText, end: TimeText }).optional(),
  variables: z.record(VariableName, Variable).optional(),
  workstreams: z
    .record(WorkstreamId, z.strictObject({ owner: text, deputy: text.optional(), title: text.optional() }))
    .optional(),
  steps: z.array(Step).min(1),
})
export type Runbook = z.infer<typeof Runbook>
