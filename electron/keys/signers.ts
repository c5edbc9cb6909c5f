/** Operators' keys that can sign now: from a file, or made here. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { armor, encodeSshSig, signedData } from '../../shared/journal/sshsig.ts'
import { makeFolder, writeFileDurably } from '../disk/durable-file.ts'
import type { Signer } from '../engine/ports.ts'
import { JOURNAL_CRYPTO } from './journal-crypto.ts'
import { KeyError } from './key-error.ts'
import { readKeyFile } from './key-file.ts'
import { newKeyText } from './new-key.ts'
import { fingerprintOfKey, lineOf, publicHalfOf, signWith } from './ssh-key.ts'
import type { PublicHalf } from './ssh-key.ts'

/**
 * @param path an OpenSSH, PEM or PuTTY private key: ed25519, ecdsa or rsa
 * @param name the person's
 * @throws KeyError `key-unreadable`, `passphrase-needed`, `passphrase-wrong`, `unsupported-key`
 */
export async function signerFromFile(path: string, name: string, passphrase?: string): Promise<Signer> {
  const { key, comment } = await readKeyFile(path, passphrase)
  return signerOf(publicHalfOf(key), name, comment, (data) => signWith(key, data))
}

/** @param sign signs in wire form */
export function signerOf(
  half: PublicHalf,
  name: string,
  comment: string,
  sign: (data: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Signer {
  return {
    name,
    fingerprint: fingerprintOfKey(half.blob),
    publicKey: lineOf(half, comment),
    async sign(message, namespace) {
      const signature = await sign(signedData(namespace, message, 'sha512', JOURNAL_CRYPTO))
      return armor(encodeSshSig({ publicKey: half.blob, namespace, hash: 'sha512', signature }))
    },
  }
}

/**
 * Makes an Ed25519 key as `ssh-keygen` would: `path` (only its owner may read it) and `path.pub`.
 * @throws KeyError `key-exists` rather than replace one, `key-unwritable`
 */
export async function createOperatorKey(path: string, name: string, passphrase?: string): Promise<Signer> {
  if (existsSync(path)) throw new KeyError('key-exists', `There is a file ${path} already. It was not touched.`)
  await writeKey(path, name, passphrase)
  return signerFromFile(path, name, passphrase)
}

async function writeKey(path: string, comment: string, passphrase?: string): Promise<void> {
  const plainComment = comment.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  try {
    await makeFolder(dirname(path))
    await writeFileDurably(path, Buffer.from(await newKeyText(plainComment, passphrase)), { mode: 0o600 })
  } catch (cause) {
    throw cause instanceof KeyError
      ? cause
      : new KeyError('key-unwritable', `The key ${path} cannot be written.`, cause)
  }
  const signer = await signerFromFile(path, comment, passphrase)
  await writeFileDurably(`${path}.pub`, Buffer.from(`${signer.publicKey}\n`), { mode: 0o644 })
}

/**
 * The practice approver of a role: a key of this data folder, good for nothing else, and named so.
 * @param role `[a-z][a-z0-9-]*`
 */
export async function practiceSigner(dataDir: string, role: string): Promise<Signer> {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(role)) throw new KeyError('key-unwritable', `${role} is not the name of a role.`)
  const path = join(dataDir, 'keys', 'practice', role)
  if (!existsSync(path)) await writeKey(path, 'practice only')
  return signerFromFile(path, `practice ${role}`)
}
