/**
 * Opens private key files. An encrypted one is opened in a worker thread: `ssh-keygen -a 16` makes that 0.4 s of pure
 * computing, which would stop every other connection meanwhile.
 */
import * as crypto from 'node:crypto'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import ssh2, { type ParsedKey } from 'ssh2'

type Pbkdf = (
  passphrase: Uint8Array,
  passphraseLength: number,
  salt: Uint8Array,
  saltLength: number,
  key: Uint8Array,
  keyLength: number,
  rounds: number,
) => number

/** What can be seen of a key file without its passphrase. */
export type SealedKey = { readonly isEncrypted: boolean; readonly publicBlob: Buffer | null }

export function inspectPrivateKey(text: string): SealedKey {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1]
  if (body === undefined) return { isEncrypted: /ENCRYPTED/.test(text), publicBlob: null }
  const blob = Buffer.from(body, 'base64')
  let at = 15
  const next = () => {
    const start = at + 4
    at = start + blob.readUInt32BE(at)
    return blob.subarray(start, at)
  }
  try {
    const cipher = next().toString('latin1')
    next()
    next()
    at += 4
    return { isEncrypted: cipher !== 'none', publicBlob: next() }
  } catch {
    return { isEncrypted: false, publicBlob: null }
  }
}

/** @returns the key, or why there is none */
export async function openPrivateKey(
  text: string,
  passphrase: string | null,
): Promise<ParsedKey | 'passphrase' | Error> {
  const opened = passphrase === null ? openHere(text, null) : await openAside(text, passphrase)
  if (opened.error !== undefined) return opened.error === 'passphrase' ? 'passphrase' : new Error(opened.error)
  return parseKey(opened.text)
}

/** A key as text, private or public; of several the first. */
export function parseKey(text: string): ParsedKey | Error {
  const parsed: ParsedKey | readonly ParsedKey[] | Error = ssh2.utils.parseKey(text)
  if (parsed instanceof Error) return parsed
  return 'type' in parsed ? parsed : (parsed[0] ?? new Error('there is no key in the file'))
}

type Opened =
  | { readonly text: string; readonly error?: undefined }
  | { readonly error: string; readonly text?: undefined }

const fromSsh2 = createRequire(createRequire(import.meta.url).resolve('ssh2'))

function openHere(text: string, passphrase: string | null): Opened {
  return unseal(text, passphrase, crypto, () => (fromSsh2('bcrypt-pbkdf') as { pbkdf: Pbkdf }).pbkdf)
}

