/**
 * What is looked up in a journal: which entries tell of which run, and whose keys the signatures are. Built from the
 * entries themselves at each opening, never stored: an index on disk could say less than the evidence does.
 */
import { bytesOfBase64 } from '../../shared/journal/bytes.ts'
import type { Header } from '../../shared/journal/entry.ts'
import { fingerprintOf, parseKeyLine } from '../../shared/journal/ssh-wire.ts'
import { parseSshSig } from '../../shared/journal/sshsig.ts'
import type { ActSeen } from '../../shared/model/events.ts'
import { sha256 } from './sha256.ts'

export type Operator = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly isAdministrator: boolean
}

export type EntryIndex = {
  /** Number of entries absorbed. */
  size(): number
  /** The next entry. @param text the payload's members, null where redacted */
  absorb(header: Header, text: Readonly<Record<string, unknown>> | null): void
  runs(): readonly string[]
  /** seqs of a run's entries, ascending. */
  ofRun(run: string): readonly number[]
  /** Operators with a valid key now, in order of their entry. */
  operators(): readonly Operator[]
  /** The operator whose valid key this is. */
  operatorOf(fingerprint: string): Operator | null
  actSeen(header: Header): ActSeen | null
  /** Whether the entry carries an act. */
  isAct(seq: number): boolean
}

export function entryIndex(): EntryIndex {
  let size = 0
  const runs = new Map<string, number[]>()
  const acts = new Set<number>()
  const known = new Map<string, Operator>()
  const valid = new Set<string>()

  const add = (id: string, key: string, name: string, isAdministrator: boolean) => {
    const line = parseKeyLine(key)
    if (line === null) return
    const fingerprint = fingerprintOf(sha256, line.blob)
    known.set(fingerprint, { id, key, name, isAdministrator })
    valid.add(fingerprint)
  }
  const revoke = (id: string, key: unknown) => {
    for (const [fingerprint, operator] of known) {
      if (operator.id === id && (key === undefined || key === operator.key)) valid.delete(fingerprint)
    }
  }
  const learn = (header: Header, text: Readonly<Record<string, unknown>> | null) => {
    const { data } = header
    const names = isRecord(text?.['names']) ? text['names'] : {}
    const nameOf = (id: string) => (typeof names[id] === 'string' ? names[id] : id)
    if (header.type === 'genesis' && Array.isArray(data['operators'])) {
      const administrators: readonly unknown[] = Array.isArray(data['administrators']) ? data['administrators'] : []
      for (const operator of data['operators'] as readonly unknown[]) {
        if (!isRecord(operator) || typeof operator['id'] !== 'string' || typeof operator['key'] !== 'string') continue
        add(operator['id'], operator['key'], nameOf(operator['id']), administrators.includes(operator['id']))
      }
    } else if (header.type === 'operator.added' && typeof data['id'] === 'string' && typeof data['key'] === 'string') {
      add(data['id'], data['key'], nameOf(data['id']), data['administrator'] === true)
    } else if (header.type === 'operator.revoked' && typeof data['id'] === 'string') {
      revoke(data['id'], data['key'])
    }
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
      learn(header, text)
      if (header.act !== undefined) acts.add(header.seq)
      size = header.seq + 1
    },
    isAct: (seq) => acts.has(seq),
    runs: () => [...runs.keys()],
    ofRun: (run) => runs.get(run) ?? [],
    operators: () => [...known].filter(([fingerprint]) => valid.has(fingerprint)).map(([, operator]) => operator),
    operatorOf: (fingerprint) => (valid.has(fingerprint) ? (known.get(fingerprint) ?? null) : null),
    actSeen(header) {
      if (header.act === undefined) return null
      const { act, subject, role } = header.act
      const key = header.sig === undefined ? null : signerOf(header.sig)
      if (typeof act !== 'string' || key === null) return null
      return {
        act,
        subject: typeof subject === 'string' ? subject : '',
        role: typeof role === 'string' ? role : '',
        name: known.get(key)?.name ?? 'someone unknown',
        key,
      }
    },
  }
}

/** Fingerprint of the key that a header's `sig` names. */
function signerOf(sig: string): string | null {
  const blob = bytesOfBase64(sig)
  const parsed = blob === null ? null : parseSshSig(blob)
  return parsed === null ? null : fingerprintOf(sha256, parsed.publicKey)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
