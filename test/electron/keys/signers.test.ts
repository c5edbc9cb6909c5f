import { afterAll, beforeAll, expect, test } from 'vitest'
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync, hash, sign } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat } from '../../../shared/journal/bytes.ts'
import { wireString, wireText } from '../../../shared/journal/ssh-wire.ts'
import { dearmor, parseSshSig, verifySshSig } from '../../../shared/journal/sshsig.ts'
import type { Signer } from '../../../electron/engine/ports.ts'
import { agentKeys, signerFromAgent } from '../../../electron/keys/agent.ts'
import { listCandidateKeys } from '../../../electron/keys/candidate-keys.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { originKeysIn } from '../../../electron/keys/origin-key.ts'
import { createOperatorKey, practiceSigner, signerFromFile } from '../../../electron/keys/signers.ts'

const NAMESPACE = 'holdpoint-act'
const MESSAGE = Buffer.from('Holdpoint act, version 1\nact:      go\n')
const PASSPHRASE = 'correct horse'
let folder: string
let agent: ChildProcess
let socket: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-keys-'))
  socket = join(folder, 'agent')
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  // It says where it listens once it does.
  await once(agent.stdout ?? agent, 'data')
})
afterAll(async () => {
  const gone = once(agent, 'exit')
  agent.kill()
  await gone
  rmSync(folder, { recursive: true })
})

function keygen(name: string, type: readonly string[], passphrase = ''): string {
  const path = join(folder, name)
  if (!existsSync(path)) execFileSync('ssh-keygen', ['-q', '-t', ...type, '-N', passphrase, '-C', name, '-f', path])
  return path
}

function publicLine(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').trim()
}

/** What OpenSSH itself says of a signature. */
function isGoodBySshKeygen(publicKey: string, signature: string, message = MESSAGE): boolean {
  writeFileSync(join(folder, 'allowed'), `someone ${publicKey.split(' ').slice(0, 2).join(' ')}\n`)
  writeFileSync(join(folder, 'signature'), signature)
  const args = [
    '-Y',
    'verify',
    '-f',
    join(folder, 'allowed'),
    '-I',
    'someone',
    '-n',
    NAMESPACE,
    '-s',
    join(folder, 'signature'),
  ]
  try {
    execFileSync('ssh-keygen', args, { input: message, stdio: ['pipe', 'pipe', 'pipe'] })
    return true
  } catch {
    return false
  }
}

async function isGoodHere(signature: string, message: Uint8Array = MESSAGE): Promise<boolean> {
  const sig = parseSshSig(dearmor(signature) ?? new Uint8Array())
  return sig !== null && verifySshSig(sig, NAMESPACE, message, JOURNAL_CRYPTO, JOURNAL_CRYPTO.verifySsh)
}

async function expectGoodSigner(signer: Signer, path: string): Promise<void> {
  expect(signer.publicKey).toBe(publicLine(path))
  expect(execFileSync('ssh-keygen', ['-l', '-f', path]).toString()).toContain(signer.fingerprint)
  const signature = await signer.sign(MESSAGE, NAMESPACE)
  expect(isGoodBySshKeygen(signer.publicKey, signature)).toBe(true)
  expect(isGoodBySshKeygen(signer.publicKey, signature, Buffer.from('another'))).toBe(false)
  expect([await isGoodHere(signature), await isGoodHere(signature, Buffer.from('another'))]).toEqual([true, false])
}

const TYPES: Record<string, readonly string[]> = {
  ed25519: ['ed25519'],
  'ecdsa-256': ['ecdsa', '-b', '256'],
  'ecdsa-384': ['ecdsa', '-b', '384'],
  'ecdsa-521': ['ecdsa', '-b', '521'],
  rsa: ['rsa', '-b', '2048'],
}

test.each(Object.entries(TYPES))('%s: a file signs what ssh-keygen accepts, locked or not', async (name, type) => {
  const path = keygen(name, type)
  await expectGoodSigner(await signerFromFile(path, 'Anna'), path)
  const locked = keygen(`${name}-locked`, [...type, '-a', '1'], PASSPHRASE)
  await expectGoodSigner(await signerFromFile(locked, 'Anna', PASSPHRASE), locked)
  await expect(signerFromFile(locked, 'Anna')).rejects.toMatchObject({ code: 'passphrase-needed' })
  await expect(signerFromFile(locked, 'Anna', 'wrong')).rejects.toMatchObject({ code: 'passphrase-wrong' })
})

