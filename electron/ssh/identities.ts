/**
 * The keys that may open a host, in the order in which to offer them. A key is offered by its public half; its file is
 * opened, and its passphrase asked for, only once a host has said that it would take it.
 */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type BaseAgent, type ParsedKey } from 'ssh2'
import type { Host } from '../../shared/model/inventory.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import { expandHome } from '../disk/home.ts'
import type { Credentials } from '../engine/ports.ts'
import { fingerprintOf, typeOf } from './host-key.ts'
import { inspectPrivateKey, openPrivateKey, parseKey } from './private-key.ts'

export type Identity = {
  /** `key ~/.ssh/id_ed25519 (SHA256:…)`, for messages. */
  readonly label: string
  readonly publicKey: ParsedKey
  /** Rejects with a message for the person. */
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>
}

export type Found = {
  readonly identities: readonly Identity[]
  /** What was looked at and cannot be used, and why. */
  readonly notes: readonly string[]
}

export type Identities = { of(host: Host): Promise<Found> }

const DEFAULTS = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const USABLE = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']

export function createIdentities(options: {
  readonly credentials: Pick<Credentials, 'passphrase'>
  readonly agentSocket: string | null
}): Identities {
  const opened = new Map<string, Promise<ParsedKey>>()
  const open = (path: string, text: string, isEncrypted: boolean): Promise<ParsedKey> => {
    const kept = opened.get(path)
    if (kept !== undefined) return kept
    const opening = openFile(path, text, isEncrypted, options.credentials)
    opened.set(path, opening)
    // A passphrase that was not given, or was wrong, is asked for again next time.
    opening.catch(() => opened.delete(path))
    return opening
  }

  const fromAgent = () => (options.agentSocket === null ? nothing : listAgent(ssh2.createAgent(options.agentSocket)))

  return {
    async of(host) {
      if (host.identity !== null) {
        const file = await readIdentity(expandHome(host.identity), open)
        if (file.identity === null) return { identities: [], notes: [file.note] }
        if (!file.needsAgent && !file.isEncrypted) return { identities: [file.identity], notes: [] }
        // The agent may hold it open already.
        const { identities, notes } = await fromAgent()
        const held = identities.filter((identity) => isSame(identity.publicKey, file.identity.publicKey))
        const own = file.needsAgent ? [] : [file.identity]
        if (held.length + own.length > 0) return { identities: [...held, ...own].slice(0, 1), notes: [] }
        return { identities: [], notes: [`${file.note}`, ...notes] }
      }
      const agent = await fromAgent()
      const files = await Promise.all(DEFAULTS.map((name) => readIdentity(join(homedir(), '.ssh', name), open)))
      const usable = files.flatMap((file) => (file.identity === null || file.needsAgent ? [] : [file.identity]))
      const more = usable.filter((file) => !agent.identities.some((held) => isSame(held.publicKey, file.publicKey)))
      return { identities: [...agent.identities, ...more], notes: agent.notes }
    },
  }
}

/** One key that is there as text, such as that of the practice hosts. */
export function identityFromText(text: string, label: string): Found {
  const key = parseKey(text)
  if (key instanceof Error) return { identities: [], notes: [`${label} (not readable)`] }
  return { identities: [{ label, publicKey: key, sign: (data, hash) => signWith(key, data, hash) }], notes: [] }
}

const nothing: Promise<Found> = Promise.resolve({ identities: [], notes: [] })

type KeyFile =
  | { readonly identity: null; readonly note: string; readonly needsAgent: boolean }
  | { readonly identity: Identity; readonly note: string; readonly needsAgent: boolean; readonly isEncrypted: boolean }

