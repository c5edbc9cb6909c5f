/**
 * Private key files: OpenSSH's own format, PEM and PuTTY. An encrypted one is opened on a thread of its own: its key
 * derivation takes a good part of a second, and must not hold up a screen.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import ssh2 from 'ssh2'
import { wireReader } from '../../shared/journal/ssh-wire.ts'
import { KeyError } from './key-error.ts'
import { onKeyThread } from './key-thread.ts'

export type KeyFile = { readonly key: KeyObject; readonly comment: string }

/** @throws KeyError `key-unreadable`, `passphrase-needed`, `passphrase-wrong`, `unsupported-key` */
export async function readKeyFile(path: string, passphrase?: string): Promise<KeyFile> {
  const text = await readText(path)
  const container = containerOf(text)
  if (container === null) throw new KeyError('key-unreadable', `${path} is not a private key.`)
  if (container.type?.startsWith('sk-') === true) {
    throw new KeyError(
      'unsupported-key',
      `The key in ${path} lives in a security key. Add it to ssh-agent and choose it there.`,
    )
  }
  if (container.isEncrypted && (passphrase === undefined || passphrase === '')) {
    throw new KeyError('passphrase-needed', `The key in ${path} is locked with a passphrase.`)
  }
  const opened = container.isEncrypted ? await openOnThread(text, passphrase ?? '') : openText(text)
  if ('fault' in opened) {
    if (container.isEncrypted)
      throw new KeyError('passphrase-wrong', `The passphrase does not open ${path}.`, opened.fault)
    throw new KeyError('unsupported-key', `The key in ${path} is of a kind that cannot be used here.`, opened.fault)
  }
  return { key: opened.key, comment: opened.comment }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new KeyError('key-unreadable', `${path} cannot be read.`, cause)
  }
}

type Container = { readonly isEncrypted: boolean; readonly type: string | null }

/** What a key file says of itself without being opened; null where it is none. */
function containerOf(text: string): Container | null {
  const openssh = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END OPENSSH PRIVATE KEY-----/.exec(text)
  if (openssh?.[1] !== undefined) {
    const reader = wireReader(new Uint8Array(Buffer.from(openssh[1], 'base64')))
    const magic = reader.bytes(15)
    const cipher = reader.text()
    reader.string()
    reader.string()
    reader.uint32()
    const blob = reader.string()
    if (magic === null || cipher === null || blob === null) return null
    return { isEncrypted: cipher !== 'none', type: wireReader(blob).text() }
  }
  if (text.startsWith('PuTTY-User-Key-File-')) return { isEncrypted: !/^Encryption: none\r?$/m.test(text), type: null }
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return null
  return { isEncrypted: /-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(text), type: null }
}

/** Whether a file is a private key, and locked. @returns null where it is none */
export async function lockOf(path: string): Promise<'open' | 'locked' | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const container = containerOf(text)
  return container === null ? null : container.isEncrypted ? 'locked' : 'open'
}

type Opened = KeyFile | { readonly fault: unknown }

function openText(text: string): Opened {
  try {
    if (/-----BEGIN (RSA |EC )?PRIVATE KEY-----/.test(text)) return { key: createPrivateKey(text), comment: '' }
    const parsed = ssh2.utils.parseKey(text)
    if (parsed instanceof Error) return { fault: parsed }
    return { key: createPrivateKey(parsed.getPrivatePEM()), comment: parsed.comment ?? '' }
  } catch (fault) {
    return { fault }
  }
}

async function openOnThread(text: string, passphrase: string): Promise<Opened> {
  const answer = await onKeyThread({ do: 'open', text, passphrase })
  return 'fault' in answer ? answer : { key: createPrivateKey(answer.pem), comment: answer.comment }
}

/** The 32 bytes of an Ed25519 key; null for another kind. */
export function ed25519PublicKey(key: KeyObject): Uint8Array | null {
  const { crv, x } = createPublicKey(key).export({ format: 'jwk' })
  return crv === 'Ed25519' ? new Uint8Array(Buffer.from(x ?? '', 'base64url')) : null
}
