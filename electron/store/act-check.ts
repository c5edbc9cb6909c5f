/**
 * Refuses an act that a verifier would call bad, before it is recorded: once chained it cannot be taken back.
 * The codes are those of FORMAT.md section 11.
 */
import { ACT_NAMESPACE, actMessage, documentDigest, parseAct } from '../../shared/journal/act.ts'
import type { ActLine } from '../../shared/journal/act.ts'
import { bytesOfBase64 } from '../../shared/journal/bytes.ts'
import { canonicalText } from '../../shared/journal/canonical.ts'
import { ADMINISTRATORS_ACTS } from '../../shared/journal/entry-rules.ts'
import { formatKeyLine, parsePublicKey } from '../../shared/journal/ssh-wire.ts'
import { parseSshSig, sigOfArmor, verifySshSig } from '../../shared/journal/sshsig.ts'
import type { SshSig } from '../../shared/journal/sshsig.ts'
import type { JournalCrypto } from '../../shared/journal/source.ts'
import type { Draft, SignedAct } from '../engine/ports.ts'
import type { EntryIndex } from './entry-index.ts'
import { JournalError } from './journal-error.ts'

export type ActContext = {
  readonly origin: string
  readonly crypto: JournalCrypto
  readonly index: EntryIndex
  /** Nonces that were handed out by this start of the console and not used. */
  readonly nonces: ReadonlySet<string>
  /** Root at an earlier size, hex; null where the size is beyond what is durable. */
  rootAt(size: number): string | null
}

export type CheckedAct = { readonly line: ActLine; readonly sig: string }

/** @throws JournalError `act-refused`, the code as detail */
export async function checkAct(draft: Draft, act: SignedAct, context: ActContext): Promise<CheckedAct> {
  const line = parseAct(act.line)
  if (line === null) throw refused('act-invalid', 'its line is not as the format says')
  const run = draft.data['run']
  if (run !== undefined && run !== line.run) throw refused('act-invalid', 'it names another run than the entry')
  if (line.origin !== context.origin) throw refused('nonce-foreign', 'it was signed for another console')
  if (!context.nonces.has(line.nonce)) throw refused('nonce-unknown', 'its nonce was not issued, or was used')
  checkAfter(line, context)
  checkDocuments(draft, act, line, context)
  const sig = sigOfArmor(act.signature)
  const parsed = sig === null ? null : parseSshSig(bytesOfBase64(sig) ?? new Uint8Array())
  if (sig === null || parsed === null || !(await isGood(parsed, line, context.crypto))) {
    throw refused('act-signature-bad', 'the signature does not verify')
  }
  checkSigner(draft, parsed, context)
  return { line, sig }
}

function checkAfter(line: ActLine, context: ActContext): void {
  if (context.rootAt(line.after.size) === line.after.root) return
  throw refused('act-after-mismatch', 'the log it was signed after is not this one')
}

function checkDocuments(draft: Draft, act: SignedAct, line: ActLine, context: ActContext): void {
  const { content, reason } = act
  const isCovered =
    content['type'] === draft.type && canonicalText(content['data'] ?? null) === canonicalText(draft.data)
  if (!isCovered || documentDigest(context.crypto.sha256, content) !== line.content) {
    throw refused('act-content-mismatch', 'what was signed is not what is to be recorded')
  }
  const digest = reason === null ? null : documentDigest(context.crypto.sha256, reason)
  if (digest !== line.reason) throw refused('act-reason-mismatch', 'the reason that was signed is another')
}

function isGood(sig: SshSig, line: ActLine, crypto: JournalCrypto): Promise<boolean> {
  return verifySshSig(sig, ACT_NAMESPACE, actMessage(line), crypto, crypto.verifySsh)
}

function checkSigner(draft: Draft, sig: SshSig, context: ActContext): void {
  const key = parsePublicKey(sig.publicKey)
  const operator = key && context.index.operatorOf(formatKeyLine(key.type, sig.publicKey))
  if (operator === null) throw refused('signer-unknown', 'the key is no known operator’s')
  if (ADMINISTRATORS_ACTS.has(draft.type) && !operator.isAdministrator) {
    throw refused('signer-not-administrator', `${operator.name} is no administrator`)
  }
}

function refused(detail: string, what: string): JournalError {
  return new JournalError('act-refused', `The act was not recorded: ${what}.`, { detail })
}