async function readIdentity(
  path: string,
  open: (path: string, text: string, isEncrypted: boolean) => Promise<ParsedKey>,
): Promise<KeyFile> {
  const shown = shorten(path)
  const text = await readText(path)
  const publicText = await readText(`${path}.pub`)
  if (text instanceof Error) {
    const beside = publicText instanceof Error ? null : parsePublic(publicText)
    const note = `key ${shown} (${errorCode(text) === 'ENOENT' ? 'there is no such file' : text.message})`
    if (beside === null) return { identity: null, note, needsAgent: true }
    // Only the public half lies here: the key itself is in the agent or on a card.
    const refuse = () => Promise.reject(new Error(`the private half of ${shown} is not here`))
    return {
      identity: { label: labelOf(shown, beside), publicKey: beside, sign: refuse },
      note: `key ${shown} (only its public half is here, and the agent does not hold it)`,
      needsAgent: true,
      isEncrypted: false,
    }
  }
  const sealed = inspectPrivateKey(text)
  const publicKey =
    (sealed.publicBlob === null
      ? null
      : parsePublic(`${typeOf(sealed.publicBlob)} ${sealed.publicBlob.toString('base64')}`)) ??
    (publicText instanceof Error ? null : parsePublic(publicText)) ??
    (await open(path, text, sealed.isEncrypted).catch((error: Error) => error))
  if (publicKey instanceof Error)
    return { identity: null, note: `key ${shown} (${publicKey.message})`, needsAgent: false }
  if (!USABLE.includes(publicKey.type)) {
    return { identity: null, note: `key ${shown} (${publicKey.type} is not supported)`, needsAgent: false }
  }
  return {
    identity: {
      label: labelOf(shown, publicKey),
      publicKey,
      sign: async (data, hash) => signWith(await open(path, text, sealed.isEncrypted), data, hash),
    },
    note: `key ${shown}`,
    needsAgent: false,
    isEncrypted: sealed.isEncrypted,
  }
}

async function openFile(
  path: string,
  text: string,
  isEncrypted: boolean,
  credentials: Pick<Credentials, 'passphrase'>,
): Promise<ParsedKey> {
  if (!isEncrypted) return keyOrThrow(await openPrivateKey(text, null))
  let last: string | null = null
  for (let left = 3; left > 0; left--) {
    const passphrase = await credentials.passphrase(path)
    if (passphrase === null) throw new Error('no passphrase was given')
    // Who answers the same again has no other answer.
    if (passphrase === last) break
    last = passphrase
    const key = await openPrivateKey(text, passphrase)
    if (key !== 'passphrase') return keyOrThrow(key)
  }
  throw new Error('the passphrase is wrong')
}

function keyOrThrow(key: ParsedKey | 'passphrase' | Error): ParsedKey {
  if (key === 'passphrase') throw new Error('it has a passphrase')
  if (key instanceof Error) throw new Error(`it cannot be read: ${key.message}`)
  return key
}

function signWith(key: ParsedKey, data: Buffer, hash: string | undefined): Promise<Buffer> {
  const signature: Buffer | Error = key.sign(data, hash)
  return signature instanceof Error ? Promise.reject(signature) : Promise.resolve(signature)
}

/** Certificates and sk- keys are left out: ssh2 cannot use them, and one of them would spoil the others. */
function listAgent(agent: BaseAgent): Promise<Found> {
  return new Promise((done) => {
    agent.getIdentities((error, keys) => {
      if (error instanceof Error) return done({ identities: [], notes: [`ssh-agent (${error.message})`] })
      const all = (keys ?? []).flatMap((key): ParsedKey[] => {
        const parsed = typeof key === 'object' && 'getPublicSSH' in key ? key : null
        return parsed === null ? [] : [parsed]
      })
      const identities = all
        .filter((key) => USABLE.includes(key.type))
        .map(
          (key): Identity => ({
            label: `agent key ${fingerprintOf(key.getPublicSSH())}`,
            publicKey: key,
            sign: (data, hash) =>
              new Promise((signed, fail) => {
                const answer = (failed?: Error | null, signature?: Buffer) =>
                  signature === undefined ? fail(failed ?? new Error('the agent did not sign')) : signed(signature)
                if (hash === undefined) agent.sign(key, data, answer)
                else agent.sign(key, data, hash === 'sha512' ? { hash: 'sha512' } : { hash: 'sha256' }, answer)
              }),
          }),
        )
      const notes = all
        .filter((key) => !USABLE.includes(key.type))
        .map((key) => `agent key of type ${key.type} (not supported)`)
      done({ identities, notes })
    })
  })
}

function parsePublic(text: string): ParsedKey | null {
  const key = parseKey(text)
  return key instanceof Error ? null : key
}

function isSame(one: ParsedKey, other: ParsedKey): boolean {
  return one.getPublicSSH().equals(other.getPublicSSH())
}

function labelOf(shown: string, key: ParsedKey): string {
  return `key ${shown} (${fingerprintOf(key.getPublicSSH())})`
}

function shorten(path: string): string {
  return path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path
}

async function readText(path: string): Promise<string | Error> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
