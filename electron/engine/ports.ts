/**
 * What the engine asks of the world. Adapters (store, ssh, keys, blobs, archive, practice) implement these; none of them
 * knows another. Each comment states what is durable when a promise resolves.
 */
import type { Outcome } from '../../shared/model/cell.ts'
import type { Recorded } from '../../shared/model/events.ts'
import type { Host } from '../../shared/model/inventory.ts'
import type { Refusal } from '../../shared/model/commands.ts'
import type { BlobRef, FailureCode, Fingerprint } from '../../shared/model/words.ts'
import type { ActLine } from '../../shared/journal/act.ts'

// ── journal ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Head = { readonly size: number; readonly root: string }

/** A signed act: the JCS line, its armoured SSHSIG, and the two documents whose digests the line carries. */
export type SignedAct = {
  readonly line: ActLine
  readonly signature: string
  readonly content: Readonly<Record<string, unknown>>
  readonly reason: Readonly<Record<string, unknown>> | null
}

/** An entry to be. The writer adds seq, prev, at, mono, boot, salt and seals. */
export type Draft = {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** The payload without its salt. `blobs` at its top level lists every blob the entry binds. */
  readonly text: Readonly<Record<string, unknown>>
  readonly act?: SignedAct
  /** seq of the authorising act in this journal; `first`: the first draft of the same append. */
  readonly cause?: number | string
}

export type JournalReader = {
  readonly origin: string
  head(): Head
  /** Entries in order of seq, `from` inclusive. A run's entries only, where `run` is given. */
  read(query: { from: number; to?: number; run?: string; limit?: number }): readonly Recorded[]
  /** The raw header and payload, as hashed. */
  raw(seq: number): { header: Uint8Array; payload: Uint8Array | null } | null
  /** The newest signed checkpoint note. */
  checkpoint(): string | null
  /** Ids of runs, oldest first. */
  runs(): readonly string[]
}

export type Journal = JournalReader & {
  /**
   * Appends all drafts in one transaction with its checkpoint; what one tick appends shares a commit.
   * When it resolves, all of it is on disk. When it rejects, none of it is.
   */
  append(drafts: readonly Draft[]): Promise<readonly Recorded[]>
  /** An issued, unused nonce; its `nonce.issued` entry is durable. */
  nonce(): Promise<string>
  /** Called after commit, in order of seq. */
  subscribe(listener: (entries: readonly Recorded[]) => void): () => void
  /** Writes the high-water mark now: at acts, before a publish, each second of an active run. */
  mark(): void
  close(): Promise<void>
}

// ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** An operator's key that can sign now: a file whose passphrase is known, or one an agent holds. */
export type Signer = {
  readonly name: string
  readonly fingerprint: Fingerprint
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string
  /** SSHSIG over `message` in `namespace`, armoured. Rejects with a KeyError when the agent or the file refuses. */
  sign(message: Uint8Array, namespace: string): Promise<string>
}

// ── blobs and output ─────────────────────────────────────────────────────────────────────────────────────────────────

export type BlobStore = {
  /** Durable when it resolves. The same bytes twice are stored once. */
  put(name: string, bytes: Uint8Array): Promise<BlobRef>
  has(sha256: string): boolean
  /** Uncompressed bytes of a range; null when the blob is not here. */
  read(sha256: string, range?: { from: number; to: number }): Promise<Uint8Array | null>
  /** Uncompressed bytes, in pieces of bounded size. */
  stream(sha256: string): AsyncIterable<Uint8Array> | null
}

export type StreamName = 'stdout' | 'stderr'

/** A closed, durable segment of output. */
export type Segment = {
  readonly stream: StreamName
  readonly segment: number
  readonly raw: { readonly from: number; readonly to: number }
  readonly stored: { readonly from: number; readonly to: number }
  readonly blob: BlobRef
}

/**
 * Takes output as it arrives, masks secrets (also where one straddles two reads), cuts bounded segments (1 MiB or 5 s),
 * stores each, and tells of it.
 */
export type OutputWriter = {
  /** Resolves when more may be sent: its pace is the disk's. */
  write(stream: StreamName, bytes: Uint8Array): Promise<void>
  /** Flushes what is held back and closes the last segments. */
  close(): Promise<void>
}

export type OutputStore = {
  open(options: {
    attempt: string
    secrets: readonly string[]
    onSegment(segment: Segment): Promise<void>
    /** Masked bytes as they are written, for screens: may be shown before they are bound. */
    onLive?(stream: StreamName, storedFrom: number, bytes: Uint8Array): void
  }): OutputWriter
  /** Bytes written but not yet bound, by attempt and stream: what a screen shows beyond the last segment. */
  tail(attempt: string, stream: StreamName): { from: number; bytes: Uint8Array } | null
}

// ── hosts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What went wrong on the way to a host; `message` is for the person and says what to do. */
export type ReachFailure = {
  readonly failed: true
  readonly code: FailureCode
  readonly message: string
  /** For host keys: what was offered and what is known. */
  readonly hostKey?: { readonly offered: HostKey; readonly known: readonly HostKey[] }
}
export type HostKey = {
  readonly type: string
  readonly fingerprint: string
  readonly publicKey: string
  readonly source?: string
}