/** The worker is given its program as text, so that it needs no file of its own beside a bundle. */
function openAside(text: string, passphrase: string): Promise<Opened> {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads')
    const unseal = ${unseal.toString()}
    parentPort.postMessage(unseal(workerData.text, workerData.passphrase, require('node:crypto'), () => require(workerData.pbkdf).pbkdf))
  `
  return new Promise((done) => {
    const worker = new Worker(program, {
      eval: true,
      workerData: { text, passphrase, pbkdf: fromSsh2.resolve('bcrypt-pbkdf') },
      env: {},
      execArgv: [],
    })
    worker.once('message', (opened: Opened) => done(opened))
    // A worker that cannot even load (a packed program, a policy) must not cost the connection: slow is better than not.
    worker.once('error', () => done(openHere(text, passphrase)))
  })
}

/**
 * Gives the key back without its seal, in a form that ssh2 reads. Runs in a worker from its own text, so everything it
 * uses is handed to it.
 */
function unseal(
  text: string,
  passphrase: string | null,
  node: typeof crypto,
  loadPbkdf: () => Pbkdf,
): { text: string } | { error: string } {
  const string = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const magic = Buffer.from('openssh-key-v1\0', 'latin1')
  const container = (publicBlob: Uint8Array, privateBlob: Uint8Array) => {
    const none = string(Buffer.from('none'))
    const blob = Buffer.concat([
      magic,
      none,
      none,
      string(Buffer.alloc(0)),
      number(1),
      string(publicBlob),
      string(privateBlob),
    ])
    const lines = blob.toString('base64').replace(/.{70}/g, '$&\n')
    return { text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n` }
  }
  const ciphers: Record<string, [name: string, keyLength: number, ivLength: number, tagLength: number]> = {
    'aes128-ctr': ['aes-128-ctr', 16, 16, 0],
    'aes192-ctr': ['aes-192-ctr', 24, 16, 0],
    'aes256-ctr': ['aes-256-ctr', 32, 16, 0],
    'aes128-cbc': ['aes-128-cbc', 16, 16, 0],
    'aes192-cbc': ['aes-192-cbc', 24, 16, 0],
    'aes256-cbc': ['aes-256-cbc', 32, 16, 0],
    '3des-cbc': ['des-ede3-cbc', 24, 8, 0],
    'aes128-gcm@openssh.com': ['aes-128-gcm', 16, 12, 16],
    'aes256-gcm@openssh.com': ['aes-256-gcm', 32, 12, 16],
  }
  try {
    const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1]
    if (body === undefined) {
      const key = node.createPrivateKey(passphrase === null ? { key: text } : { key: text, passphrase })
      if (key.asymmetricKeyType === 'rsa') return { text: String(key.export({ type: 'pkcs1', format: 'pem' })) }
      if (key.asymmetricKeyType === 'ec') return { text: String(key.export({ type: 'sec1', format: 'pem' })) }
      if (key.asymmetricKeyType !== 'ed25519')
        return { error: `keys of type ${key.asymmetricKeyType} are not supported` }
      const jwk = key.export({ format: 'jwk' })
      const publicKey = Buffer.from(jwk.x ?? '', 'base64url')
      const type = string(Buffer.from('ssh-ed25519'))
      const publicBlob = Buffer.concat([type, string(publicKey)])
      const seed = Buffer.from(jwk.d ?? '', 'base64url')
      const privateBlob = Buffer.concat([
        number(1),
        number(1),
        publicBlob,
        string(Buffer.concat([seed, publicKey])),
        string(Buffer.alloc(0)),
      ])
      const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, (8 - (privateBlob.length % 8)) % 8)
      return container(publicBlob, Buffer.concat([privateBlob, padding]))
    }
    const blob = Buffer.from(body, 'base64')
    let at = magic.length
    const next = () => {
      const start = at + 4
      at = start + blob.readUInt32BE(at)
      if (at > blob.length) throw new Error('the file is cut short')
      return blob.subarray(start, at)
    }
    const cipherName = next().toString('latin1')
    if (cipherName === 'none') return { text }
    next()
    const options = next()
    at += 4
    const publicBlob = next()
    const sealed = next()
    const cipher = ciphers[cipherName]
    if (cipher === undefined) return { error: `it is sealed with ${cipherName}, which is not supported` }
    if (passphrase === null || passphrase === '') return { error: 'passphrase' }
    const [name, keyLength, ivLength, tagLength] = cipher
    const saltLength = options.readUInt32BE(0)
    const salt = options.subarray(4, 4 + saltLength)
    const rounds = options.readUInt32BE(4 + saltLength)
    const secret = Buffer.from(passphrase, 'utf8')
    const derived = Buffer.alloc(keyLength + ivLength)
    if (loadPbkdf()(secret, secret.length, salt, salt.length, derived, derived.length, rounds) !== 0)
      return { error: 'the key derivation failed' }
    const decipher = node.createDecipheriv(name, derived.subarray(0, keyLength), derived.subarray(keyLength))
    decipher.setAutoPadding(false)
    if (tagLength > 0) (decipher as crypto.DecipherGCM).setAuthTag(blob.subarray(at, at + tagLength))
    let opened: Buffer
    try {
      opened = Buffer.concat([decipher.update(sealed), decipher.final()])
    } catch {
      return { error: 'passphrase' }
    }
    // Both check numbers are equal only when the passphrase was right.
    if (opened.length < 8 || opened.readUInt32BE(0) !== opened.readUInt32BE(4)) return { error: 'passphrase' }
    return container(publicBlob, opened)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // OpenSSL's words for a wrong or a missing passphrase of a PEM file.
    const words = /BAD_DECRYPT|MISSING_PASSPHRASE|BAD_PASSWORD_READ|WRONG_FINAL_BLOCK|INTERRUPTED_OR_CANCELLED/
    if (words.test(code)) return { error: 'passphrase' }
    // One wrong passphrase in 256 leaves a good padding, and then what no key looks like.
    const isNoKey = /^ERR_OSSL_(UNSUPPORTED$|ASN1_)/.test(code)
    if (isNoKey && passphrase !== null && /ENCRYPTED/.test(text)) return { error: 'passphrase' }
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
