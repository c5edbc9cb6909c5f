/**
 * What can be recorded about a run. `data` goes into the entry's header (fold reads only this; never free text, never a
 * variable's value); `text` goes into the payload, may be redacted, and is what people and hosts wrote.
 * Events are frozen once released: a new meaning is a new type.
 */
import { z } from 'zod'
import { Outcome } from './cell.ts'
import { PlanWindow, StepPlan, StepWords } from './plan.ts'
import {
  BlobRef,
  Count,
  Digest,
  EntryRef,
  FailureCode,
  Fingerprint,
  HostName,
  Instant,
  Milliseconds,
  Mode,
  Purpose,
  Role,
  RunId,
  StepId,
  Target,
  Verdict,
  WorkstreamId,
} from './words.ts'

export const Epoch = z.strictObject({ number: z.int().min(1), origin: z.string() })
export type Epoch = z.infer<typeof Epoch>

/** Who made it happen: a person's act, or a rule of the runbook. */
const By = z.enum(['person', 'policy'])
const CellId = z.strictObject({ step: StepId, target: Target })
export type CellId = z.infer<typeof CellId>
const attempt = { run: RunId, step: StepId, target: Target, purpose: Purpose, try: z.int().min(1) }

export const BackoutScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run') }),
  z.strictObject({ kind: z.literal('workstream'), workstream: WorkstreamId }),
  z.strictObject({ kind: z.literal('step'), step: StepId }),
  z.strictObject({ kind: z.literal('host'), host: HostName }),
])
export type BackoutScope = z.infer<typeof BackoutScope>

export const RunResult = z.enum(['done', 'failed', 'backed-out', 'abandoned'])
export type RunResult = z.infer<typeof RunResult>

/** A measured value as text: a number in its shortest form, a string, true, false or null. */
export const MeasuredValue = z.strictObject({
  name: z.string(),
  value: z.string().nullable(),
  unit: z.string().optional(),
})
export type MeasuredValue = z.infer<typeof MeasuredValue>

const why = z.strictObject({
  reason: z.string().optional(),
  occurredAt: z.string().optional(),
  doneBy: z.string().optional(),
})
const nothing = z.strictObject({})

