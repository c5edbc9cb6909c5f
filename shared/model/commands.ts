/**
 * What can be asked of a run. `PersonCommand`s are acts: signed by an operator's key, with a reason where one is needed.
 * `EngineCommand`s report facts and ask for what the rules make due; nobody signs them, an earlier act authorises them.
 */
import { z } from 'zod'
import { Outcome } from './cell.ts'
import { BackoutScope, Epoch, MeasuredValue, RunResult } from './events.ts'
import { Plan, PlanWords } from './plan.ts'
import {
  BlobRef,
  Count,
  Digest,
  FailureCode,
  Fingerprint,
  HostName,
  Instant,
  Milliseconds,
  Mode,
  Purpose,
  Role,
  StepId,
  Target,
  Verdict,
} from './words.ts'

const cell = { step: StepId, target: Target }
const Cells = z.array(z.strictObject(cell)).min(1).max(400)
const why = {
  reason: z.string().max(4000).optional(),
  occurredAt: Instant.optional(),
  doneBy: z.string().max(200).optional(),
}
const reasoned = { ...why, reason: z.string().trim().min(1, 'A reason is needed.').max(4000) }

export const PersonCommand = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('planRun'),
    version: Digest,
    mode: Mode,
    practice: z.boolean(),
    plan: Plan,
    words: PlanWords,
    variables: z.record(z.string(), z.string()),
    files: z.record(z.string(), Digest),
    blobs: z.array(BlobRef),
    epoch: Epoch,
  }),
  z.strictObject({ do: z.literal('startRun'), ...why }),
  z.strictObject({ do: z.literal('hold'), ...reasoned }),
  z.strictObject({ do: z.literal('resume'), ...why }),
  z.strictObject({ do: z.literal('close'), result: RunResult, ...why }),
  z.strictObject({ do: z.literal('skip'), cells: Cells, ...reasoned }),
  /** Go on although it failed. */
  z.strictObject({ do: z.literal('proceed'), ...cell, ...reasoned }),
  z.strictObject({ do: z.literal('retry'), cells: Cells, ...why }),
  z.strictObject({
    do: z.literal('settle'),
    cells: Cells,
    as: z.enum(['passed', 'failed']),
    phase: z.enum(['forward', 'backout']),
    ...reasoned,
  }),
  /** Run the step's verify on these: it only looks, and what it finds may settle them. */
  z.strictObject({ do: z.literal('verify'), cells: Cells, ...why }),
  z.strictObject({ do: z.literal('beginManual'), ...cell, ...why }),
  z.strictObject({
    do: z.literal('recordOutcome'),
    ...cell,
    outcome: z.enum(['passed', 'warned', 'failed']),
    /** forward: the step; backout: undoing it. */
    phase: z.enum(['forward', 'backout']),
    evidence: z.string().max(4000).optional(),
    blobs: z.array(BlobRef).optional(),
    ...why,
  }),
  z.strictObject({ do: z.literal('exclude'), host: HostName, ...reasoned }),
  z.strictObject({ do: z.literal('approve'), gate: StepId, role: Role, key: Fingerprint, ...why }),
  z.strictObject({ do: z.literal('refuse'), gate: StepId, role: Role, key: Fingerprint, ...reasoned }),
  z.strictObject({ do: z.literal('withdraw'), gate: StepId, role: Role, key: Fingerprint, ...why }),
  z.strictObject({
    do: z.literal('decideGate'),
    gate: StepId,
    decision: z.enum(['go', 'conditional-go', 'no-go']),
    condition: z.string().max(4000).optional(),
    ...why,
  }),
  z.strictObject({ do: z.literal('backOut'), scope: BackoutScope, ...reasoned }),
  z.strictObject({ do: z.literal('retryBackout'), ...cell, ...why }),
  z.strictObject({ do: z.literal('giveUpBackout'), cells: Cells, ...reasoned }),
  z.strictObject({ do: z.literal('deviate'), subject: z.string().min(1).max(200), ...reasoned }),
  z.strictObject({
    do: z.literal('note'),
    subject: z.string().min(1).max(200),
    note: z.string().trim().min(1).max(20_000),
    ...why,
  }),
  z.strictObject({ do: z.literal('takeOver'), epoch: Epoch, ...reasoned }),
])
export type PersonCommand = z.infer<typeof PersonCommand>

const attempt = { ...cell, purpose: Purpose }

export const EngineCommand = z.discriminatedUnion('do', [
  /** Record all that follows from the rules by now: what became ready, milestones, waves, backouts. */
  z.strictObject({ do: z.literal('advance') }),
  /** The intent. Refused when anything changed since it was due. */
  z.strictObject({ do: z.literal('beginAttempt'), ...attempt, epoch: Epoch }),
  z.strictObject({
    do: z.literal('finishAttempt'),
    ...attempt,
    try: z.int().min(1),
    outcome: Outcome,
    verdict: Verdict.nullable(),
    durationMs: Milliseconds,
    message: z.string().optional(),
    values: z.array(MeasuredValue).optional(),
  }),
  /** What was due could not begin (no connection, a secret is missing): nothing ran. */
  z.strictObject({ do: z.literal('cannotBegin'), ...attempt, failure: FailureCode, message: z.string() }),
  z.strictObject({
    do: z.literal('bindOutput'),
    ...attempt,
    try: z.int().min(1),
    stream: z.enum(['stdout', 'stderr']),
    segment: Count,
    raw: z.strictObject({ from: Count, to: Count }),
    stored: z.strictObject({ from: Count, to: Count }),
    blob: BlobRef,
  }),
  /** The console was not there for a while: nothing more starts until a person has looked. */
  z.strictObject({ do: z.literal('interrupt'), because: z.enum(['restart', 'left']), message: z.string() }),
  z.strictObject({ do: z.literal('evaluateCondition'), step: StepId, result: z.boolean().nullable() }),
])
export type EngineCommand = z.infer<typeof EngineCommand>

export type Command = PersonCommand | EngineCommand

/** Why a command was not carried out. Branch on the code; the message is for the person. */
export const Refusal = z.strictObject({ refused: z.literal(true), code: z.string(), message: z.string() })
export type Refusal = z.infer<typeof Refusal>

export function refusal(code: string, message: string): Refusal {
  return { refused: true, code, message }
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value && value.refused === true
}

const ACTS: Record<Exclude<PersonCommand['do'], 'decideGate'>, string> = {
  planRun: 'plan',
  startRun: 'start',
  hold: 'hold',
  resume: 'resume',
  close: 'close',
  skip: 'skip',
  proceed: 'proceed',
  retry: 'retry',
  settle: 'settle',
  verify: 'verify',
  beginManual: 'start',
  recordOutcome: 'record',
  exclude: 'exclude',
  approve: 'approve',
  refuse: 'refuse',
  withdraw: 'withdraw',
  backOut: 'back-out',
  retryBackout: 'retry',
  giveUpBackout: 'give-up',
  deviate: 'deviate',
  note: 'note',
  takeOver: 'take-over',
}

/** The word of the signed act for a command, from the list in FORMAT.md. */
export function actOf(command: PersonCommand): string {
  return command.do === 'decideGate' ? command.decision : ACTS[command.do]
}
