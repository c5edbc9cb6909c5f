/** One entry: a header that is chained for ever and a payload that may be redacted. FORMAT.md section 2. */
import { z } from 'zod'
import { OriginName, Salt } from './act.ts'
import type { ActContent, ActReason } from './act.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'

/** tlog-tiles' limit: a bundle's length prefix is a uint16. */
export const MAX_HEADER_BYTES = 65_535
export const MAX_PAYLOAD_BYTES = 1_048_576
export const BLOB_CHUNK_BYTES = 65_536

const Digest = z.string().regex(/^[0-9a-f]{64}$/)
const Data = z.record(z.string(), z.unknown())

/** A cause in another journal: `<origin>#<seq>`. */
const FAR_CAUSE = /^(holdpoint\/[0-9a-f-]{36}\/[0-9a-f]{8})#(0|[1-9][0-9]{0,15})$/

export const Header = z
  .strictObject({
    v: z.literal(1),
    origin: OriginName,
    seq: z.int().min(0),
    prev: Digest,
    at: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    mono: z.int().min(0),
    boot: z.string().regex(/^[0-9A-Za-z-]{1,64}$/),
    type: z
      .string()
      .regex(/^[a-z][A-Za-z0-9-]*(\.[a-z][A-Za-z0-9-]*)*$/)
      .max(64),
    data: Data,
    cause: z.union([z.int().min(0), z.string().regex(FAR_CAUSE)]).exactOptional(),
    /** The act line. Its own schema is ActLine, so that a bad one is told apart from a bad header. */
    act: Data.exactOptional(),
    /** base64 of the SSHSIG blob. */
    sig: z.string().exactOptional(),
    payload: Digest,
  })
  .refine((header) => header.sig === undefined || header.act !== undefined, 'sig without act')
export type Header = z.infer<typeof Header>

/**
 * The bytes that are chained, hashed and stored.
 * @throws RangeError when longer than 65,535 bytes; TypeError for values that have no canonical form
 */
export function encodeHeader(header: Header): Uint8Array {
  const bytes = canonicalBytes(header)
  if (bytes.length > MAX_HEADER_BYTES) {
    throw new RangeError(`the header of entry ${header.seq} has ${bytes.length} bytes, ${MAX_HEADER_BYTES} fit`)
  }
  return bytes
}

export type HeaderFault = { readonly code: 'header-not-canonical' | 'header-invalid'; readonly message: string }

export function parseHeader(bytes: Uint8Array): { readonly header: Header } | HeaderFault {
  const value = bytes.length > MAX_HEADER_BYTES ? undefined : parseCanonical(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { code: 'header-not-canonical', message: 'the header is not the canonical form of an object' }
  }
  const parsed = Header.safeParse(value)
  if (parsed.success) return { header: parsed.data }
  const issue = parsed.error.issues[0]
  return { code: 'header-invalid', message: `the header is not valid at ${issue?.path.join('.')}: ${issue?.message}` }
}

/** A `cause` in another journal, taken apart; null for one of this journal. */
export function farCause(cause: number | string): { readonly origin: string; readonly seq: number } | null {
  const parts = typeof cause === 'string' ? FAR_CAUSE.exec(cause) : null
  return parts ? { origin: parts[1] ?? '', seq: Number(parts[2]) } : null
}

/** A blob that an entry binds. */
export const BoundBlob = z.looseObject({
  name: z.string(),
  sha256: Digest,
  size: z.int().min(0),
  chunk: z.literal(BLOB_CHUNK_BYTES),
  tree: Digest,
})
export type BoundBlob = z.infer<typeof BoundBlob>

export const Payload = z.looseObject({
  salt: Salt,
  blobs: z.array(BoundBlob).exactOptional(),
})
export type Payload = z.infer<typeof Payload>

/** @returns null unless canonical, an object, salted, with `blobs` as specified */
export function parsePayload(bytes: Uint8Array): Payload | null {
  const value = bytes.length > MAX_PAYLOAD_BYTES ? undefined : parseCanonical(bytes)
  const parsed = Payload.safeParse(value)
  return parsed.success ? parsed.data : null
}

/**
 * The payload's bytes. `text` is what a person or host wrote; a plain `reason` in it gives way to the act's document.
 * @param salt hex of 16 random bytes
 * @throws RangeError when longer than 1 MiB; TypeError for values that have no canonical form
 */
export function encodePayload(
  salt: string,
  text: Readonly<Record<string, unknown>>,
  act?: { readonly content: ActContent; readonly reason: ActReason | null },
): Uint8Array {
  const documents = act ? { content: act.content, ...(act.reason ? { reason: act.reason } : {}) } : {}
  const bytes = canonicalBytes({ ...text, ...documents, salt })
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`the payload has ${bytes.length} bytes, ${MAX_PAYLOAD_BYTES} fit`)
  }
  return bytes
}

/** What was given to `encodePayload` as text: without salt and content, the reason as plain text again. */
export function textOfPayload(payload: Payload): Readonly<Record<string, unknown>> {
  const { salt: _salt, content: _content, reason, ...text } = payload
  if (reason === undefined) return text
  const isDocument = typeof reason === 'object' && reason !== null && 'text' in reason
  return { ...text, reason: isDocument ? reason.text : reason }
}
