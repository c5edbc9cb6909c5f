/** SSHSIG against the real ssh-keygen, both ways, with every kind of key it makes. */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ACT_NAMESPACE, actMessage } from '../../../shared/journal/act.ts'
import { utf8Of } from '../../../shared/journal/bytes.ts'
import { fingerprintOf, formatKeyLine, parseKeyLine, wireString, wireText } from '../../../shared/journal/ssh-wire.ts'
import { concat } from '../../../shared/journal/bytes.ts'
import {
  armor,
  dearmor,
  encodeSshSig,
  parseSshSig,
  sigOfArmor,
  signedData,
  verifySshSig,
} from '../../../shared/journal/sshsig.ts'
import { nodeCrypto, sha256 } from '../../shared/journal/node-crypto.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdpoint-sshsig-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MESSAGE = actMessage({
  v: 1,
  nonce: 'c0'.repeat(16),
  origin: 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee',
  run: 'orders',
  act: 'approve',
  subject: 'Überholung “go”',
  role: null,
  content: 'ab'.repeat(32),
  reason: null,
  after: { size: 12, root: 'cd'.repeat(32) },
})

const keygen = (args: readonly string[], input?: Uint8Array) =>
  execFileSync('ssh-keygen', args, { input, stdio: ['pipe', 'pipe', 'pipe'] })

const verdict = (armored: string, namespace = ACT_NAMESPACE, message = MESSAGE) => {
  const sig = parseSshSig(dearmor(armored) ?? new Uint8Array())
  return sig && verifySshSig(sig, namespace, message, nodeCrypto, nodeCrypto.verifySsh)
}

describe.each([
  ['ed25519', []],
  ['ecdsa', ['-b', '256']],
  ['ecdsa', ['-b', '384']],
  ['ecdsa', ['-b', '521']],
  ['rsa', ['-b', '2048']],
] as const)('made by ssh-keygen: %s %j', (type, bits) => {
  const file = join(folder, `${type}${bits.join('')}`)
  keygen(['-q', '-t', type, ...bits, '-N', '', '-C', 'a comment', '-f', file])
  const line = parseKeyLine(readFileSync(`${file}.pub`, 'utf8'))

  test.each(['sha512', 'sha256'])('a signature with %s verifies, and only over what was signed', async (hash) => {
    const args = ['-q', '-Y', 'sign', '-f', file, '-n', ACT_NAMESPACE, '-O', `hashalg=${hash}`]
    const armored = keygen(args, MESSAGE).toString()
    expect(await verdict(armored)).toBe(true)
    expect(await verdict(armored, 'file')).toBe(false)
    expect(await verdict(armored, ACT_NAMESPACE, utf8Of('another'))).toBe(false)
    const blob = dearmor(armored) ?? new Uint8Array()
    expect(armor(blob)).toBe(armored)
    expect(sigOfArmor(armored)).toBe(Buffer.from(blob).toString('base64'))
    const sig = parseSshSig(blob)
    expect(sig?.hash).toBe(hash)
    expect(sig && Buffer.from(encodeSshSig(sig)).equals(blob)).toBe(true)
    // Not one byte can be changed.
    for (let at = 0; at < blob.length; at += 7) {
      const damaged = Uint8Array.from(blob)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      const read = parseSshSig(damaged)
      const isGood = read ? await verifySshSig(read, ACT_NAMESPACE, MESSAGE, nodeCrypto, nodeCrypto.verifySsh) : false
      expect(isGood).toBe(false)
    }
  })

  test('key line and fingerprint are ssh-keygen’s', () => {
    expect(line?.comment).toBe('a comment')
    const [, fingerprint] = keygen(['-l', '-f', `${file}.pub`])
      .toString()
      .split(' ')
    expect(line && fingerprintOf(sha256, line.blob)).toBe(fingerprint)
    expect(line && readFileSync(`${file}.pub`, 'utf8').startsWith(`${formatKeyLine(line.type, line.blob)} `)).toBe(true)
  })
})

test('a signature made here is accepted by ssh-keygen -Y verify, and refused when the message differs', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const blob = concat(wireText('ssh-ed25519'), wireString(raw))
  const data = signedData(ACT_NAMESPACE, MESSAGE, 'sha512', nodeCrypto)
  const signature = concat(wireText('ssh-ed25519'), wireString(sign(null, data, privateKey)))
  const sig = encodeSshSig({ publicKey: blob, namespace: ACT_NAMESPACE, hash: 'sha512', signature })
  writeFileSync(join(folder, 'act.sig'), armor(sig))
  writeFileSync(join(folder, 'allowed_signers'), `anna ${formatKeyLine('ssh-ed25519', blob)}\n`)
  const args = ['-Y', 'verify', '-f', join(folder, 'allowed_signers'), '-I', 'anna', '-n', ACT_NAMESPACE]
  const verify = (message: Uint8Array) => keygen([...args, '-s', join(folder, 'act.sig')], message).toString()
  expect(verify(MESSAGE)).toContain('Good "holdpoint-act" signature for anna')
  expect(() => verify(utf8Of('another'))).toThrow()
})

test('what is no SSHSIG is refused', () => {
  const armored = keygen(['-q', '-Y', 'sign', '-f', join(folder, 'ed25519'), '-n', ACT_NAMESPACE], MESSAGE).toString()
  expect(dearmor(armored)).not.toBeNull()
  for (const text of [
    '',
    'x',
    armored.replace('BEGIN', 'begin'),
    `${armored}${armored}`,
    armored.replace('\nU', '\n!'),
  ]) {
    expect(dearmor(text)).toBeNull()
  }
  const blob = dearmor(armored) ?? new Uint8Array()
  expect(parseSshSig(blob.slice(0, -1))).toBeNull()
  expect(parseSshSig(Uint8Array.from([...blob, 0]))).toBeNull()
  expect(parseKeyLine('ssh-dss AAAA')).toBeNull()
  expect(parseKeyLine('ssh-ed25519')).toBeNull()
})