test.each(Object.entries(TYPES))(
  '%s: what ssh-keygen signs is accepted here, and nothing else is',
  async (name, type) => {
    const path = keygen(name, type)
    for (const digest of ['sha256', 'sha512']) {
      const args = ['-Y', 'sign', '-q', '-f', path, '-n', NAMESPACE, '-O', `hashalg=${digest}`]
      const signature = execFileSync('ssh-keygen', args, {
        input: MESSAGE,
        stdio: ['pipe', 'pipe', 'ignore'],
      }).toString()
      expect([await isGoodHere(signature), await isGoodHere(signature, Buffer.from('another'))]).toEqual([true, false])
    }
  },
)

test.each([
  ['pem-rsa', ['rsa', '-b', '2048', '-m', 'PEM']],
  ['pkcs8-ecdsa', ['ecdsa', '-b', '256', '-m', 'PKCS8']],
])('%s: older files open as well', async (name, type) => {
  const open = await signerFromFile(keygen(name, type), 'Anna')
  expect(isGoodBySshKeygen(open.publicKey, await open.sign(MESSAGE, NAMESPACE))).toBe(true)
  const locked = keygen(`${name}-locked`, type, PASSPHRASE)
  const signer = await signerFromFile(locked, 'Anna', PASSPHRASE)
  expect(isGoodBySshKeygen(publicLine(locked), await signer.sign(MESSAGE, NAMESPACE))).toBe(true)
  await expect(signerFromFile(locked, 'Anna')).rejects.toMatchObject({ code: 'passphrase-needed' })
  await expect(signerFromFile(locked, 'Anna', 'wrong')).rejects.toMatchObject({ code: 'passphrase-wrong' })
})

test('what is no key, or no key for here, is told apart', async () => {
  writeFileSync(join(folder, 'text'), 'just text')
  await expect(signerFromFile(join(folder, 'none'), 'Anna')).rejects.toMatchObject({ code: 'key-unreadable' })
  await expect(signerFromFile(join(folder, 'text'), 'Anna')).rejects.toMatchObject({ code: 'key-unreadable' })
  await expect(signerFromFile(`${keygen('ed25519', ['ed25519'])}.pub`, 'Anna')).rejects.toMatchObject({
    code: 'key-unreadable',
  })
  const dsa = generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(join(folder, 'ed448'), dsa)
  await expect(signerFromFile(join(folder, 'ed448'), 'Anna')).rejects.toMatchObject({ code: 'unsupported-key' })
})

test('a key that is made here is one of OpenSSH’s, for its owner only, and never replaces one', async () => {
  const path = join(folder, 'new', 'made')
  const signer = await createOperatorKey(path, 'Anna  Lead', PASSPHRASE)
  expect(publicLine(path)).toBe(`${signer.publicKey.split(' ').slice(0, 2).join(' ')} Anna Lead`)
  expect(execFileSync('ssh-keygen', ['-y', '-P', PASSPHRASE, '-f', path]).toString().trim()).toBe(publicLine(path))
  expect([statSync(path).mode & 0o777, statSync(`${path}.pub`).mode & 0o777]).toEqual([0o600, 0o644])
  await expectGoodSigner(signer, path)
  await expect(createOperatorKey(path, 'Anna')).rejects.toMatchObject({ code: 'key-exists' })
})

test('the agent signs with every type it holds, and says why when it does not', async () => {
  for (const [name, type] of Object.entries(TYPES)) {
    const path = keygen(name, type)
    execFileSync('ssh-add', ['-q', path], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
    const fingerprint = (await signerFromFile(path, 'Anna')).fingerprint
    await expectGoodSigner(await signerFromAgent(socket, fingerprint, 'Anna'), path)
  }
  expect((await agentKeys(socket)).map(({ comment }) => comment)).toEqual(Object.keys(TYPES))
  const held = await signerFromAgent(
    socket,
    (await signerFromFile(keygen('rsa', TYPES['rsa'] ?? []), 'x')).fingerprint,
    'x',
  )
  execFileSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
  await expect(held.sign(MESSAGE, NAMESPACE)).rejects.toMatchObject({ code: 'agent-refused' })
  await expect(signerFromAgent(socket, held.fingerprint, 'x')).rejects.toMatchObject({ code: 'agent-missing' })
  await expect(agentKeys(join(folder, 'nobody'))).rejects.toMatchObject({ code: 'agent-missing' })
})

test('keys to choose from: pairs in the folder, locked ones marked, and what the agent holds', async () => {
  const sshFolder = join(folder, 'ssh')
  const path = keygen('ssh/../id_ed25519', ['ed25519'])
  execFileSync('mkdir', [sshFolder])
  for (const name of ['open', 'locked']) {
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-a',
      '1',
      '-N',
      name === 'locked' ? 'x' : '',
      '-C',
      name,
      '-f',
      join(sshFolder, name),
    ])
  }
  writeFileSync(join(sshFolder, 'lonely.pub'), readFileSync(`${path}.pub`))
  writeFileSync(join(sshFolder, 'known_hosts'), 'host ssh-ed25519 AAAA')
  execFileSync('ssh-add', ['-q', path], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
  const found = await listCandidateKeys({ sshFolder, socket })
  expect(found.map(({ from, comment, isLocked }) => [from, comment, isLocked])).toEqual([
    ['file', 'locked', true],
    ['file', 'open', false],
    ['agent', 'ssh/../id_ed25519', false],
  ])
  expect(await listCandidateKeys({ sshFolder: join(folder, 'no-such'), socket: join(folder, 'nobody') })).toEqual([])
})

