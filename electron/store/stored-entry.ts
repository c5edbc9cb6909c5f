/**
 * A row of `entries` as the rest of the program sees it. This reads what the chain and the seal vouch for; judging a
 * stranger's journal is shared/journal's verification.
 */
import { textOfPayload } from '../../shared/journal/entry.ts'
import type { Header, Payload } from '../../shared/journal/entry.ts'
import type { Recorded } from '../../shared/model/events.ts'
import type { EntryIndex } from './entry-index.ts'
import { JournalError } from './journal-error.ts'
import { sha256Hex } from './sha256.ts'

export type EntryRow = { readonly seq: number; readonly header: Buffer; readonly payload: Buffer | null }

export type Text = Readonly<Record<string, unknown>>

/** @throws JournalError `damaged` where the bytes are no header, or one of another place */
export function headerOf(seq: number, bytes: Buffer): Header {
  const header = parse(bytes)
  if (!isHeader(header)) throw damaged(seq, 'header-invalid', 'its header is not readable')
  if (header.seq !== seq) throw damaged(seq, 'seq-mismatch', `it says it is entry ${header.seq}`)
  return header
}

/** @returns null where redacted. @throws JournalError `damaged` where it is not the payload that was recorded */
export function textOf(header: Header, payload: Buffer | null): Text | null {
  if (payload === null) return null
  if (sha256Hex(payload) !== header.payload) throw damaged(header.seq, 'payload-mismatch', 'its payload was changed')
  const value = parse(payload)
  if (!isRecord(value)) throw damaged(header.seq, 'payload-invalid', 'its payload is not readable')
  return textOfPayload(value as Payload)
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}

function isHeader(value: unknown): value is Header {
  return (
    isRecord(value) &&
    typeof value['origin'] === 'string' &&
    typeof value['type'] === 'string' &&
    typeof value['prev'] === 'string' &&
    typeof value['payload'] === 'string' &&
    typeof value['at'] === 'string' &&
    isRecord(value['data']) &&
    (value['act'] === undefined || isRecord(value['act']))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param detail a code of FORMAT.md section 11 */
export function damaged(seq: number, detail: string, what: string): JournalError {
  return new JournalError('damaged', `The journal is damaged at entry ${seq}: ${what}.`, { detail, seq })
}

export function recordedOf(header: Header, text: Text | null, index: EntryIndex): Recorded {
  return {
    ref: { origin: header.origin, seq: header.seq },
    at: header.at,
    type: header.type,
    data: header.data,
    text: text === null ? null : { ...text },
    act: index.actSeen(header),
    cause: header.cause ?? null,
  }
}
