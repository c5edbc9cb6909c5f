/** The functions that shared/journal is given, by Node's own cryptography. For tests. */
import { createHash, createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { JournalCrypto } from '../../../shared/journal/source.ts'
import type { EcdsaCurve } from '../../../shared/journal/ssh-wire.ts'
import { plainSignature } from '../../../shared/journal/ssh-wire.ts'

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')
export const sha512 = (bytes: Uint8Array): Uint8Array => hash('sha512', bytes, 'buffer')

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const CURVES: Readonly<Record<EcdsaCurve, string>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' }

const ed25519Key = (publicKey: Uint8Array) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, format: 'jwk' })

export const nodeCrypto: JournalCrypto = {
  sha256,
  sha512,
  sha256Stream: () => createHash('sha256'),
  verifyEd25519: (publicKey, message, signature) => verify(null, message, ed25519Key(publicKey), signature),
  verifySsh(_type, publicKey, data, signature) {
    const plain = plainSignature(sha256, publicKey, data, signature)
    if (!plain) return false
    switch (plain.algorithm) {
      case 'ed25519':
        return verify(null, plain.data, ed25519Key(plain.publicKey), plain.signature)
      case 'ecdsa': {
        const half = (plain.point.length - 1) / 2
        const key = createPublicKey({
          key: {
            kty: 'EC',
            crv: CURVES[plain.curve],
            x: base64url(plain.point.subarray(1, 1 + half)),
            y: base64url(plain.point.subarray(1 + half)),
          },
          format: 'jwk',
        })
        return verify(plain.hash, plain.data, { key, dsaEncoding: 'ieee-p1363' }, plain.signature)
      }
      case 'rsa-pkcs1': {
        const key = createPublicKey({
          key: { kty: 'RSA', n: base64url(plain.n), e: base64url(plain.e) },
          format: 'jwk',
        })
        return verify(plain.hash, plain.data, key, plain.signature)
      }
    }
  },
}

/** An Ed25519 key from its 32-byte seed. */
export function ed25519Of(seed: Uint8Array): { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array } {
  const key: KeyObject = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32)
  return { publicKey, sign: (message) => sign(null, message, key) }
}
