/** OpenSSH's SSHSIG: what is signed, the blob, its armor (PROTOCOL.sshsig). FORMAT.md section 5.4. */
import { base64Of, bytesOfBase64, concat, utf8Of } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { parsePublicKey, wireReader, wireString, wireText, wireUint32 } from './ssh-wire.ts'

const MAGIC = utf8Of('SSHSIG')

export type SigHash = 'sha256' | 'sha512'
/** Hash functions by name; 32 and 64 bytes. */
export type SigHashes = { readonly sha256: Sha256; readonly sha512: (bytes: Uint8Array) => Uint8Array }

/**
 * Verifies one SSH signature.
 * @param keyType as in the key, e.g. `ssh-ed25519`
 * @param publicKey wire form
 * @param data the bytes that were signed
 * @param signature wire form: algorithm, value[, flags, counter]; `plainSignature` takes it apart
 */
export type VerifySsh = (
  keyType: string,
  publicKey: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>

/** @property publicKey wire form @property signature wire form */
export type SshSig = {
  readonly publicKey: Uint8Array
  readonly namespace: string
  readonly hash: SigHash
  readonly signature: Uint8Array
}

/** The bytes that an SSH key signs for a message in a namespace. */
export function signedData(namespace: string, message: Uint8Array, hash: SigHash, hashes: SigHashes): Uint8Array {
  return concat(MAGIC, wireText(namespace), wireText(''), wireText(hash), wireString(hashes[hash](message)))
}

/** The binary blob; its base64 is a header's `sig`. */
export function encodeSshSig(sig: SshSig): Uint8Array {
  return concat(
    MAGIC,
    wireUint32(1),
    wireString(sig.publicKey),
    wireText(sig.namespace),
    wireText(''),
    wireText(sig.hash),
    wireString(sig.signature),
  )
}

/** @returns null unless a version 1 blob with an empty reserved field and a known hash and key type */
export function parseSshSig(blob: Uint8Array): SshSig | null {
  const reader = wireReader(blob)
  const magic = reader.bytes(6)
  const version = reader.uint32()
  const publicKey = reader.string()
  const namespace = reader.text()
  const reserved = reader.string()
  const hash = reader.text()
  const signature = reader.string()
  if (!magic || base64Of(magic) !== base64Of(MAGIC) || version !== 1 || reserved?.length !== 0) return null
  if (!publicKey || !parsePublicKey(publicKey) || !namespace || !signature || !reader.isAtEnd()) return null
  return hash === 'sha256' || hash === 'sha512' ? { publicKey, namespace, hash, signature } : null
}

/** Whether the blob is a signature over the message in the namespace, by the key it names. Whose key it is, is not asked. */
export async function verifySshSig(
  sig: SshSig,
  namespace: string,
  message: Uint8Array,
  hashes: SigHashes,
  verify: VerifySsh,
): Promise<boolean> {
  const key = parsePublicKey(sig.publicKey)
  if (!key || sig.namespace !== namespace) return false
  try {
    return await verify(key.type, sig.publicKey, signedData(namespace, message, sig.hash, hashes), sig.signature)
  } catch {
    // Libraries throw at a key that is none, such as a point beside its curve. These are a stranger's bytes: no signature.
    return false
  }
}

const BEGIN = '-----BEGIN SSH SIGNATURE-----'
const END = '-----END SSH SIGNATURE-----'

/** As `ssh-keygen -Y sign` writes it. */
export function armor(blob: Uint8Array): string {
  const lines = base64Of(blob).match(/.{1,70}/g) ?? []
  return `${[BEGIN, ...lines, END].join('\n')}\n`
}

/** @returns the blob, null unless one armored signature and nothing else */
export function dearmor(text: string): Uint8Array | null {
  const lines = text.trim().split(/\r?\n/)
  if (lines[0] !== BEGIN || lines.at(-1) !== END) return null
  return bytesOfBase64(lines.slice(1, -1).join(''))
}

/** A header's `sig` from an armored signature. @returns null where it is not one */
export function sigOfArmor(text: string): string | null {
  const blob = dearmor(text)
  return blob && parseSshSig(blob) ? base64Of(blob) : null
}
