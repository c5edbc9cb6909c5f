/** The proof of one entry, read out of its bytes: header, payload, neighbours in the chain, and who signed. */
import { sha256 } from '@noble/hashes/sha2.js'
import type { EntryProof } from '../../../shared/api/log.ts'
import { base64Of, hexOf, utf8Of } from '../../../shared/journal/bytes.ts'
import { type Header, parseHeader, parsePayload, textOfPayload } from '../../../shared/journal/entry.ts'
import { parsePublicKey } from '../../../shared/journal/ssh-wire.ts'
import { dearmor, parseSshSig } from '../../../shared/journal/sshsig.ts'
import type { Recorded } from '../../../shared/model/events.ts'

export type Read = {
  readonly proof: EntryProof
  /** null: these bytes are no header. */
  readonly header: Header | null
  readonly entry: Recorded | null
  /** The hash of the payload here is the one in the header; null where it was redacted. */
  readonly payloadIsGood: boolean | null
  /** `ssh-ed25519 AAAA…`: the key that is inside the signature. */
  readonly publicKey: string | null
  /** The entry after it, where there is one. */
  readonly next: { readonly seq: number; readonly hash: string; readonly pointsHere: boolean } | null
}

export function readProof(proof: EntryProof, next: EntryProof | null): Read {
  const parsed = parseHeader(utf8Of(proof.header))
  const header = 'header' in parsed ? parsed.header : null
  return {
    proof,
    header,
    entry: header === null ? null : entryOf(proof, header),
    payloadIsGood: proof.payload === null ? null : hexOf(sha256(utf8Of(proof.payload))) === header?.payload,
    publicKey: proof.signature === null ? null : keyIn(proof.signature.armoured),
    next:
      next === null
        ? null
        : { seq: next.seq, hash: next.hash, pointsHere: next.previousHash === proof.hash && next.chainIsGood },
  }
}

function entryOf(proof: EntryProof, header: Header): Recorded {
  const { signature } = proof
  const payload = proof.payload === null ? null : parsePayload(utf8Of(proof.payload))
  return {
    ref: { origin: header.origin, seq: header.seq },
    at: header.at,
    type: header.type,
    data: header.data,
    text: payload === null ? null : { ...textOfPayload(payload) },
    act:
      signature === null
        ? null
        : {
            act: wordOf(header.act?.['act']),
            subject: wordOf(header.act?.['subject']),
            role: wordOf(header.act?.['role']),
            name: signature.name,
            key: signature.key,
          },
    cause: header.cause ?? null,
  }
}

function keyIn(armoured: string): string | null {
  const blob = dearmor(armoured)
  const sig = blob === null ? null : parseSshSig(blob)
  const type = sig === null ? undefined : parsePublicKey(sig.publicKey)?.type
  return sig === null || type === undefined ? null : `${type} ${base64Of(sig.publicKey)}`
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
