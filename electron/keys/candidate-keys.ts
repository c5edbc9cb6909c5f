/** Keys that a person could sign with, as found on this machine: in their `.ssh` folder and in ssh-agent. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseKeyLine } from '../../shared/journal/ssh-wire.ts'
import type { Fingerprint } from '../../shared/model/words.ts'
import { agentKeys, agentSocket } from './agent.ts'
import { lockOf } from './key-file.ts'
import { fingerprintOfKey } from './ssh-key.ts'

export type CandidateKey = {
  readonly from: 'file' | 'agent'
  /** The private key's file, or the agent's socket. */
  readonly path: string
  readonly type: string
  readonly fingerprint: Fingerprint
  readonly comment: string
  /** A passphrase will be asked for. */
  readonly isLocked: boolean
}

/** Files first; a key that both hold is listed twice, since either can be chosen. */
export async function listCandidateKeys(
  from: { readonly sshFolder?: string; readonly socket?: string | null } = {},
): Promise<readonly CandidateKey[]> {
  const folder = from.sshFolder ?? join(homedir(), '.ssh')
  const socket = from.socket === undefined ? agentSocket() : from.socket
  return [...(await inFolder(folder)), ...(socket === null ? [] : await inAgent(socket))]
}

async function inFolder(folder: string): Promise<CandidateKey[]> {
  const names = existsSync(folder) ? await readdir(folder) : []
  const found = names
    .filter((name) => name.endsWith('.pub'))
    .toSorted()
    .map((name) => candidateOf(join(folder, name.slice(0, -'.pub'.length))))
  return (await Promise.all(found)).filter((candidate) => candidate !== null)
}

async function candidateOf(path: string): Promise<CandidateKey | null> {
  const key = parseKeyLine(await readFile(`${path}.pub`, 'utf8').catch(() => ''))
  const lock = await lockOf(path)
  // A security key's file is only a handle: it signs through the agent.
  if (key === null || lock === null || key.type.startsWith('sk-')) return null
  const fingerprint = fingerprintOfKey(key.blob)
  return { from: 'file', path, type: key.type, fingerprint, comment: key.comment, isLocked: lock === 'locked' }
}

async function inAgent(socket: string): Promise<CandidateKey[]> {
  const keys = await agentKeys(socket).catch(() => [])
  return keys.map(({ type, blob, comment }) => {
    return { from: 'agent', path: socket, type, fingerprint: fingerprintOfKey(blob), comment, isLocked: false }
  })
}
