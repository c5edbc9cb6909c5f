/** runs.*: planning a run, watching it, acting in it. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { PersonCommand, Refusal } from '../model/commands.ts'
import { Recorded, RunResult } from '../model/events.ts'
import { PlanWindow } from '../model/plan.ts'
import { Count, Fingerprint, HostName, Instant, Mode, Purpose, Role, RunId, StepId, Target } from '../model/words.ts'
import { Done } from './done.ts'

export const RunSummary = z.strictObject({
  run: RunId,
  title: z.string(),
  runbook: z.string(),
  version: z.string(),
  mode: Mode,
  isPractice: z.boolean(),
  phase: z.enum(['planned', 'running', 'held', 'backing-out', 'closed']),
  result: RunResult.nullable(),
  /** As it applies to this run: shifted in walkthrough, rehearsal and on practice hosts. */
  window: PlanWindow.nullable(),
  counts: z.record(z.string(), Count),
  /** Attempts on hosts whose end is not recorded: in doubt if the console ended now. */
  openOnHosts: Count,
  questions: z.array(
    z.strictObject({ kind: z.string(), step: StepId, target: Target, title: z.string(), since: Instant }),
  ),
  lead: z.string(),
  plannedAt: Instant,
  startedAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  expectedFinish: Instant.nullable(),
})
export type RunSummary = z.infer<typeof RunSummary>

/** A stream about one run. Events are folded by the screen; live output is shown before it is bound. */
export const RunFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('events'), events: z.array(Recorded) }),
  /** The screen has all there was when it asked. */
  z.strictObject({ kind: z.literal('current') }),
  z.strictObject({
    kind: z.literal('live'),
    step: StepId,
    target: Target,
    purpose: Purpose,
    try: z.int(),
    stream: z.enum(['stdout', 'stderr']),
    from: Count,
    base64: z.string(),
  }),
  /** The queue ran over: ask again from the last seq that was folded; fetch output by range. */
  z.strictObject({ kind: z.literal('resync') }),
  /** What the console needs from a person and does not keep: values of secrets. */
  z.strictObject({ kind: z.literal('needs'), secrets: z.array(z.string()) }),
  /** A host key that waits for a yes or no. */
  z.strictObject({
    kind: z.literal('host-keys'),
    waiting: z.array(
      z.strictObject({
        host: HostName,
        isChanged: z.boolean(),
        /** Marked as revoked, at the places that `known` names: it is not accepted, the mark is taken out there. */
        isRevoked: z.boolean(),
        offered: z.strictObject({ type: z.string(), fingerprint: z.string() }),
        known: z.array(z.strictObject({ type: z.string(), fingerprint: z.string(), source: z.string() })),
      }),
    ),
  }),
])
export type RunFrame = z.infer<typeof RunFrame>

export const runsProcedures = {
  plan: oc
    .input(
      z.strictObject({
        runbook: z.string(),
        mode: Mode,
        variables: z.record(z.string(), z.string()),
        secrets: z.record(z.string(), z.string()),
      }),
    )
    .output(z.union([z.strictObject({ run: RunId }), Refusal])),
  /** From `from` (a seq) on: history first, then as it happens. Bounded; see `resync`. */
  watch: oc.input(z.strictObject({ run: RunId, from: Count })).output(eventIterator(RunFrame)),
  events: oc
    .input(z.strictObject({ run: RunId, from: Count, limit: z.int().min(1).max(5000) }))
    .output(z.array(Recorded)),
  /** Signed with the operator's key. */
  act: oc.input(z.strictObject({ run: RunId, command: PersonCommand })).output(z.union([Done, Refusal])),
  /** Who can approve at this console: the operator, practice approvers, key files. */
  approvers: oc
    .input(z.strictObject({ run: RunId, gate: StepId }))
    .output(
      z.array(
        z.strictObject({ role: Role, name: z.string(), key: Fingerprint, source: z.enum(['operator', 'practice']) }),
      ),
    ),
  /** Approve or refuse with the approver's own key: the operator's, a practice approver's, or a key file. */
  approve: oc
    .input(
      z.strictObject({
        run: RunId,
        gate: StepId,
        role: Role,
        answer: z.enum(['approve', 'refuse', 'withdraw']),
        reason: z.string().optional(),
        key: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('operator') }),
          z.strictObject({ kind: z.literal('practice') }),
          z.strictObject({
            kind: z.literal('file'),
            name: z.string().min(1),
            path: z.string().min(1),
            passphrase: z.string().optional(),
          }),
        ]),
      }),
    )
    .output(z.union([Done, Refusal])),
  secrets: oc.input(z.strictObject({ run: RunId, values: z.record(z.string(), z.string()) })).output(Done),
  hostKey: oc
    .input(z.strictObject({ run: RunId, host: HostName, fingerprint: z.string(), accept: z.boolean() }))
    .output(z.union([Done, Refusal])),
  output: oc
    .input(
      z.strictObject({
        run: RunId,
        step: StepId,
        target: Target,
        purpose: Purpose,
        try: z.int().min(1),
        stream: z.enum(['stdout', 'stderr']),
        from: Count,
        limit: z.int().min(1).max(1_048_576),
      }),
    )
    .output(z.strictObject({ from: Count, base64: z.string(), total: Count })),
  report: oc
    .input(z.strictObject({ run: RunId, format: z.enum(['md', 'json']) }))
    .output(z.union([z.strictObject({ text: z.string() }), Refusal])),
}
