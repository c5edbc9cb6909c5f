/** SSH's wire types (RFC 4251 §5), public keys and signatures in them. */
import { base64Of, bytesOfBase64, concat, textOf, utf8Of } from './bytes.ts'
import type { Sha256 } from './bytes.ts'

export function wireUint32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
}

/** A string: uint32 length, then the bytes. */
export function wireString(bytes: Uint8Array): Uint8Array {
  return concat(wireUint32(bytes.length), bytes)
}

/** Reads wire types in turn; what does not fit is null and stays null. */
export type WireReader = {
  string(): Uint8Array | null
  text(): string | null
  uint32(): number | null
  byte(): number | null
  bytes(length: number): Uint8Array | null
  isAtEnd(): boolean
}

export function wireReader(from: Uint8Array): WireReader {
  let at = 0
  const bytes = (length: number): Uint8Array | null => {
    if (at < 0 || at + length > from.length) {
      at = -1
      return null
    }
    at += length
    return from.slice(at - length, at)
  }
  const uint32 = () => {
    const four = bytes(4)
    return four ? new DataView(four.buffer).getUint32(0) : null
  }
  const string = () => {
    const length = uint32()
    return length === null ? null : bytes(length)
  }
  return {
    bytes,
    uint32,
    string,
    text: () => {
      const value = string()
      return value && textOf(value)
    },
    byte: () => bytes(1)?.[0] ?? null,
    isAtEnd: () => at === from.length,
  }
}

export type EcdsaCurve = 'nistp256' | 'nistp384' | 'nistp521'

/** A public key taken apart. Numbers are big-endian without sign. */
export type SshPublicKey =
  | { readonly type: 'ssh-ed25519'; readonly publicKey: Uint8Array }
  | {
      readonly type: 'ecdsa-sha2-nistp256' | 'ecdsa-sha2-nistp384' | 'ecdsa-sha2-nistp521'
      readonly curve: EcdsaCurve
      readonly point: Uint8Array
    }
  | { readonly type: 'ssh-rsa'; readonly e: Uint8Array; readonly n: Uint8Array }
  | { readonly type: 'sk-ssh-ed25519@openssh.com'; readonly publicKey: Uint8Array; readonly application: Uint8Array }
  | {
      readonly type: 'sk-ecdsa-sha2-nistp256@openssh.com'
      readonly curve: 'nistp256'
      readonly point: Uint8Array
      readonly application: Uint8Array
    }

/** @param blob the key in wire form @returns null for what is not a key of a known type */
export function parsePublicKey(blob: Uint8Array): SshPublicKey | null {
  const reader = wireReader(blob)
  const key = readKey(reader.text(), reader)
  return key && reader.isAtEnd() ? key : null
}

const POINT_BYTES: Readonly<Record<EcdsaCurve, number>> = { nistp256: 65, nistp384: 97, nistp521: 133 }

function readKey(type: string | null, reader: WireReader): SshPublicKey | null {
  switch (type) {
    case 'ssh-ed25519': {
      const publicKey = reader.string()
      return publicKey?.length === 32 ? { type, publicKey } : null
    }
    case 'sk-ssh-ed25519@openssh.com': {
      const publicKey = reader.string()
      const application = reader.string()
      return publicKey?.length === 32 && application ? { type, publicKey, application } : null
    }
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521': {
      const curve = type.slice('ecdsa-sha2-'.length) as EcdsaCurve
      const point = readPoint(reader, curve)
      return point && { type, curve, point }
    }
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      const point = readPoint(reader, 'nistp256')
      const application = reader.string()
      return point && application && { type, curve: 'nistp256', point, application }
    }
    case 'ssh-rsa': {
      const e = unsigned(reader.string())
      const n = unsigned(reader.string())
      return e && n && { type, e, n }
    }
    default:
      return null
  }
}

function readPoint(reader: WireReader, curve: EcdsaCurve): Uint8Array | null {
  const name = reader.text()
  const point = reader.string()
  return name === curve && point?.length === POINT_BYTES[curve] && point[0] === 4 ? point : null
}

/** An mpint that is not negative, without its leading zero. */
function unsigned(mpint: Uint8Array | null): Uint8Array | null {
  if (!mpint || mpint.length === 0 || (mpint[0] ?? 0) >= 0x80) return null
  return mpint[0] === 0 ? mpint.slice(1) : mpint
}

/** An OpenSSH public key line: `<type> <base64>[ comment]`. */
export type KeyLine = { readonly type: string; readonly blob: Uint8Array; readonly comment: string }

/** @returns null unless a key of a known type */
export function parseKeyLine(line: string): KeyLine | null {
  const [, type, encoded, comment] = /^(\S+) (\S+)(?: (.*))?$/.exec(line.trim()) ?? []
  const blob = encoded === undefined ? null : bytesOfBase64(encoded)
  if (type === undefined || blob === null || parsePublicKey(blob)?.type !== type) return null
  return { type, blob, comment: comment ?? '' }
}

