/** The staged log's bytes: headers and payloads in their canonical form, chained as a console chains them. No key signs them. */
import { sha256 } from '@noble/hashes/sha2.js'
import { hexOf, textOf } from '../../../shared/journal/bytes.ts'
import { CHAIN_START, chainNext } from '../../../shared/journal/chain.ts'
import { encodePayload } from '../../../shared/journal/entry.ts'
import type { Recorded } from '../../../shared/model/events.ts'

export type StagedEntry = {
  readonly hash: string
  readonly previousHash: string
  readonly header: string
  readonly payload: string
}

const SALT = 'b0d7'.repeat(8)

/** Chains what is new in the log since it was last asked. */
export function stagedEntries(log: readonly Recorded[]): (seq: number) => StagedEntry | undefined {
  const entries: StagedEntry[] = []
  let end = CHAIN_START
  return (seq) => {
    for (const entry of log.slice(entries.length, seq + 1)) {
      const payload = encodePayload(SALT, plain(entry.text ?? {}))
      const next = chainNext(sha256, end, {
        origin: entry.ref.origin,
        at: entry.at,
        mono: Date.parse(entry.at) - Date.parse(log[0]?.at ?? entry.at),
        boot: '2c41f0aa',
        type: entry.type,
        data: plain(entry.data),
        ...(entry.cause === null ? {} : { cause: entry.cause }),
        ...(entry.act === null ? {} : { act: { ...entry.act } }),
        payload: hexOf(sha256(payload)),
      })
      entries.push({
        hash: next.end.prev,
        previousHash: end.prev,
        header: textOf(next.bytes) ?? '',
        payload: textOf(payload) ?? '',
      })
      end = next.end
    }
    return entries[seq]
  }
}

/** Without members that are undefined: those have no canonical form. */
function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>
}
