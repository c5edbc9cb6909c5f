/** What a host key is called: its type, its fingerprint, and the algorithms with which a host can prove that it has it. */
import { createHash } from 'node:crypto'
import type { ServerHostKeyAlgorithm } from 'ssh2'
import type { HostKey } from '../engine/ports.ts'

/** @param blob the key as it goes over the wire (RFC 4253 §6.6) */
export function hostKeyOf(blob: Uint8Array): HostKey {
  const bytes = Buffer.from(blob)
  const type = typeOf(bytes)
  return { type, fingerprint: fingerprintOf(bytes), publicKey: `${type} ${bytes.toString('base64')}` }
}

/** `SHA256:…`, as `ssh-keygen -l` shows it. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** The first string of the blob; empty when it is not a key. */
export function typeOf(blob: Buffer): string {
  if (blob.length < 4) return ''
  const length = blob.readUInt32BE(0)
  return length <= 64 && blob.length >= 4 + length ? blob.toString('latin1', 4, 4 + length) : ''
}

const SIGNED_BY: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
}

/**
 * The algorithms to ask for, best first. Types that are known for the host come first: a host offers one key only, and a
 * good key of another type would read as a changed one.
 */
export function hostKeyAlgorithms(knownTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (type: string) => knownTypes.includes(type)
  const types = Object.keys(SIGNED_BY)
  return [...types.filter(isKnown), ...types.filter((type) => !isKnown(type))].flatMap((type) => SIGNED_BY[type] ?? [])
}
