/** A private key that OpenSSL holds, as SSH sees it: its public key in wire form, and signatures in wire form. */
import { createPublicKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concat } from '../../shared/journal/bytes.ts'
import { fingerprintOf, formatKeyLine, wireString, wireText } from '../../shared/journal/ssh-wire.ts'
import type { Fingerprint } from '../../shared/model/words.ts'
import { JOURNAL_CRYPTO } from './journal-crypto.ts'
import { KeyError } from './key-error.ts'

/** @property blob wire form */
export type PublicHalf = { readonly type: string; readonly blob: Uint8Array }

/** @throws KeyError `unsupported-key` */
export function publicHalfOf(key: KeyObject): PublicHalf {
  const { kty, crv, x, y, e, n } = createPublicKey(key).export({ format: 'jwk' })
  if (kty === 'OKP' && crv === 'Ed25519') return half('ssh-ed25519', wireString(bytes(x)))
  if (kty === 'RSA') return half('ssh-rsa', wireNumber(bytes(e)), wireNumber(bytes(n)))
  const curve = kty === 'EC' ? CURVES[crv ?? ''] : undefined
  if (curve === undefined) throw new KeyError('unsupported-key', `A key of type ${kty} ${crv ?? ''} cannot sign here.`)
  const point = concat(Uint8Array.of(4), bytes(x), bytes(y))
  return half(`ecdsa-sha2-${curve.name}`, wireText(curve.name), wireString(point))
}

const CURVES: Readonly<Record<string, { readonly name: string; readonly digest: string } | undefined>> = {
  'P-256': { name: 'nistp256', digest: 'sha256' },
  'P-384': { name: 'nistp384', digest: 'sha384' },
  'P-521': { name: 'nistp521', digest: 'sha512' },
}

function half(type: string, ...parts: Uint8Array[]): PublicHalf {
  return { type, blob: concat(wireText(type), ...parts) }
}

function bytes(base64url: string | undefined): Uint8Array {
  return new Uint8Array(Buffer.from(base64url ?? '', 'base64url'))
}

/** An mpint that is not negative. */
function wireNumber(value: Uint8Array): Uint8Array {
  let from = 0
  while (from < value.length - 1 && value[from] === 0) from++
  const short = value.subarray(from)
  return wireString((short[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), short) : short)
}

/** Signs in wire form: algorithm, value. RSA signs with SHA-512. */
export function signWith(key: KeyObject, data: Uint8Array): Uint8Array {
  const { type } = publicHalfOf(key)
  if (type === 'ssh-ed25519') return concat(wireText(type), wireString(sign(null, data, key)))
  if (type === 'ssh-rsa') return concat(wireText('rsa-sha2-512'), wireString(sign('sha512', data, key)))
  const curve = Object.values(CURVES).find((one) => type.endsWith(one?.name ?? '-'))
  const rs = sign(curve?.digest ?? 'sha256', data, { key, dsaEncoding: 'ieee-p1363' })
  const r = wireNumber(rs.subarray(0, rs.length / 2))
  const s = wireNumber(rs.subarray(rs.length / 2))
  return concat(wireText(type), wireString(concat(r, s)))
}

export function lineOf({ type, blob }: PublicHalf, comment: string): string {
  return comment === '' ? formatKeyLine(type, blob) : `${formatKeyLine(type, blob)} ${comment}`
}

export function fingerprintOfKey(blob: Uint8Array): Fingerprint {
  return fingerprintOf(JOURNAL_CRYPTO.sha256, blob)
}
