/** Makes acts: a readable text over what is about to be recorded, signed by a person's key. Records nothing itself. */
import { ACT_NAMESPACE, type ActLine, actMessage, documentDigest } from '../../shared/journal/act.ts'
import { hexOf } from '../../shared/journal/bytes.ts'
import type { Sha256 } from '../../shared/journal/bytes.ts'
import { actOf, type PersonCommand } from '../../shared/model/commands.ts'
import { cellName } from '../../shared/model/words.ts'
import type { Journal, SignedAct, Signer } from './ports.ts'

export type ActWords = {
  readonly act: string
  readonly subject: string | null
  readonly role: string | null
  readonly run: string | null
  readonly reason: string | null
  /** What else the act states, beside what its entry records. */
  readonly more?: Readonly<Record<string, unknown>>
}

export type Signing = {
  readonly journal: Pick<Journal, 'origin' | 'head' | 'nonce'>
  readonly sha256: Sha256
  random(bytes: number): Uint8Array
}

/**
 * Signs that `entry` is to be recorded.
 * @throws what the signer throws: the key is locked, the agent refuses
 */
export async function signAct(
  { journal, sha256, random }: Signing,
  signer: Signer,
  entry: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
  words: ActWords,
): Promise<SignedAct> {
  const content = { ...words.more, salt: hexOf(random(16)), type: entry.type, data: entry.data }
  const reason = words.reason === null ? null : { salt: hexOf(random(16)), text: words.reason }
  const nonce = await journal.nonce()
  const line: ActLine = {
    v: 1,
    nonce,
    origin: journal.origin,
    run: words.run,
    act: words.act,
    subject: words.subject,
    role: words.role,
    content: documentDigest(sha256, content),
    reason: reason === null ? null : documentDigest(sha256, reason),
    after: journal.head(),
  }
  const signature = await signer.sign(actMessage(line), ACT_NAMESPACE)
  return { line, signature, content, reason }
}

/** The words of a command's act. @param role asserted by the person; null: the lead's own */
export function wordsOf(run: string, command: PersonCommand, role: string | null): ActWords {
  return {
    act: actOf(command),
    subject: subjectOf(command),
    role: role ?? ('role' in command ? command.role : 'lead'),
    run,
    reason: 'reason' in command && command.reason !== undefined && command.reason !== '' ? command.reason : null,
    more: { command: statedBy(command) },
  }
}

/**
 * What the act states, beside the entry that it causes first: an outcome of a step that is begun with it, further cells. A
 * reason has a document of its own, so that it can be redacted; a plan is told by its entries and its files.
 */
function statedBy(command: PersonCommand): Readonly<Record<string, unknown>> {
  if (command.do === 'planRun')
    return { do: command.do, mode: command.mode, version: command.version, files: command.files }
  return Object.fromEntries(Object.entries(command).filter(([name, value]) => name !== 'reason' && value !== undefined))
}

function subjectOf(command: PersonCommand): string {
  switch (command.do) {
    case 'planRun':
      return plain(`${command.plan.runbook} ${command.mode}`)
    case 'startRun':
    case 'hold':
    case 'resume':
    case 'takeOver':
      return 'the run'
    case 'close':
      return `the run: ${command.result}`
    case 'skip':
    case 'retry':
    case 'settle':
    case 'verify':
    case 'giveUpBackout': {
      const [first, ...others] = command.cells
      if (first === undefined) return 'nothing'
      const name = cellName(first.step, first.target)
      return others.length === 0 ? name : `${name} and ${others.length} more`
    }
    case 'proceed':
    case 'beginManual':
    case 'recordOutcome':
    case 'retryBackout':
      return cellName(command.step, command.target)
    case 'exclude':
      return command.host
    case 'approve':
    case 'refuse':
    case 'withdraw':
    case 'decideGate':
      return command.gate
    case 'backOut':
      return scopeName(command.scope)
    case 'deviate':
    case 'note':
      return plain(command.subject)
  }
}

function scopeName(scope: Extract<PersonCommand, { do: 'backOut' }>['scope']): string {
  switch (scope.kind) {
    case 'run':
      return 'the run'
    case 'workstream':
      return `workstream ${scope.workstream}`
    case 'step':
      return `step ${scope.step}`
    case 'host':
      return `host ${scope.host}`
  }
}

/** A subject stands on one line of the signed text. */
function plain(text: string): string {
  return (
    text
      .replace(/[\p{C}\u2028\u2029]+/gu, ' ')
      .trim()
      .slice(0, 200) || '-'
  )
}