/** `<type> <base64>` without comment, as headers have it. */
export function formatKeyLine(type: string, blob: Uint8Array): string {
  return `${type} ${base64Of(blob)}`
}

/** As `ssh-keygen -l` shows it: `SHA256:` and unpadded base64. */
export function fingerprintOf(hash: Sha256, blob: Uint8Array): string {
  return `SHA256:${base64Of(hash(blob)).replace(/=+$/, '')}`
}

/** One signature reduced to what a cryptography library takes. `data` may differ from what was asked (security keys). */
export type PlainSignature =
  | {
      readonly algorithm: 'ed25519'
      readonly publicKey: Uint8Array
      readonly data: Uint8Array
      readonly signature: Uint8Array
    }
  | {
      readonly algorithm: 'ecdsa'
      readonly curve: EcdsaCurve
      readonly hash: 'sha256' | 'sha384' | 'sha512'
      readonly point: Uint8Array
      readonly data: Uint8Array
      /** r ‖ s, each as wide as the curve (IEEE P1363). */
      readonly signature: Uint8Array
    }
  | {
      readonly algorithm: 'rsa-pkcs1'
      readonly hash: 'sha256' | 'sha512'
      readonly e: Uint8Array
      readonly n: Uint8Array
      readonly data: Uint8Array
      readonly signature: Uint8Array
    }

const ECDSA_HASH = { nistp256: 'sha256', nistp384: 'sha384', nistp521: 'sha512' } as const
const SCALAR_BYTES: Readonly<Record<EcdsaCurve, number>> = { nistp256: 32, nistp384: 48, nistp521: 66 }

/**
 * Takes an SSH signature apart, for the function that verifies it.
 * @param data the bytes that were signed
 * @param signature wire form: algorithm, value, and for security keys flags and counter
 * @returns null where key and signature do not fit each other, or the algorithm is not allowed (ssh-rsa with SHA-1)
 */
export function plainSignature(
  hash: Sha256,
  keyBlob: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): PlainSignature | null {
  const key = parsePublicKey(keyBlob)
  const reader = wireReader(signature)
  const algorithm = reader.text()
  const value = reader.string()
  if (!key || !value) return null
  switch (key.type) {
    case 'ssh-ed25519':
      if (algorithm !== key.type || value.length !== 64 || !reader.isAtEnd()) return null
      return { algorithm: 'ed25519', publicKey: key.publicKey, data, signature: value }
    case 'ssh-rsa': {
      if (!reader.isAtEnd() || (algorithm !== 'rsa-sha2-256' && algorithm !== 'rsa-sha2-512')) return null
      const digest = algorithm === 'rsa-sha2-256' ? 'sha256' : 'sha512'
      // Some agents drop leading zeros; the value is as wide as the modulus.
      const padded = leftPad(value, key.n.length)
      return padded && { algorithm: 'rsa-pkcs1', hash: digest, e: key.e, n: key.n, data, signature: padded }
    }
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521': {
      if (algorithm !== key.type || !reader.isAtEnd()) return null
      const rs = scalars(value, key.curve)
      return (
        rs && {
          algorithm: 'ecdsa',
          curve: key.curve,
          hash: ECDSA_HASH[key.curve],
          point: key.point,
          data,
          signature: rs,
        }
      )
    }
    case 'sk-ssh-ed25519@openssh.com':
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      const rest = reader.bytes(5)
      if (algorithm !== key.type || !rest || !reader.isAtEnd()) return null
      const signed = concat(hash(key.application), rest, hash(data))
      if (key.type === 'sk-ssh-ed25519@openssh.com') {
        return value.length === 64
          ? { algorithm: 'ed25519', publicKey: key.publicKey, data: signed, signature: value }
          : null
      }
      const rs = scalars(value, key.curve)
      return (
        rs && { algorithm: 'ecdsa', curve: key.curve, hash: 'sha256', point: key.point, data: signed, signature: rs }
      )
    }
  }
}

function scalars(value: Uint8Array, curve: EcdsaCurve): Uint8Array | null {
  const reader = wireReader(value)
  const r = leftPad(unsigned(reader.string()), SCALAR_BYTES[curve])
  const s = leftPad(unsigned(reader.string()), SCALAR_BYTES[curve])
  return r && s && reader.isAtEnd() ? concat(r, s) : null
}

function leftPad(bytes: Uint8Array | null, width: number): Uint8Array | null {
  if (!bytes || bytes.length > width) return null
  return concat(new Uint8Array(width - bytes.length), bytes)
}

export function wireText(text: string): Uint8Array {
  return wireString(utf8Of(text))
}
