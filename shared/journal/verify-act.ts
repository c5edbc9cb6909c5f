/** Checks one act: its line, nonce, signature, signer, and the documents it binds. FORMAT.md sections 5 and 11. */
import { ACT_NAMESPACE, ActContent, ActReason, actMessage, documentDigest, parseAct } from './act.ts'
import type { ActLine } from './act.ts'
import { bytesOfBase64, hexOf } from './bytes.ts'
import { canonicalText } from './canonical.ts'
import type { Header, Payload } from './entry.ts'
import { ADMINISTRATORS_ACTS } from './entry-rules.ts'
import { rootAt } from './merkle.ts'
import type { FullTree } from './merkle.ts'
import type { Operators } from './operators.ts'
import type { JournalCrypto, Report } from './source.ts'
import { formatKeyLine, parsePublicKey } from './ssh-wire.ts'
import { parseSshSig, verifySshSig } from './sshsig.ts'

export type ActChecker = {
  /** @param isIncomplete an earlier entry is missing: what introduces a nonce or a key may be the very one */
  (header: Header, act: unknown, payload: Payload | null, at: number, isIncomplete: boolean): Promise<void>
  /** @returns false where one of them was issued before */
  issue(nonces: readonly string[]): boolean
}

export function actChecker(
  origin: string,
  crypto: JournalCrypto,
  operators: Operators,
  tree: FullTree,
  report: Report,
): ActChecker {
  const unused = new Set<string>()
  const used = new Set<string>()
  let hasAfterMismatch = false

  const check = async (header: Header, act: unknown, payload: Payload | null, at: number, isIncomplete: boolean) => {
    const line = parseAct(act)
    const run = header.data['run']
    if (!line || (run !== undefined && line.run !== run)) {
      return report('act-invalid', at, line ? 'the act is for another run' : 'the act line is not of version 1')
    }
    checkNonce(line, at, isIncomplete)
    checkAfter(line, at)
    await checkSignature(header, line, at, isIncomplete)
    if (payload) checkDocuments(header, line, payload, at)
  }

  function checkNonce(line: ActLine, at: number, isIncomplete: boolean): void {
    if (line.origin !== origin) return report('nonce-foreign', at, `the act is for ${line.origin}`)
    if (unused.delete(line.nonce)) {
      used.add(line.nonce)
    } else if (used.has(line.nonce)) {
      report('nonce-reused', at, 'the nonce was used before')
    } else if (!isIncomplete) {
      report('nonce-unknown', at, 'the nonce was not issued before')
    }
  }

  function checkAfter(line: ActLine, at: number): void {
    const { size, root } = line.after
    if (size > at) return report('act-after-mismatch', at, `the signer cannot have seen ${size} entries`)
    if (hasAfterMismatch || size > tree.size() || hexOf(rootAt(crypto.sha256, size, tree.node)) === root) return
    hasAfterMismatch = true
    report('act-after-mismatch', at, `the signer saw another log of ${size} entries`)
  }

  async function checkSignature(header: Header, line: ActLine, at: number, isIncomplete: boolean): Promise<void> {
    if (header.sig === undefined) return report('act-signature-missing', at, 'the act is not signed')
    const blob = bytesOfBase64(header.sig)
    const sig = blob && parseSshSig(blob)
    if (!sig || !(await verifySshSig(sig, ACT_NAMESPACE, actMessage(line), crypto, crypto.verifySsh))) {
      return report('act-signature-bad', at, 'the signature is not one over this act')
    }
    const key = parsePublicKey(sig.publicKey)
    const signer = key && operators.signer(formatKeyLine(key.type, sig.publicKey))
    if (isIncomplete) return
    if (!signer) return report('signer-unknown', at, 'the signer’s key is no operator’s at this place')
    if (ADMINISTRATORS_ACTS.has(header.type) && !signer.isAdministrator) {
      report('signer-not-administrator', at, `${signer.id} is no administrator`)
    }
  }

  function checkDocuments(header: Header, line: ActLine, payload: Payload, at: number): void {
    const content = ActContent.safeParse(payload['content'])
    const isSigned = content.success && documentDigest(crypto.sha256, content.data) === line.content
    if (!isSigned || !isAbout(content.data, header)) {
      report('act-content-mismatch', at, 'the content that was signed is not what the entry records')
    }
    const reason = ActReason.safeParse(payload['reason'])
    const isSame = reason.success
      ? documentDigest(crypto.sha256, reason.data) === line.reason
      : line.reason === null && payload['reason'] === undefined
    if (!isSame) report('act-reason-mismatch', at, 'the reason is not the one that was signed')
  }

  return Object.assign(check, {
    issue(nonces: readonly string[]) {
      let isFresh = true
      for (const nonce of nonces) {
        if (unused.has(nonce) || used.has(nonce)) isFresh = false
        else unused.add(nonce)
      }
      return isFresh
    },
  })
}

function isAbout(content: ActContent, header: Header): boolean {
  return content.type === header.type && canonicalText(content.data) === canonicalText(header.data)
}
