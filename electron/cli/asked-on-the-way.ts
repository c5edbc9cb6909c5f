/**
 * What a run needs from a person beside decisions: values of secrets, what a connection asks, host keys. Without a
 * terminal nobody answers, and what asked goes on without; each is asked once.
 */
import type { Run } from '../../shared/run/state.ts'
import { answerHostKey } from '../services/run-service.ts'
import type { Drive } from './drive-parts.ts'
import { must } from './must.ts'

/** @returns true when something was answered, so that all is looked at anew */
export async function answerOnTheWay(parts: Drive, run: Run): Promise<boolean> {
  const asking = { ...parts, terminal: withoutStatus(parts) }
  return (await answerConnections(asking)) || (await answerHostKeys(asking, run)) || (await giveSecrets(asking))
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

async function giveSecrets({ handle, terminal, declined }: Drive): Promise<boolean> {
  if (!terminal.isInteractive) return false
  const name = handle.missingSecrets().find((one) => !declined.has(`secret ${one}`))
  if (name === undefined) return false
  const value = await terminal.ask(`Value of the secret ${name} (empty: not now): `, true)
  if (value === '') declined.add(`secret ${name}`)
  else handle.giveSecrets({ [name]: value })
  return true
}

async function answerHostKeys(parts: Drive, run: Run): Promise<boolean> {
  const { context, handle, prepared, declined } = parts
  for (const { host, failure } of handle.hostKeysWaiting()) {
    const isWaiting = run.order.some((id) => {
      const cell = run.cells[id]?.[host]
      return cell?.state === 'failed' && cell.failure?.startsWith('host-key') === true
    })
    const fingerprint = failure.hostKey?.offered.fingerprint ?? ''
    const about = `host key ${host} ${fingerprint}`
    // A revoked key is never accepted: there is nothing to ask.
    if (!isWaiting || declined.has(about) || failure.code === 'host-key-revoked') continue
    const answer = prepared.take({ kind: 'host-key', step: null, target: host })
    const accept =
      answer?.question === 'host-key'
        ? answer.decide === 'accept' && (answer.fingerprint === undefined || answer.fingerprint === fingerprint)
        : await askAccept(parts, host, failure)
    if (accept === null) continue
    if (!accept) declined.add(about)
    must(await answerHostKey(context, { run: run.id, host, fingerprint, accept }))
    return true
  }
  return false
}

/** @returns null where nobody can be asked */
async function askAccept(
  { terminal, progress }: Drive,
  host: string,
  failure: ReturnType<Drive['handle']['hostKeysWaiting']>[number]['failure'],
): Promise<boolean | null> {
  if (!terminal.isInteractive || failure.hostKey === undefined) return null
  const { offered, known } = failure.hostKey
  progress.say(`\n${failure.message}`)
  progress.say(`  offered  ${offered.type} ${offered.fingerprint}`)
  for (const one of known)
    progress.say(`  known    ${one.type} ${one.fingerprint}${one.source === undefined ? '' : ` (${one.source})`}`)
  return (await terminal.ask(`Accept this key of ${host}? It is recorded as your act. (yes/no) `)).trim() === 'yes'
}
