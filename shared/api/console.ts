/** console.*: whose console this is, its first start, and what the frame shows on every screen. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { Refusal } from '../model/commands.ts'
import { RunResult } from '../model/events.ts'
import { Count, Fingerprint, HostName, Instant, Mode, RunId } from '../model/words.ts'
import { ArchiveStatus } from './archive.ts'
import { Done } from './done.ts'
import { RunSummary } from './runs.ts'

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

export const consoleProcedures = {
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
}