test('a practice key is the folder’s own, stays, and says what it is', async () => {
  const first = await practiceSigner(join(folder, 'data'), 'security')
  expect(first.publicKey).toMatch(/ practice only$/)
  expect((await practiceSigner(join(folder, 'data'), 'security')).fingerprint).toBe(first.fingerprint)
  expect((await practiceSigner(join(folder, 'data'), 'network')).fingerprint).not.toBe(first.fingerprint)
  await expect(practiceSigner(join(folder, 'data'), '../etc')).rejects.toMatchObject({ code: 'key-unwritable' })
})

test('the console’s key is made once an incarnation, when it may be', async () => {
  const keys = originKeysIn(join(folder, 'data'))
  expect(await keys('00c0ffee', false)).toBeNull()
  const made = await keys('00c0ffee', true)
  const again = await keys('00c0ffee', false)
  expect(again?.publicKey).toEqual(made?.publicKey)
  const signature = await again?.sign(MESSAGE)
  expect(
    await JOURNAL_CRYPTO.verifyEd25519(made?.publicKey ?? new Uint8Array(), MESSAGE, signature ?? new Uint8Array()),
  ).toBe(true)
  expect(statSync(join(folder, 'data', 'keys', 'origin', '00c0ffee')).mode & 0o777).toBe(0o600)
})

test('a security key’s signature covers what was shown to it, its flags and its counter', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const type = 'sk-ssh-ed25519@openssh.com'
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const blob = concat(wireText(type), wireString(raw), wireText('ssh:'))
  const touched = Uint8Array.of(1, 0, 0, 0, 7)
  const signed = concat(hash('sha256', 'ssh:', 'buffer'), touched, hash('sha256', MESSAGE, 'buffer'))
  const signature = (rest: Uint8Array) => concat(wireText(type), wireString(sign(null, signed, privateKey)), rest)
  const isGood = (message: Uint8Array, rest: Uint8Array) =>
    JOURNAL_CRYPTO.verifySsh(type, blob, message, signature(rest))
  expect(await isGood(MESSAGE, touched)).toBe(true)
  expect(await isGood(MESSAGE, Uint8Array.of(0, 0, 0, 0, 7))).toBe(false)
  expect(await isGood(MESSAGE, Uint8Array.of(1, 0, 0, 0, 8))).toBe(false)
  expect(await isGood(Buffer.from('another'), touched)).toBe(false)
})

test('nonsense is no signature, and no exception', async () => {
  const zeros = new Uint8Array(32)
  expect(await JOURNAL_CRYPTO.verifyEd25519(zeros, MESSAGE, new Uint8Array(64))).toBe(false)
  expect(await JOURNAL_CRYPTO.verifyEd25519(new Uint8Array(3), MESSAGE, new Uint8Array(3))).toBe(false)
  expect(await JOURNAL_CRYPTO.verifySsh('ssh-ed25519', zeros, MESSAGE, zeros)).toBe(false)
  const offCurve = concat(
    wireText('ecdsa-sha2-nistp256'),
    wireText('nistp256'),
    wireString(Uint8Array.from({ length: 65 }, (_, at) => (at === 0 ? 4 : at))),
  )
  const signature = concat(
    wireText('ecdsa-sha2-nistp256'),
    wireString(concat(wireString(Uint8Array.of(1)), wireString(Uint8Array.of(1)))),
  )
  expect(await JOURNAL_CRYPTO.verifySsh('ecdsa-sha2-nistp256', offCurve, MESSAGE, signature)).toBe(false)
})
