/**
 * The plan: a runbook made concrete for one run. Durations are milliseconds, times are UTC, targets are frozen sets.
 * This is what is journaled in `data`: structure only. Titles and instructions go into the payload (`StepWords`).
 */
import { z } from 'zod'
import { Count, HostName, Instant, Kind, Milliseconds, Role, StepId, WorkstreamId } from './words.ts'

export const OnFailure = z.enum(['ask', 'hold', 'continue', 'backout'])
export type OnFailure = z.infer<typeof OnFailure>

export const StepPlan = z.strictObject({
  id: StepId,
  kind: Kind,
  workstream: WorkstreamId,
  needs: z.array(StepId),
  /** Name of a frozen target set; null: the step acts on no host and has one cell. */
  targets: z.string().nullable(),
  /** Cumulative counts over the frozen targets, ending with all of them; empty: all at once. */
  waves: z.array(z.int().min(1)),
  expectedMs: Milliseconds,
  timeoutMs: Milliseconds.nullable(),
  silentMs: Milliseconds.nullable(),
  retry: z.strictObject({ times: Count, afterMs: Milliseconds }),
  onFailure: OnFailure,
  /** Exit codes that mean success. */
  successExit: z.array(z.int().min(0).max(255)),
  hasCheck: z.boolean(),
  hasVerify: z.boolean(),
  hasDiagnostics: z.boolean(),
  hasCondition: z.boolean(),
  /** null: this step is not undone (a probe, a gate, or said so in the runbook). */
  backout: z
    .strictObject({ expectedMs: Milliseconds, by: z.enum(['script', 'person']), hasCheck: z.boolean() })
    .nullable(),
  approvals: z.record(Role, z.int().min(1)),
  evidenceRequired: z.boolean(),
  pointOfNoReturn: z.boolean(),
  notBefore: Instant.nullable(),
  latestStart: Instant.nullable(),
  timeboxMs: Milliseconds.nullable(),
})
export type StepPlan = z.infer<typeof StepPlan>

/** What people wrote about a step. */
export const StepWords = z.strictObject({
  title: z.string(),
  owner: z.string().optional(),
  deputy: z.string().optional(),
  instructions: z.string().optional(),
  backoutInstructions: z.string().optional(),
  contingency: z.string().optional(),
  waitsFor: z
    .strictObject({ who: z.string(), ticket: z.string().optional(), promisedAt: z.string().optional() })
    .optional(),
  command: z.string().optional(),
})
export type StepWords = z.infer<typeof StepWords>

/** What was agreed about a step beforehand, and only people act on. */
export const AgreedOnStep = z.strictObject({
  deputy: z.string().nullable(),
  /** Who, their ticket, and when they promised it. */
  waitsFor: z.string().nullable(),
  timeboxMs: Milliseconds.nullable(),
  silentMs: Milliseconds.nullable(),
  hasVerify: z.boolean(),
  contingency: z.string().nullable(),
})
export type AgreedOnStep = z.infer<typeof AgreedOnStep>

export const PlanWindow = z.strictObject({ start: Instant, end: Instant, zone: z.string() })
export type PlanWindow = z.infer<typeof PlanWindow>

export const TargetSet = z.strictObject({ name: z.string(), hosts: z.array(HostName) })
export type TargetSet = z.infer<typeof TargetSet>

/** A compiled runbook: all that `decide` needs to know before the first event. */
export const Plan = z.strictObject({
  runbook: z.string(),
  window: PlanWindow.nullable(),
  outage: z.strictObject({ start: Instant, end: Instant }).nullable(),
  workstreams: z.array(WorkstreamId),
  sets: z.array(TargetSet),
  steps: z.array(StepPlan),
})
export type Plan = z.infer<typeof Plan>

/** The words that go with a plan. */
export const PlanWords = z.strictObject({
  title: z.string(),
  owner: z.string(),
  ticket: z.string().optional(),
  workstreams: z.record(WorkstreamId, z.strictObject({ owner: z.string(), deputy: z.string().optional() })),
  steps: z.record(StepId, StepWords),
})
export type PlanWords = z.infer<typeof PlanWords>
