/** What is offered to a host, best first, as far as this program's crypto library has it. */
import { getCiphers } from 'node:crypto'
import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm } from 'ssh2'

export const KEY_EXCHANGES: KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
]

const CIPHER_NAMES: readonly (readonly [ssh: CipherAlgorithm, openssl: string])[] = [
  // These two run on OpenSSL in one step; ssh2's own chacha20 in JavaScript is ten times slower.
  ['aes128-gcm@openssh.com', 'aes-128-gcm'],
  ['aes256-gcm@openssh.com', 'aes-256-gcm'],
  ['aes128-ctr', 'aes-128-ctr'],
  ['aes192-ctr', 'aes-192-ctr'],
  ['aes256-ctr', 'aes-256-ctr'],
  // Electron's BoringSSL has no chacha20 of this kind.
  ['chacha20-poly1305@openssh.com', 'chacha20'],
]

const available = new Set(getCiphers())
export const CIPHERS: CipherAlgorithm[] = CIPHER_NAMES.flatMap(([ssh, openssl]) =>
  available.has(openssl) ? [ssh] : [],
)

export const MACS: MacAlgorithm[] = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
]
