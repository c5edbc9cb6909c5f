/**
 * A new Ed25519 key as an OpenSSH private key file (PROTOCOL.key). Written here: ssh2's own generator drops a zero byte
 * of one key in 256, and such a file opens nowhere.
 */
import { createCipheriv, generateKeyPairSync, randomBytes } from 'node:crypto'
import { concat, utf8Of } from '../../shared/journal/bytes.ts'
import { wireString, wireText, wireUint32 } from '../../shared/journal/ssh-wire.ts'
import { onKeyThread } from './key-thread.ts'

/** Rounds of key derivation, as `ssh-keygen` uses by default. */
const ROUNDS = 16
const SALT_BYTES = 16
const KEY_BYTES = 32
const BLOCK_BYTES = 16

/** @param passphrase absent or empty: the file is not locked */
export async function newKeyText(comment: string, passphrase?: string): Promise<string> {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const publicKey = Buffer.from(x ?? '', 'base64url')
  const seed = Buffer.from(d ?? '', 'base64url')
  const isLocked = passphrase !== undefined && passphrase !== ''
  // Equal numbers, by which a reader sees that its passphrase was right.
  const check = randomBytes(4)
  const secret = padded(
    concat(
      check,
      check,
      wireText('ssh-ed25519'),
      wireString(publicKey),
      wireString(concat(seed, publicKey)),
      wireText(comment),
    ),
    isLocked ? BLOCK_BYTES : 8,
  )
  const lock = isLocked
    ? await locked(secret, passphrase)
    : { cipher: 'none', kdf: 'none', options: new Uint8Array(), secret }
  const file = concat(
    utf8Of('openssh-key-v1\0'),
    wireText(lock.cipher),
    wireText(lock.kdf),
    wireString(lock.options),
    wireUint32(1),
    wireString(concat(wireText('ssh-ed25519'), wireString(publicKey))),
    wireString(lock.secret),
  )
  const lines =
    Buffer.from(file)
      .toString('base64')
      .match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}

function padded(bytes: Uint8Array, block: number): Uint8Array {
  const length = (block - (bytes.length % block)) % block
  return concat(
    bytes,
    Uint8Array.from({ length }, (_, at) => at + 1),
  )
}

async function locked(secret: Uint8Array, passphrase: string) {
  const salt = randomBytes(SALT_BYTES)
  const derived = await onKeyThread({ do: 'derive', passphrase, salt, rounds: ROUNDS, length: KEY_BYTES + BLOCK_BYTES })
  const cipher = createCipheriv('aes-256-ctr', derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES))
  return {
    cipher: 'aes256-ctr',
    kdf: 'bcrypt',
    options: concat(wireString(salt), wireUint32(ROUNDS)),
    secret: new Uint8Array(cipher.update(secret)),
  }
}
