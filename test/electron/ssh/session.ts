/** What the tests of this folder share: a transport with plain defaults, a session, an attempt and its output. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AttemptEnd, AttemptRequest, Credentials, Session, Transport } from '../../../electron/engine/ports.ts'
import { createTransport, type TransportOptions } from '../../../electron/ssh/transport.ts'
import type { Host } from '../../../shared/model/inventory.ts'
import type { Sshd } from '../../support/sshd.ts'

export const NOBODY: Credentials = {
  passphrase: () => Promise.resolve(null),
  password: () => Promise.resolve(null),
  prompt: () => Promise.resolve(null),
}

/** Knows the host keys of the server, asks nobody, has no agent. */
export function transportTo(server: Sshd, changes: Partial<TransportOptions> = {}): Transport & AsyncDisposable {
  const own = join(server.folder, 'known_hosts')
  writeFileSync(own, server.knownHosts)
  return createTransport({
    credentials: NOBODY,
    knownHosts: { own, user: [] },
    defaultUser: server.user,
    agentSocket: null,
    graceMs: 300,
    ...changes,
  })
}

export async function openSession(transport: Transport, host: Host): Promise<Session> {
  const session = await transport.open(host)
  if ('failed' in session) throw new Error(session.message)
  return session
}

let count = 0

export function attempt(script: string | Uint8Array, changes: Partial<AttemptRequest> = {}): AttemptRequest {
  const bytes = typeof script === 'string' ? Buffer.from(script) : script
  return {
    name: `run1/step/app1/main-${++count}`,
    script: bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    variables: {},
    secrets: {},
    timeoutMs: null,
    ...changes,
  }
}

export type Ran = AttemptEnd & { readonly stdout: string; readonly stderr: string }

export async function run(
  session: Session,
  script: string | Uint8Array,
  changes: Partial<AttemptRequest> = {},
  signal?: AbortSignal,
): Promise<Ran> {
  const output = { stdout: '', stderr: '' }
  const end = await session.run(
    attempt(script, changes),
    (stream, bytes) => {
      output[stream] += Buffer.from(bytes).toString('latin1')
      return Promise.resolve()
    },
    signal,
  )
  return { ...end, ...output }
}

/** Output arrives as bytes; this makes it text where a test expects UTF-8. */
export function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}

/** Resolves with the first output that contains the text; for tests that must act while a script runs. */
export function waitsFor(text: string): {
  readonly seen: Promise<void>
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>
} {
  const seen = Promise.withResolvers<void>()
  let all = ''
  return {
    seen: seen.promise,
    output(_stream, bytes) {
      all += Buffer.from(bytes).toString('latin1')
      if (all.includes(text)) seen.resolve()
      return Promise.resolve()
    },
  }
}
