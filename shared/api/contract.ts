/** The typed contract between screens and console: every procedure and stream, with schemas. Nothing else crosses. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { PersonCommand, Refusal } from '../model/commands.ts'
import { Recorded, RunResult } from '../model/events.ts'
import { AgreedOnStep, PlanWindow } from '../model/plan.ts'
import { Fault } from '../text/fault.ts'
import { Count, Fingerprint, HostName, Instant, Mode, Purpose, Role, RunId, StepId, Target } from '../model/words.ts'

const Done = z.strictObject({ done: z.literal(true) })

export const Operator = z.strictObject({
  name: z.string(),
  key: Fingerprint,
  source: z.enum(['file', 'agent']),
  isUnlocked: z.boolean(),
})
export type Operator = z.infer<typeof Operator>

export const ConsoleInfo = z.strictObject({
  version: z.string(),
  /** True until a name and a key are given: the only question of the first start. */
  needsSetup: z.boolean(),
  isPractice: z.boolean(),
  /** Non-null when the console may read but not append, with what happened and what to do. */
  refusal: Refusal.nullable(),
  origin: z.string().nullable(),
  operator: Operator.nullable(),
  dataDir: z.string(),
  suggestedName: z.string(),
})
export type ConsoleInfo = z.infer<typeof ConsoleInfo>

/** A log that was kept aside when a new one was begun, and how its runs stood where it ends. */
export const EarlierLog = z.strictObject({
  /** Its file in the data folder. */
  file: z.string(),
  /** Why it cannot be read. */
  problem: z.string().nullable(),
  runs: z.array(
    z.strictObject({
      run: RunId,
      title: z.string(),
      mode: Mode,
      isPractice: z.boolean(),
      phase: z.enum(['planned', 'running', 'closed']),
      result: RunResult.nullable(),
    }),
  ),
})
export type EarlierLog = z.infer<typeof EarlierLog>

export const CandidateKey = z.strictObject({
  source: z.enum(['file', 'agent']),
  /** Path of the private key file; empty for an agent's key. */
  path: z.string(),
  key: Fingerprint,
  type: z.string(),
  comment: z.string(),
  needsPassphrase: z.boolean(),
})
export type CandidateKey = z.infer<typeof CandidateKey>

export const KeyChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('new'), passphrase: z.string().optional() }),
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1), passphrase: z.string().optional() }),
  z.strictObject({ kind: z.literal('agent'), key: Fingerprint }),
])
export type KeyChoice = z.infer<typeof KeyChoice>

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

export const ArchiveStatus = z.strictObject({
  /** null: none is set. */
  path: z.string().nullable(),
  state: z.enum(['none', 'idle', 'sending', 'failed']),
  /** What the last receipt proves the archive holds. */
  receipt: z.strictObject({ size: Count, root: z.string(), at: Instant }).nullable(),
  behind: Count,
  message: z.string().nullable(),
})
export type ArchiveStatus = z.infer<typeof ArchiveStatus>

/** What the frame shows on every screen. */
export const Status = z.strictObject({
  log: z.strictObject({ size: Count, root: z.string(), sealedAt: Instant.nullable() }),
  archive: ArchiveStatus,
  hosts: z.strictObject({ connected: Count, total: Count, lost: z.array(HostName) }),
  runs: z.array(RunSummary),
  /** What a connection asks a person: passphrases, passwords, one-time codes. Answered with console.answer. */
  asked: z.array(z.strictObject({ id: z.string(), about: z.string(), text: z.string(), isSecret: z.boolean() })),
})
export type Status = z.infer<typeof Status>

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

export const Problem = z.strictObject({ code: z.string(), seq: Count.nullable(), message: z.string() })
export const VerifyAnswer = z.strictObject({
  ok: z.boolean(),
  trust: z.enum(['pinned', 'self-asserted']),
  origins: z.array(
    z.strictObject({
      origin: z.string(),
      size: Count,
      root: z.string().nullable(),
      /** Of a log in the data folder: whether there was a high-water mark to compare it with. */
      mark: z.enum(['checked', 'missing', 'unreadable']).optional(),
      problems: z.array(Problem),
    }),
  ),
})
export type VerifyAnswer = z.infer<typeof VerifyAnswer>

