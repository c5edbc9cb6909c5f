/**
 * Masks secrets in bytes that arrive in pieces. What could be the beginning of a secret is held back until it is known
 * not to be one, so that a secret across two reads is masked as well.
 */
import { formFinder, type Interval } from './find-forms.ts'
import { formsOf } from './secret-forms.ts'

/** What stands where a secret stood; its length says nothing of the secret's. */
export const MASK = Buffer.from('******')

/** Some output: `raw` bytes of the host became these. Where `isMask`, they stand for a secret and are not to be cut. */
export type MaskedPiece = { readonly bytes: Uint8Array; readonly raw: number; readonly isMask: boolean }

export type Masker = {
  push(bytes: Uint8Array): readonly MaskedPiece[]
  /** What is still held back. */
  end(): readonly MaskedPiece[]
}

/** Of a read that is joined to what was held back before it. */
const JOINT_BYTES = 4096

export function masker(secrets: readonly string[]): Masker {
  const forms = secrets.flatMap(formsOf)
  if (forms.length === 0) return { push: (bytes) => [plain(bytes)], end: () => [] }
  const find = formFinder(forms)
  let held = Buffer.alloc(0)
  // So many bytes at the start of `held` belong to a secret whose mask was written already.
  let covered = 0

  const take = (bytes: Buffer, keepFrom: number, found: readonly Interval[]): MaskedPiece[] => {
    const pieces: MaskedPiece[] = []
    if (keepFrom === 0) {
      held = Buffer.from(bytes)
      return pieces
    }
    let at = 0
    let isCovered = covered > 0
    covered = 0
    for (const { from, to } of found) {
      if (from >= keepFrom) break
      if (from > at) pieces.push(plain(bytes.subarray(at, from)))
      const end = Math.min(to, keepFrom)
      pieces.push({ bytes: isCovered && from === 0 ? new Uint8Array() : MASK, raw: end - from, isMask: true })
      isCovered = false
      covered = to - end
      at = end
    }
    if (keepFrom > at) pieces.push(plain(bytes.subarray(at, keepFrom)))
    held = Buffer.from(bytes.subarray(keepFrom))
    return pieces
  }

  const look = (bytes: Buffer) => take(bytes, bytes.length - openEnd(bytes, forms), joined(find(bytes), covered))
  const joint = Math.max(JOINT_BYTES, ...forms.map((form) => form.length))

  return {
    push(piece) {
      let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      const pieces: MaskedPiece[] = []
      // What is held back is joined to the beginning alone: copying every read whole took longer than looking.
      while (held.length > 0 && rest.length > 0) {
        pieces.push(...look(Buffer.concat([held, rest.subarray(0, joint)])))
        rest = rest.subarray(joint)
      }
      return rest.length > 0 ? [...pieces, ...look(rest)] : pieces
    },
    end() {
      return take(held, held.length, joined(find(held), covered))
    },
  }
}

function plain(bytes: Uint8Array): MaskedPiece {
  return { bytes, raw: bytes.length, isMask: false }
}

/** Where secrets stand, overlapping ones joined: masking one must not leave the rest of another. */
function joined(found: readonly Interval[], covered: number): readonly Interval[] {
  const all: Interval[] = covered > 0 ? [{ from: 0, to: covered }] : []
  for (const next of found) {
    const last = all.at(-1)
    if (last !== undefined && next.from <= last.to) {
      all[all.length - 1] = { from: last.from, to: Math.max(last.to, next.to) }
    } else all.push(next)
  }
  return all
}

/** Length of the longest end of `bytes` that a form begins with, the whole form excepted. */
function openEnd(bytes: Buffer, forms: readonly Buffer[]): number {
  let longest = 0
  for (const form of forms) {
    const most = Math.min(form.length - 1, bytes.length)
    for (let length = most; length > longest; length--) {
      // Nearly always answered by one byte.
      if (bytes[bytes.length - length] !== form[0]) continue
      if (bytes.compare(form, 0, length, bytes.length - length) === 0) longest = length
    }
  }
  return longest
}

/** The same for a text that is whole: a message, a measured value. */
export function maskText(text: string, secrets: readonly string[]): string {
  const mask = masker(secrets)
  const pieces = [...mask.push(Buffer.from(text)), ...mask.end()]
  return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('utf8')
}
