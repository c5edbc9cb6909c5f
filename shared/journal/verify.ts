/**
 * Verifies journals, streaming, by FORMAT.md section 11. Pure: hash and signature functions and the source are passed in.
 *
 * Exported by shared/journal, for store, writer, archive, keys and CLI:
 *   canonical.ts   canonicalText(value) canonicalBytes(value) faultOf(value) parseCanonical(bytes) isCanonical(bytes)
 *   entry.ts       Header encodeHeader(header) parseHeader(bytes) encodePayload(salt, text, act?) parsePayload(bytes)
 *                  textOfPayload(payload) farCause(cause) BoundBlob BLOB_CHUNK_BYTES
 *   chain.ts       CHAIN_START prevOf(hash, previousBytes) chainNext(hash, end, header) → { header, bytes, end }
 *   merkle.ts      leafHash nodeHash edgeTree(hash, from?) fullTree(hash) rootAt edgeAt nodesCompletedBy(index)
 *                  inclusionProof consistencyProof verifyInclusion verifyConsistency blobTree(hash, chunkBytes)
 *   note.ts        formatVkey parseVkey signNote parseNote isSignedBy SignEd25519 VerifyEd25519
 *   checkpoint.ts  signCheckpoint(hash, { origin, size, root }, { publicKey, sign }) → Promise<note> parseCheckpoint(note)
 *   ssh-wire.ts    parseKeyLine formatKeyLine fingerprintOf(hash, blob) plainSignature(hash, keyBlob, data, signature)
 *   sshsig.ts      signedData(namespace, message, hash, hashes) encodeSshSig parseSshSig verifySshSig armor dearmor
 *                  sigOfArmor(armored) → header.sig   VerifySsh = (keyType, publicKeyBlob, data, signature) → boolean
 *   act.ts         ActLine parseAct actMessage(line) → bytes to sign, documentDigest(hash, document) ACT_NAMESPACE
 *   entry-rules.ts authorityOf(type) missingAuthority(header)
 *   tiles.ts       originFolder tilePath entriesPath payloadPath blobPath tilesBetween(from, to) bundlesBetween(from, to)
 *                  encodeTile encodeEntries encodePayloads decodeEntries decodePayloads
 *   trust.ts       Pin Mark formatTrust parseTrust formatMark parseMark
 *   archive-source.ts  archiveSource(origin, files) → JournalSource over an archive's files
 *   verify.ts      verifyJournals(sources, crypto, options) → Promise<Verification>
 *                  verifyChain(source, hash) → Promise<ChainVerdict>   chain only, constant memory
 */
import type { Sha256 } from './bytes.ts'
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

export type JournalCrypto = SigHashes & { readonly verifyEd25519: VerifyEd25519; readonly verifySsh: VerifySsh }

export type VerifyOptions = {
  /** Pinned from outside; absent: self-asserted. */
  readonly trust?: readonly Pin[]
  readonly marks?: readonly Mark[]
}

export type OriginVerdict = {
  readonly origin: string
  readonly size: number
  /** hex; null when entries are missing */
  readonly root: string | null
  readonly problems: readonly Problem[]
}

export type Verification = {
  readonly ok: boolean
  readonly trust: 'pinned' | 'self-asserted'
  readonly origins: readonly OriginVerdict[]
}

export type { Sha256 }