const Progress = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), done: Count, total: Count, what: z.string() }),
  z.strictObject({
    kind: z.literal('verified'),
    answer: VerifyAnswer,
    tookMs: Count,
    /** Where the high-water marks lie that were compared. */
    marksFolder: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('synced'),
    size: Count,
    root: z.string(),
    /** Earlier logs of this console that could not be brought, by the names of their files, and why. */
    left: z.array(z.strictObject({ file: z.string(), code: z.string(), message: z.string() })),
  }),
  z.strictObject({ kind: z.literal('refused'), refusal: Refusal }),
])
export type Progress = z.infer<typeof Progress>

export const EntryProof = z.strictObject({
  seq: Count,
  hash: z.string(),
  previousHash: z.string(),
  header: z.string(),
  /** null when redacted. */
  payload: z.string().nullable(),
  signature: z
    .strictObject({
      isGood: z.boolean(),
      name: z.string(),
      key: z.string(),
      text: z.string(),
      armoured: z.string(),
      command: z.string(),
    })
    .nullable(),
  chainIsGood: z.boolean(),
  /** By how much the clock was set since the entry before it, ms; negative: back. null: it was not, or the console was started in between. */
  clockStepMs: z.int().nullable(),
})
export type EntryProof = z.infer<typeof EntryProof>

export const contract = oc.router({
  console: {
    info: oc.output(ConsoleInfo),
    candidateKeys: oc.output(z.array(CandidateKey)),
    setup: oc
      .input(z.strictObject({ name: z.string().trim().min(1).max(120), key: KeyChoice }))
      .output(z.union([ConsoleInfo, Refusal])),
    unlock: oc.input(z.strictObject({ passphrase: z.string() })).output(z.union([ConsoleInfo, Refusal])),
    /** Begins a new incarnation after the log was found cut, edited or restored; the old one is kept. */
    beginAgain: oc.output(z.union([ConsoleInfo, Refusal])),
    /** Logs that were kept aside when a new one was begun. */
    earlier: oc.output(z.array(EarlierLog)),
    watch: oc.output(eventIterator(Status)),
    /** Answers what a connection asked; null: it goes on without. The answer is kept nowhere. */
    answer: oc.input(z.strictObject({ id: z.string(), text: z.string().nullable() })).output(Done),
  },
  runbooks: {
    list: oc.output(z.array(RunbookSummary)),
    open: oc.input(z.strictObject({ id: z.string() })).output(z.union([OpenRunbook, Refusal])),
    /** Opens a file of this machine by path, and remembers it. */
    add: oc.input(z.strictObject({ path: z.string().min(1) })).output(z.union([OpenRunbook, Refusal])),
    /** Checks a text that is not saved yet, with the files beside `id`. */
    check: oc.input(z.strictObject({ id: z.string(), text: z.string() })).output(OpenRunbook),
  },
  runs: {
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
  },
  log: {
    /** Newest first, before `before` (exclusive); null: from the end. `find` matches type, step, host, person, text. */
    page: oc
      .input(
        z.strictObject({
          before: Count.nullable(),
          limit: z.int().min(1).max(500),
          show: z.enum(['all', 'acts', 'decisions', 'outcomes']),
          find: z.string(),
        }),
      )
      .output(z.strictObject({ entries: z.array(Recorded), next: Count.nullable() })),
    entry: oc.input(z.strictObject({ seq: Count })).output(z.union([EntryProof, Refusal])),
    verify: oc.output(eventIterator(Progress)),
  },
  archive: {
    status: oc.output(ArchiveStatus),
    set: oc.input(z.strictObject({ path: z.string().min(1) })).output(z.union([ArchiveStatus, Refusal])),
    sync: oc.output(eventIterator(Progress)),
    verify: oc.output(eventIterator(Progress)),
  },
})
