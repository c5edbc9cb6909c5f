/**
 * Keys that ssh-agent holds. Its protocol is spoken here (two requests of it) because security keys, which ssh2 does not
 * know, are signed with through it.
 */
import { connect } from 'node:net'
import { concat } from '../../shared/journal/bytes.ts'
import { parsePublicKey, wireReader, wireString, wireUint32 } from '../../shared/journal/ssh-wire.ts'
import type { Signer } from '../engine/ports.ts'
import { KeyError } from './key-error.ts'
import { signerOf } from './signers.ts'
import { fingerprintOfKey } from './ssh-key.ts'

const FAILURE = 5
const REQUEST_IDENTITIES = 11
const IDENTITIES_ANSWER = 12
const SIGN_REQUEST = 13
const SIGN_RESPONSE = 14
const RSA_SHA2_512 = 4
const MAX_ANSWER = 1024 * 1024

export type AgentKey = { readonly type: string; readonly blob: Uint8Array; readonly comment: string }

/** The agent of this session: a socket, on Windows OpenSSH's pipe; null where there is none. */
export function agentSocket(): string | null {
  const socket = process.env['SSH_AUTH_SOCK']
  if (socket !== undefined && socket !== '') return socket
  return process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : null
}

/** Keys of known types; certificates are left out. @throws KeyError `agent-missing`, `agent-refused` */
export async function agentKeys(socket: string): Promise<readonly AgentKey[]> {
  const reader = wireReader(await ask(socket, IDENTITIES_ANSWER, Uint8Array.of(REQUEST_IDENTITIES)))
  const count = reader.uint32() ?? 0
  const keys: AgentKey[] = []
  for (let at = 0; at < count; at++) {
    const blob = reader.string()
    const comment = reader.text() ?? ''
    const key = blob && parsePublicKey(blob)
    if (blob && key) keys.push({ type: key.type, blob, comment })
  }
  return keys
}

/**
 * @param fingerprint of a key that the agent holds
 * @throws KeyError `agent-missing` where there is no agent or it has no such key; signing rejects with `agent-refused`
 */
export async function signerFromAgent(socket: string, fingerprint: string, name: string): Promise<Signer> {
  const key = (await agentKeys(socket)).find(({ blob }) => fingerprintOfKey(blob) === fingerprint)
  if (key === undefined) throw new KeyError('agent-missing', `ssh-agent does not hold the key ${fingerprint}.`)
  const flags = wireUint32(key.type === 'ssh-rsa' ? RSA_SHA2_512 : 0)
  return signerOf(key, name, key.comment, async (data) => {
    const request = concat(Uint8Array.of(SIGN_REQUEST), wireString(key.blob), wireString(data), flags)
    const signature = wireReader(await ask(socket, SIGN_RESPONSE, request)).string()
    if (signature === null) throw new KeyError('agent-refused', 'ssh-agent gave an answer that is no signature.')
    return signature
  })
}

/** One request over a connection of its own. @returns the answer after its type */
function ask(socket: string, expected: number, request: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket)
    let answer = Buffer.alloc(0)
    const settle = (finish: () => void) => {
      connection.destroy()
      finish()
    }
    const fail = (error: KeyError) => settle(() => reject(error))
    connection.on('error', (cause) => fail(new KeyError('agent-missing', `No ssh-agent answers at ${socket}.`, cause)))
    connection.on('close', () => fail(new KeyError('agent-refused', 'ssh-agent hung up without an answer.')))
    connection.on('connect', () => connection.write(wireString(request)))
    connection.on('data', (piece) => {
      answer = Buffer.concat([answer, piece])
      const length = answer.length >= 4 ? answer.readUInt32BE(0) : MAX_ANSWER
      if (length > MAX_ANSWER) return fail(new KeyError('agent-refused', 'ssh-agent gave an answer that is too long.'))
      if (answer.length < 4 + length || length === 0) return
      const type = answer[4]
      if (type === expected) settle(() => resolve(new Uint8Array(answer.subarray(5, 4 + length))))
      else if (type === FAILURE) fail(new KeyError('agent-refused', 'ssh-agent refused to sign with this key.'))
      else fail(new KeyError('agent-refused', `ssh-agent gave an answer of an unknown kind (${type}).`))
    })
  })
}
