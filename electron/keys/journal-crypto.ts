/** The cryptography that shared/journal is given, on OpenSSL. Every function says no rather than throw. */
import { createHash, createPublicKey, hash, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { plainSignature } from '../../shared/journal/ssh-wire.ts'
import type { EcdsaCurve, PlainSignature } from '../../shared/journal/ssh-wire.ts'
import type { JournalCrypto } from '../../shared/journal/source.ts'

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

export const JOURNAL_CRYPTO: JournalCrypto = {
  sha256,
  sha512: (bytes) => hash('sha512', bytes, 'buffer'),
  sha256Stream: () => createHash('sha256'),
  verifyEd25519: (publicKey, message, signature) => isSigned(null, () => ed25519Key(publicKey), message, signature),
  verifySsh(keyType, publicKey, data, signature) {
    const plain = plainSignature(sha256, publicKey, data, signature)
    return plain !== null && isSigned(digestOf(plain), () => keyOf(plain), plain.data, plain.signature)
  },
}

function isSigned(digest: string | null, key: () => KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(digest, message, { key: key(), dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    // A key that is not on its curve, a modulus OpenSSL does not take: such a signature proves nothing.
    return false
  }
}

function digestOf(plain: PlainSignature): string | null {
  return plain.algorithm === 'ed25519' ? null : plain.hash
}

function keyOf(plain: PlainSignature): KeyObject {
  switch (plain.algorithm) {
    case 'ed25519':
      return ed25519Key(plain.publicKey)
    case 'ecdsa':
      return ecdsaKey(plain.curve, plain.point)
    case 'rsa-pkcs1':
      return createPublicKey({ key: { kty: 'RSA', e: base64url(plain.e), n: base64url(plain.n) }, format: 'jwk' })
  }
}

function ed25519Key(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, format: 'jwk' })
}

const JWK_CURVES: Readonly<Record<EcdsaCurve, string>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' }

/** @param point 0x04 ‖ x ‖ y */
function ecdsaKey(curve: EcdsaCurve, point: Uint8Array): KeyObject {
  const width = (point.length - 1) / 2
  const x = base64url(point.subarray(1, 1 + width))
  const y = base64url(point.subarray(1 + width))
  return createPublicKey({ key: { kty: 'EC', crv: JWK_CURVES[curve], x, y }, format: 'jwk' })
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
