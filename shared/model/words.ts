/** The small words every other model is made of: ids, instants, digests, verdicts. A type is inferred from its schema. */
import { z } from 'zod'

/** Lower-case, starts with a letter: it is part of attempt names and of paths on hosts. */
export const StepId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)
export type StepId = z.infer<typeof StepId>

export const WorkstreamId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)
export type WorkstreamId = z.infer<typeof WorkstreamId>

export const HostName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/)
export type HostName = z.infer<typeof HostName>

/** Where a cell acts: a host, or `-` for a step that acts on none (a person, a gate, a milestone). */
export const Target = z.union([HostName, z.literal('-')])
export type Target = z.infer<typeof Target>
export const NO_HOST = '-'

export const RunId = z.string().regex(/^[a-z0-9][a-z0-9-]{3,62}$/)
export type RunId = z.infer<typeof RunId>

export const Role = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)
export type Role = z.infer<typeof Role>

/** SHA-256, 64 hex digits. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/)
export type Digest = z.infer<typeof Digest>

/** RFC 3339, UTC, milliseconds: `2026-12-05T21:00:00.000Z`. */
export const Instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
export type Instant = z.infer<typeof Instant>

/** Whole milliseconds, never negative. */
export const Milliseconds = z.int().min(0)
export const Count = z.int().min(0)

/** An operator's key, as `ssh-keygen -l` shows it. */
export const Fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/)
export type Fingerprint = z.infer<typeof Fingerprint>

/** `holdpoint/<uuid>/<incarnation>`: one console installation's journal. */
export const Origin = z.string().regex(/^holdpoint\/[0-9a-f-]{36}\/[0-9a-f]{8}$/)
export type Origin = z.infer<typeof Origin>

export const Mode = z.enum(['walkthrough', 'rehearsal', 'live'])
export type Mode = z.infer<typeof Mode>

export const Kind = z.enum(['manual', 'script', 'probe', 'gate', 'milestone'])
export type Kind = z.infer<typeof Kind>

export const Verdict = z.enum(['pass', 'warn', 'fail', 'unknown'])
export type Verdict = z.infer<typeof Verdict>

export const Purpose = z.enum(['main', 'check', 'verify', 'backout', 'backout-check', 'diagnostics'])
export type Purpose = z.infer<typeof Purpose>

/** Why something on the way to a host did not work. Never two reasons under one name. */
export const FailureCode = z.enum([
  'unreachable',
  'refused',
  'timed-out',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'authentication-refused',
  'no-common-algorithm',
  'channel-refused',
  'upload-failed',
  'no-shell',
  'link-lost',
  /** This attempt was started before: it is never started again. */
  'already-started',
  /** Its end was asked for and could not be shown: something of it may still run. */
  'still-running',
  /** A person or the console stopped it before it began. */
  'cancelled',
  'console-restarted',
  'secret-missing',
  'condition-unknown',
  'probe-unreadable',
])
export type FailureCode = z.infer<typeof FailureCode>

/** A place in a journal. */
export const EntryRef = z.strictObject({ origin: z.string(), seq: Count })
export type EntryRef = z.infer<typeof EntryRef>

/** Bytes kept beside the journal, bound by digest and by the RFC 6962 root over chunks of 65,536 bytes. */
export const BlobRef = z.strictObject({
  name: z.string(),
  sha256: Digest,
  size: Count,
  chunk: z.literal(65536),
  tree: Digest,
})
export type BlobRef = z.infer<typeof BlobRef>

/** `deploy on app2`; where it acts on no host, `deploy`. @param step its id or its title */
export function cellName(step: string, target: Target): string {
  return target === NO_HOST ? step : `${step} on ${target}`
}

export function assertNever(value: never): never {
  throw new Error(`not a known case: ${JSON.stringify(value)}`)
}
