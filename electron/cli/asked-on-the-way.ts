/**
 * What a run needs from a person beside decisions: values of secrets, what a connection asks, host keys. Without a
 * terminal nobody answers, and what asked goes on without; each is asked once.
 */
import { waitingForKey } from '../../shared/run/on-hosts.ts'
import type { Run } from '../../shared/run/state.ts'
import type { ReachFailure } from '../engine/ports.ts'
import { answerHostKey } from '../services/run-service.ts'
import type { Drive } from './drive-parts.ts'
import { must } from './must.ts'

/** @returns true when something was answered, so that all is looked at anew */
export async function answerOnTheWay(parts: Drive, run: Run): Promise<boolean> {
  const asking = { ...parts, terminal: withoutStatus(parts) }
  return (await answerConnections(asking)) || (await answerHostKeys(asking, run)) || (await giveSecrets(asking))
}

/** Something waits for an answer on the way: a host is held up by it, whatever else is asked. */
export function isAskedOnTheWay(parts: Drive, run: Run): boolean {
  return (
    parts.context.asking.pending().length > 0 || hostKeysAsked(parts, run).length > 0 || secretsAsked(parts).length > 0
  )
}

function secretsAsked({ handle, declined }: Drive): readonly string[] {
  return handle.missingSecrets().filter((one) => !declined.has(`secret ${one}`))
}

/** The line that says what is under way makes room for a question. */
function withoutStatus({ terminal, progress }: Pick<Drive, 'terminal' | 'progress'>): Drive['terminal'] {
  return {
    ...terminal,
    ask(question, isSecret) {
      progress.end()
      return terminal.ask(question, isSecret)
    },
  }
}

/** Passphrases of identities, passwords, one-time codes. */
async function answerConnections({ context, terminal }: Drive): Promise<boolean> {
  const [asked] = context.asking.pending()
  if (asked === undefined) return false
  const text = terminal.isInteractive
    ? await terminal.ask(`${asked.about}: ${asked.text.replace(/[:\s]+$/, '')}: `, asked.isSecret)
    : null
  context.asking.answer(asked.id, text)
  return true
}

async function giveSecrets(parts: Drive): Promise<boolean> {
  const { handle, terminal, declined } = parts
  if (!terminal.isInteractive) return false
  const [name] = secretsAsked(parts)
  if (name === undefined) return false
  const value = await terminal.ask(`Value of the secret ${name} (empty: not now): `, true)
  if (value === '') declined.add(`secret ${name}`)
  else handle.giveSecrets({ [name]: value })
  return true
}

/** Keys that something failed for and that wait for a yes or a no. A revoked key is never accepted: nothing is asked. */
export function hostKeysAsked({ handle, declined }: Pick<Drive, 'handle' | 'declined'>, run: Run): HostKeyAsked[] {
  return handle.hostKeysWaiting().flatMap(({ host, failure }): HostKeyAsked[] => {
    const { steps, backouts } = waitingForKey(run, host)
    const isWaiting = steps.length + backouts.length > 0
    const offered = failure.hostKey?.offered
    if (!isWaiting || offered === undefined || failure.code === 'host-key-revoked') return []
    if (declined.has(aboutKey(host, offered.fingerprint))) return []
    return [{ host, failure, fingerprint: offered.fingerprint, isNew: failure.code === 'host-key-unknown' }]
  })
}

type HostKeyAsked = {
  readonly host: string
  readonly failure: ReachFailure
  readonly fingerprint: string
  readonly isNew: boolean
}

function aboutKey(host: string, fingerprint: string): string {
  return `host key ${host} ${fingerprint}`
}

async function answerHostKeys(parts: Drive, run: Run): Promise<boolean> {
  for (const asked of hostKeysAsked(parts, run)) {
    const { host, fingerprint } = asked
    const accept = preparedFor(parts, asked) ?? (await askAccept(parts, host, asked.failure))
    if (accept === null) continue
    if (!accept) parts.declined.add(aboutKey(host, fingerprint))
    must(await answerHostKey(parts.context, { run: run.id, host, fingerprint, accept }))
    return true
  }
  return false
}

/**
 * A key in place of one that is known may be an attack: only an answer that names this key accepts it.
 * @returns null where no answer counts; what does not count is used up
 */
function preparedFor({ prepared, progress }: Drive, { host, fingerprint, isNew }: HostKeyAsked): boolean | null {
  for (;;) {
    const answer = prepared.take({ kind: 'host-key', step: null, target: host })
    if (answer?.question !== 'host-key') return null
    if (answer.decide === 'refuse') return false
    if (answer.fingerprint === fingerprint || (answer.fingerprint === undefined && isNew)) return true
    const why =
      answer.fingerprint === undefined
        ? 'the key has changed, and the answer does not name this one'
        : `the answer names ${answer.fingerprint}`
    progress.say(`${host} offers ${fingerprint}: ${why}. It is not accepted.`)
  }
}

/** @returns null where nobody can be asked */
async function askAccept({ terminal, progress }: Drive, host: string, failure: ReachFailure): Promise<boolean | null> {
  if (!terminal.isInteractive || failure.hostKey === undefined) return null
  const { offered, known } = failure.hostKey
  progress.say(`\n${failure.message}`)
  progress.say(`  offered  ${offered.type} ${offered.fingerprint}`)
  for (const one of known)
    progress.say(`  known    ${one.type} ${one.fingerprint}${one.source === undefined ? '' : ` (${one.source})`}`)
  return (await terminal.ask(`Accept this key of ${host}? It is recorded as your act. (yes/no) `)).trim() === 'yes'
}