export type AttemptRequest = {
  /** `<run>/<step>/<target>/<purpose>-<try>`: deterministic, the folder's name on the host. */
  readonly name: string
  readonly script: Uint8Array
  /** SHA-256 of `script`, checked on the host before it runs. */
  readonly sha256: string
  readonly variables: Readonly<Record<string, string>>
  /** On stdin of the exec, into the environment of the script's own process tree, nowhere else. */
  readonly secrets: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
}

export type AttemptEnd = { readonly outcome: Outcome; readonly durationMs: number; readonly message?: string }

/** An open way to one host. Stays open for the run; several attempts may use it at once. */
export type Session = AsyncDisposable & {
  readonly host: Host
  /** Resolves once, when the link is gone. */
  readonly lost: Promise<ReachFailure>
  readonly isOpen: () => boolean
  /**
   * Starts the attempt and follows it to its end. Never rejects for what happens on the host or on the way: that is the
   * outcome (`lost` when the effect is not known, `not-started` when certainly nothing ran).
   * `output` is awaited: a slow disk slows the host, it never fills memory.
   */
  run(
    request: AttemptRequest,
    output: (stream: StreamName, bytes: Uint8Array) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<AttemptEnd>
}

/** Answers what a connection may have to ask. null: there is nobody to ask. */
export type Credentials = {
  passphrase(identity: string): Promise<string | null>
  password(host: Host): Promise<string | null>
  prompt(host: Host, prompts: readonly { text: string; echo: boolean }[]): Promise<readonly string[] | null>
}

export type Transport = {
  /** Connects, checks the host key, authenticates. At most `fanout` of these at once; more wait their turn. */
  open(host: Host, signal?: AbortSignal): Promise<Session | ReachFailure>
  /** Accepts a key that was offered: written to Holdpoint's own known_hosts, durable when it resolves. */
  acceptHostKey(host: Host, key: HostKey): Promise<void>
}

// ── archive ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A place for files that are written once. An object store, an SFTP account and a folder all fit.
 * Paths are relative, with `/`. A write is atomic and durable when it resolves.
 */
export type Archive = {
  readonly name: string
  read(path: string): Promise<Uint8Array | null>
  /** In pieces of bounded size; null where there is no such file. */
  stream(path: string): Promise<AsyncIterable<Uint8Array> | null>
  size(path: string): Promise<number | null>
  write(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>
  list(folder: string): Promise<readonly string[]>
  /** The same place through a new connection, so that reading back proves what was stored. */
  reopen(): Promise<Archive>
  close(): Promise<void>
}

// ── runbooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A runbook as it lies on a disk, with what it refers to. Nothing in it is trusted because it is there. */
export type RunbookFolder = {
  readonly path: string
  readonly text: string
  /** `hosts.yaml` beside it, or the inventory that was named; null: none. */
  readonly hostsText: string | null
  /** Hosts of `~/.ssh/config`: all of them where there is no inventory, else what fills in what it leaves open. */
  readonly sshHosts: readonly Host[]
  /** Files that the runbook names and that are there: by the path as the runbook names them. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Texts of the probes that it names: by id for built-in ones, by path for files beside it. */
  readonly probes: ReadonlyMap<string, string>
}

export type Library = {
  /** @returns or a refusal: `unreadable`, with the file and the reason */
  load(path: string, hostsPath?: string | null): Promise<RunbookFolder | Refusal>
  /** Paths of the shipped samples' runbooks. */
  samples(): Promise<readonly { readonly name: string; readonly path: string }[]>
}

// ── the station: what a console is before and after its first start ──────────────────────────────────────────────────

/** What this console keeps beside its journal: no evidence, and nothing secret. */
export type Settings = {
  readonly operator: {
    readonly name: string
    readonly source: 'file' | 'agent'
    readonly path: string
    readonly key: Fingerprint
  } | null
  readonly archive: string | null
  /** Paths of runbooks that were opened here, newest first. */
  readonly runbooks: readonly string[]
}

export type SettingsStore = {
  read(): Promise<Settings>
  /** Durable when it resolves. */
  write(settings: Settings): Promise<void>
}

export type CandidateKey = {
  readonly source: 'file' | 'agent'
  readonly path: string
  readonly type: string
  readonly key: Fingerprint
  readonly comment: string
  readonly needsPassphrase: boolean
}

/** Where people's keys come from. Each rejects with an error that has a code: what is wrong with the key. */
export type KeyRing = {
  candidates(): Promise<readonly CandidateKey[]>
  /** Makes a key of this console's folder. @returns the path with the signer */
  create(name: string, passphrase?: string): Promise<{ signer: Signer; path: string }>
  fromFile(path: string, name: string, passphrase?: string): Promise<Signer>
  fromAgent(key: Fingerprint, name: string): Promise<Signer>
  /** A practice approver of a role; null where this is no practice console. */
  practice(role: string): Promise<Signer> | null
}
