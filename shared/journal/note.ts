/** C2SP signed notes with Ed25519 keys (type 0x01), and their verifier keys. FORMAT.md section 4. */
import { base64Of, bytesOfBase64, concat, hexOf, sameBytes, utf8Of } from './bytes.ts'
import type { Sha256 } from './bytes.ts'

/** Ed25519 over a message; 64 bytes. May ask an agent or a keychain, hence the promise. */
export type SignEd25519 = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>
/** @param publicKey 32 bytes */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>

const ED25519 = 0x01
/** A note is read only up to this many signature lines. */
const MAX_SIGNATURES = 100

export type VerifierKey = { readonly name: string; readonly id: Uint8Array; readonly publicKey: Uint8Array }

export function keyId(hash: Sha256, name: string, publicKey: Uint8Array): Uint8Array {
  return hash(concat(utf8Of(`${name}\n`), Uint8Array.of(ED25519), publicKey)).slice(0, 4)
}

/** `<name>+<key id>+<base64(0x01 ‖ public key)>` */
export function formatVkey(hash: Sha256, name: string, publicKey: Uint8Array): string {
  const id = hexOf(keyId(hash, name, publicKey))
  return `${name}+${id}+${base64Of(concat(Uint8Array.of(ED25519), publicKey))}`
}

/** @returns null unless an Ed25519 verifier key whose id is right */
export function parseVkey(hash: Sha256, vkey: string): VerifierKey | null {
  const [name = '', id = '', key = '', ...more] = vkey.replace(/^([^+]*)\+([^+]*)\+/, '$1\n$2\n').split('\n')
  const typed = bytesOfBase64(key)
  if (more.length > 0 || !isKeyName(name) || typed?.length !== 33 || typed[0] !== ED25519) return null
  const publicKey = typed.slice(1)
  const right = keyId(hash, name, publicKey)
  return hexOf(right) === id ? { name, id: right, publicKey } : null
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name)
}

export type NoteSignature = { readonly name: string; readonly id: Uint8Array; readonly signature: Uint8Array }
/** `text` includes its last newline. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] }

/** @returns null where it is not a signed note */
export function parseNote(note: string): Note | null {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n') || hasControl(note) || !note.isWellFormed()) return null
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const bytes = bytesOfBase64(encoded)
    if (!isKeyName(name) || bytes === null || bytes.length < 5) return null
    signatures.push({ name, id: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return { text: note.slice(0, split + 1), signatures }
}

function hasControl(note: string): boolean {
  for (let at = 0; at < note.length; at++) {
    const unit = note.charCodeAt(at)
    if (unit < 0x20 && unit !== 0x0a) return true
  }
  return false
}

/** Signs a text. @param text ends in a newline @param key name and 32-byte public key of the signer */
export async function signNote(
  hash: Sha256,
  text: string,
  key: { readonly name: string; readonly publicKey: Uint8Array; readonly sign: SignEd25519 },
): Promise<string> {
  const signature = await key.sign(utf8Of(text))
  return `${text}\n— ${key.name} ${base64Of(concat(keyId(hash, key.name, key.publicKey), signature))}\n`
}

/** Whether the key signed the note. Unknown keys are passed over; one bad signature by this key refuses the note. */
export async function isSignedBy(note: Note, key: VerifierKey, verify: VerifyEd25519): Promise<boolean> {
  const own = note.signatures.filter((line) => line.name === key.name && sameBytes(line.id, key.id))
  if (own.length === 0) return false
  const text = utf8Of(note.text)
  try {
    for (const line of own) {
      if (line.signature.length !== 64 || !(await verify(key.publicKey, text, line.signature))) return false
    }
    return true
  } catch {
    // A library may throw at a public key that is none: a stranger's bytes, not a signature.
    return false
  }
}
