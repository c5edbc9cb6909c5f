/** What a verifier is given and what it answers. FORMAT.md section 11. */
import type { VerifyEd25519 } from './note.ts'
import type { SigHashes, VerifySsh } from './sshsig.ts'
import type { Mark, Pin } from './trust.ts'

/** @property payload null = redacted @property leaf the stored leaf hash, where there is one */
export type SourceEntry = {
  readonly seq: number
  readonly header: Uint8Array
  readonly payload: Uint8Array | null
  readonly leaf?: Uint8Array
}

/** A place where a journal is kept. Every read is a fresh one. */
export type JournalSource = {
  readonly origin: string
  /** As stored beside the journal; never trusted by itself. */
  readonly vkey: string | null
  /** The latest signed note. */
  readonly checkpoint: string | null
  /** How many entries there are, where all of them must be covered (a data folder); null: what exceeds the checkpoint is ignored (an archive). */
  readonly size: number | null
  /** In order; absent ones are left out. */
  entries(from: number): AsyncIterable<SourceEntry>
  /** Faults that only the reader of the files can see, e.g. bytes after the last entry of a bundle. Asked after `entries`. */
  faults?(): readonly Problem[]
  /** Older checkpoints, rising by size (a data folder). */
  checkpoints?(): AsyncIterable<{ readonly size: number; readonly root: Uint8Array; readonly note: string }>
  /** A stored tile; null when there is none (an archive). */
  tile?(level: number, index: number, width: number): Promise<Uint8Array | null>
  /** Uncompressed bytes in pieces; null when there is no such blob. */
  blob?(sha256: string): Promise<AsyncIterable<Uint8Array> | null>
  /** The lines of journal.jsonl without their newlines (an archive). */
  lines?(): AsyncIterable<Uint8Array>
  /** Whether fork/ holds anything (an archive). */
  hasFork?(): Promise<boolean>
}

export type Problem = { readonly code: string; readonly seq: number | null; readonly message: string }

export type Report = (code: string, seq: number | null, message: string) => void

/** SHA-256 of bytes that come in pieces. */
export type StreamDigest = { update(bytes: Uint8Array): unknown; digest(): Uint8Array }

export type JournalCrypto = SigHashes & {
  readonly verifyEd25519: VerifyEd25519
  readonly verifySsh: VerifySsh
  /** For blobs; @noble/hashes where absent. */
  readonly sha256Stream?: () => StreamDigest
}

export type VerifyOptions = {
  /** Pinned from outside; absent: self-asserted. */
  readonly trust?: readonly Pin[]
  readonly marks?: readonly Mark[]
  /** Origins that must be there, beside those that are pinned or marked. */
  readonly expected?: readonly string[]
  /** Told every thousand entries. */
  readonly onProgress?: (progress: VerifyProgress) => void
}

/** @property size how many entries there are; null: not known before all are read (an archive) */
export type VerifyProgress = { readonly origin: string; readonly entries: number; readonly size: number | null }

export type OriginVerdict = {
  readonly origin: string
  readonly size: number
  /** hex; null when entries are missing */
  readonly root: string | null
  /** Of a journal in a data folder: whether there was a high-water mark to compare it with. */
  readonly mark?: 'checked' | 'missing' | 'unreadable'
  readonly problems: readonly Problem[]
}

export type Verification = {
  readonly ok: boolean
  readonly trust: 'pinned' | 'self-asserted'
  readonly origins: readonly OriginVerdict[]
}
