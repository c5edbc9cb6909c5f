/** Acts: what a person decided, the line they sign and the text around it. FORMAT.md section 5. */
import { z } from 'zod'
import { canonicalBytes, canonicalText } from './canonical.ts'
import { hexOf, utf8Of } from './bytes.ts'
import type { Sha256 } from './bytes.ts'

/** The SSHSIG namespace of acts. */
export const ACT_NAMESPACE = 'holdpoint-act'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)

/** hex of 16 random bytes */
export const Salt = z.string().regex(/^[0-9a-f]{32}$/)

/** One readable line: nothing that breaks a line, and nothing that disguises one. */
export const PlainLine = z
  .string()
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]{1,512}$/u)

export const Nonce = z.string().regex(/^[0-9a-f]{32}$/)

export const OriginName = z
  .string()
  .regex(/^holdpoint\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\/[0-9a-f]{8}$/)

export const ActLine = z.strictObject({
  v: z.literal(1),
  nonce: Nonce,
  origin: OriginName,
  run: PlainLine.nullable(),
  act: z.string().regex(/^[a-z][a-z-]{0,31}$/),
  subject: PlainLine.nullable(),
  role: PlainLine.nullable(),
  content: Digest,
  reason: Digest.nullable(),
  after: z.strictObject({ size: z.int().min(0), root: Digest }),
})
export type ActLine = z.infer<typeof ActLine>

/** @returns null where it is not an act line of version 1 */
export function parseAct(value: unknown): ActLine | null {
  const parsed = ActLine.safeParse(value)
  return parsed.success ? parsed.data : null
}

/** The bytes a person signs: a text they can read, ending in the act's JCS line. Template of v 1, fixed for ever. */
export function actMessage(line: ActLine): Uint8Array {
  return utf8Of(actText(line))
}

/** The same as text. */
export function actText(line: ActLine): string {
  return [
    'Holdpoint act, version 1',
    `act:      ${line.act}`,
    `subject:  ${line.subject ?? '-'}`,
    `run:      ${line.run ?? '-'}`,
    `role:     ${line.role ?? '-'}`,
    `console:  ${line.origin}`,
    `content:  sha256 ${line.content}`,
    `reason:   ${line.reason === null ? '-' : `sha256 ${line.reason}`}`,
    `log seen: ${line.after.size} entries, root ${line.after.root}`,
    `nonce:    ${line.nonce}`,
    '',
    canonicalText(line),
    '',
  ].join('\n')
}

/** The document that a line's `content` is the digest of: what the entry records and whatever else the act states. */
export const ActContent = z.looseObject({
  salt: Salt,
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export type ActContent = z.infer<typeof ActContent>

/** The document that a line's `reason` is the digest of. */
export const ActReason = z.strictObject({ salt: Salt, text: z.string() })
export type ActReason = z.infer<typeof ActReason>

/** Digest of a content or reason document, hex. */
export function documentDigest(hash: Sha256, document: Readonly<Record<string, unknown>>): string {
  return hexOf(hash(canonicalBytes(document)))
}