/** type → [data, text]. The one list; everything else is inferred from it. */
export const RUN_EVENTS = {
  'run.planned': [
    z.strictObject({
      run: RunId,
      runbook: z.strictObject({ id: z.string(), version: Digest }),
      mode: Mode,
      practice: z.boolean(),
      window: PlanWindow.nullable(),
      outage: z.strictObject({ start: Instant, end: Instant }).nullable(),
      workstreams: z.array(WorkstreamId),
      steps: Count,
      epoch: Epoch,
    }),
    z.strictObject({
      title: z.string(),
      owner: z.string(),
      ticket: z.string().optional(),
      workstreams: z.record(z.string(), z.strictObject({ owner: z.string(), deputy: z.string().optional() })),
      variables: z.record(z.string(), z.string()),
      /** Paths as the runbook names them → digest of the blob; `runbook.yaml` and `hosts.yaml` among them. */
      files: z.record(z.string(), Digest),
      blobs: z.array(BlobRef),
    }),
  ],
  'targets.frozen': [z.strictObject({ run: RunId, set: z.string(), hosts: z.array(HostName) }), nothing],
  'step.planned': [z.strictObject({ run: RunId, step: StepPlan }), StepWords],
  /** shiftMs: what is added to each time of the plan, so that a rehearsal's window opens now. May be negative. */
  'run.started': [z.strictObject({ run: RunId, shiftMs: z.int() }), why],
  /** @property because of a restart, or because the command line was left: a look is all that such a hold asks for */
  'run.held': [z.strictObject({ run: RunId, by: By, because: z.enum(['restart', 'left']).optional() }), why],
  'run.resumed': [z.strictObject({ run: RunId }), why],
  'run.closed': [z.strictObject({ run: RunId, result: RunResult }), why],
  /** Only intent and epoch: it is durable before the first byte goes to the host. */
  'attempt.started': [z.strictObject({ ...attempt, epoch: Epoch }), nothing],
  'attempt.finished': [
    z.strictObject({ ...attempt, outcome: Outcome, verdict: Verdict.nullable(), durationMs: Milliseconds }),
    z.strictObject({ message: z.string().optional(), values: z.array(MeasuredValue).optional() }),
  ],
  /** One closed segment of output. raw*: offsets on the host; stored*: offsets here (masking changes lengths). */
  'output.bound': [
    z.strictObject({
      ...attempt,
      stream: z.enum(['stdout', 'stderr']),
      segment: Count,
      raw: z.strictObject({ from: Count, to: Count }),
      stored: z.strictObject({ from: Count, to: Count }),
    }),
    z.strictObject({ blobs: z.array(BlobRef) }),
  ],
  'cells.readied': [z.strictObject({ run: RunId, step: StepId, targets: z.array(Target) }), nothing],
  /** A cell came to an end, by the rules or by a person's word. `failure`: it never started. */
  'cell.ended': [
    z.strictObject({
      run: RunId,
      step: StepId,
      target: Target,
      state: z.enum(['passed', 'warned', 'failed', 'unknown']),
      failure: FailureCode.nullable(),
      by: By,
    }),
    z.strictObject({
      ...why.shape,
      message: z.string().optional(),
      evidence: z.string().optional(),
      blobs: z.array(BlobRef).optional(),
    }),
  ],
  'cell.retried': [
    z.strictObject({ run: RunId, step: StepId, target: Target, by: By, notBefore: Instant.nullable() }),
    why,
  ],
  /** Failed, and the run goes on as if it had passed. */
  'cell.accepted': [z.strictObject({ run: RunId, step: StepId, target: Target }), why],
  'cells.skipped': [z.strictObject({ run: RunId, cells: z.array(CellId), by: By }), why],
  'cells.cancelled': [
    z.strictObject({ run: RunId, cells: z.array(CellId), because: z.enum(['excluded', 'backout']) }),
    nothing,
  ],
  /** A person settles unknown cells, one or many: what they found. */
  'cells.settled': [
    z.strictObject({
      run: RunId,
      cells: z.array(CellId),
      as: z.enum(['passed', 'failed']),
      phase: z.enum(['forward', 'backout']),
    }),
    why,
  ],
  /** A person wants the step's verify to be run on unknown cells. A hold takes back what has not begun. */
  'verify.asked': [z.strictObject({ run: RunId, cells: z.array(CellId) }), why],
  /** The verify that was asked for found the work there: the cell is known again. Anything else it finds settles nothing. */
  'cell.verified': [
    z.strictObject({ run: RunId, step: StepId, target: Target, state: z.enum(['passed', 'warned']) }),
    nothing,
  ],
  'condition.evaluated': [z.strictObject({ run: RunId, step: StepId, result: z.boolean().nullable() }), nothing],
  'host.excluded': [z.strictObject({ run: RunId, host: HostName }), why],
  'noreturn.passed': [z.strictObject({ run: RunId, step: StepId }), nothing],
  'approval.given': [z.strictObject({ run: RunId, gate: StepId, role: Role, key: Fingerprint }), why],
  'approval.refused': [z.strictObject({ run: RunId, gate: StepId, role: Role, key: Fingerprint }), why],
  'approval.withdrawn': [z.strictObject({ run: RunId, gate: StepId, role: Role, key: Fingerprint }), why],
  'gate.decided': [
    z.strictObject({ run: RunId, gate: StepId, decision: z.enum(['go', 'conditional-go', 'no-go']) }),
    z.strictObject({ ...why.shape, condition: z.string().optional() }),
  ],
  /** `order` is the place in the backout, newest work first; equal numbers may run together. */
  'backout.planned': [
    z.strictObject({
      run: RunId,
      scope: BackoutScope,
      cells: z.array(z.strictObject({ ...CellId.shape, order: Count })),
      by: By,
    }),
    why,
  ],
  'backout.readied': [z.strictObject({ run: RunId, cells: z.array(CellId) }), nothing],
  'backout.ended': [
    z.strictObject({
      run: RunId,
      step: StepId,
      target: Target,
      state: z.enum(['passed', 'failed', 'unknown']),
      failure: FailureCode.nullable(),
      by: By,
    }),
    z.strictObject({ ...why.shape, message: z.string().optional() }),
  ],
  'backout.retried': [z.strictObject({ run: RunId, step: StepId, target: Target }), why],
  'backout.givenUp': [z.strictObject({ run: RunId, cells: z.array(CellId) }), why],
  'deviation.recorded': [z.strictObject({ run: RunId, subject: z.string() }), why],
  'note.recorded': [
    z.strictObject({ run: RunId, subject: z.string() }),
    z.strictObject({ ...why.shape, note: z.string() }),
  ],
  /** This console drives from here on; hosts refuse a lower epoch. */
  'driver.taken': [z.strictObject({ run: RunId, epoch: Epoch }), why],
} as const

export type RunEventType = keyof typeof RUN_EVENTS
export type RunEvent = {
  [T in RunEventType]: {
    readonly type: T
    readonly data: z.infer<(typeof RUN_EVENTS)[T][0]>
    readonly text: z.infer<(typeof RUN_EVENTS)[T][1]>
  }
}[RunEventType]
export type EventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>

export function isRunEventType(type: string): type is RunEventType {
  return Object.hasOwn(RUN_EVENTS, type)
}

/** Who signed the entry, where it is an act. */
export const ActSeen = z.strictObject({
  act: z.string(),
  subject: z.string(),
  role: z.string(),
  name: z.string(),
  key: Fingerprint,
})
export type ActSeen = z.infer<typeof ActSeen>

/** An event as it stands in a journal: what fold is given and what screens receive. `text` is null when redacted. */
export const Recorded = z.strictObject({
  ref: EntryRef,
  at: Instant,
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  text: z.record(z.string(), z.unknown()).nullable(),
  act: ActSeen.nullable(),
  cause: z.union([Count, z.string()]).nullable(),
})
export type Recorded = z.infer<typeof Recorded>

/** A recorded run event with its type known. */
export type RecordedRunEvent = {
  [T in RunEventType]: Omit<Recorded, 'type' | 'data' | 'text'> & {
    readonly type: T
    readonly data: EventOf<T>['data']
    readonly text: EventOf<T>['text'] | null
  }
}[RunEventType]

/**
 * Reads an entry as a run event: the door from bytes to the model.
 * @returns null for entries that are not about a run (genesis, receipts, nonces, unknown types)
 */
export function asRunEvent(entry: Recorded): RecordedRunEvent | null {
  if (!isRunEventType(entry.type)) return null
  const [data, text] = RUN_EVENTS[entry.type]
  const parsedData = data.safeParse(entry.data)
  if (!parsedData.success) return null
  const parsedText = entry.text === null ? null : text.safeParse(entry.text)
  return {
    ...entry,
    data: parsedData.data,
    text: parsedText?.success ? parsedText.data : null,
  } as RecordedRunEvent
}
