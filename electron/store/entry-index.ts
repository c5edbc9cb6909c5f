/**
 * What is looked up in a journal: which entries tell of which run, which are acts, and whose keys the signatures are.
 * Built from the entries themselves at each opening, never stored: an index on disk could say less than the evidence.
 */
import { bytesOfBase64 } from '../../shared/journal/bytes.ts'
import type { Header } from '../../shared/journal/entry.ts'
import { GenesisData, OperatorAddedData, OperatorRevokedData } from '../../shared/journal/genesis.ts'
import { operators } from '../../shared/journal/operators.ts'
import { fingerprintOf, formatKeyLine, parsePublicKey } from '../../shared/journal/ssh-wire.ts'
import { parseSshSig } from '../../shared/journal/sshsig.ts'
import type { ActSeen } from '../../shared/model/events.ts'
import { sha256 } from './sha256.ts'

/** @property key `<type> <base64>` */
export type Operator = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly isAdministrator: boolean
}

export type EntryIndex = {
  /** Number of entries absorbed. */
  size(): number
  /** The next entry. @param text the payload's members, null where redacted or not needed */
  absorb(header: Header, text: Readonly<Record<string, unknown>> | null): void
  /** Oldest first. */
  runs(): readonly string[]
  /** seqs of a run's entries, ascending. */
  ofRun(run: string): readonly number[]
  isAct(seq: number): boolean
  /** Operators with a valid key now, in order of their entry. */
  operators(): readonly Operator[]
  /** The operator whose valid key this is. @param key `<type> <base64>` */
  operatorOf(key: string): Operator | null
  actSeen(header: Header): ActSeen | null
}

export function entryIndex(): EntryIndex {
  let size = 0
  const runs = new Map<string, number[]>()
  const acts = new Set<number>()
  const valid = operators()
  /** Every key there ever was, and its owner: an act keeps its name when the key is revoked. */
  const owners = new Map<string, string>()
  const names = new Map<string, string>()

  const learn = (header: Header, text: Readonly<Record<string, unknown>> | null) => {
    if (header.type === 'genesis') {
      const { data } = GenesisData.safeParse(header.data)
      if (data === undefined) return
      valid.begin(data)
      for (const { id, key } of data.operators) owners.set(key, id)
      for (const [id, name] of Object.entries(text?.['names'] ?? {})) if (typeof name === 'string') names.set(id, name)
    } else if (header.type === 'operator.added') {
      const { data } = OperatorAddedData.safeParse(header.data)
      if (data === undefined || !valid.add(data)) return
      owners.set(data.key, data.id)
      if (typeof text?.['name'] === 'string') names.set(data.id, text['name'])
    } else if (header.type === 'operator.revoked') {
      const { data } = OperatorRevokedData.safeParse(header.data)
      if (data !== undefined) valid.revoke(data)
    }
  }
  const operatorOf = (key: string): Operator | null => {
    const signer = valid.signer(key)
    return signer && { ...signer, key, name: names.get(signer.id) ?? signer.id }
  }

  return {
    size: () => size,
    absorb(header, text) {
      const run = header.data['run']
      if (typeof run === 'string') {
        const seqs = runs.get(run)
        if (seqs) seqs.push(header.seq)
        else runs.set(run, [header.seq])
      }
      if (header.act !== undefined) acts.add(header.seq)
      learn(header, text)
      size = header.seq + 1
    },
    runs: () => [...runs.keys()],
    ofRun: (run) => runs.get(run) ?? [],
    isAct: (seq) => acts.has(seq),
    operators: () => [...owners.keys()].map(operatorOf).filter((operator) => operator !== null),
    operatorOf,
    actSeen(header) {
      const key = header.sig === undefined ? null : signingKey(header.sig)
      if (header.act === undefined || key === null) return null
      const { act, subject, role } = header.act
      const owner = owners.get(key.line)
      return {
        act: typeof act === 'string' ? act : '',
        subject: typeof subject === 'string' ? subject : '',
        role: typeof role === 'string' ? role : '',
        name: owner === undefined ? 'someone unknown' : (names.get(owner) ?? owner),
        key: key.fingerprint,
      }
    },
  }
}

/** The key that a header's `sig` names. */
function signingKey(sig: string): { readonly line: string; readonly fingerprint: string } | null {
  const blob = bytesOfBase64(sig)
  const parsed = blob && parseSshSig(blob)
  const key = parsed && parsePublicKey(parsed.publicKey)
  if (!parsed || !key) return null
  return { line: formatKeyLine(key.type, parsed.publicKey), fingerprint: fingerprintOf(sha256, parsed.publicKey) }
}
