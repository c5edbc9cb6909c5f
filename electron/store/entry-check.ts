/** Refuses an entry that a verifier would find wrong by itself, before it is chained. Codes of FORMAT.md section 11. */
import type { z } from 'zod'
import { BoundBlob, Header } from '../../shared/journal/entry.ts'
import { missingAuthority } from '../../shared/journal/entry-rules.ts'
import type { Lead } from '../../shared/journal/entry-rules.ts'
import {
  GenesisData,
  NoncesData,
  OperatorAddedData,
  OperatorRevokedData,
  RedactedData,
} from '../../shared/journal/genesis.ts'
import { JournalError } from './journal-error.ts'
import type { Text } from './stored-entry.ts'

/** @param lead what is recorded together with it, before it @throws JournalError `invalid-entry`, the code as detail */
export function checkForm(header: Header, text: Text, lead: Lead): void {
  const parsed = Header.safeParse(header)
  if (!parsed.success)
    throw invalidEntry(`its header is wrong at ${parsed.error.issues[0]?.path.join('.')}`, 'header-invalid')
  if ((header.type === 'genesis') !== (header.seq === 0))
    throw invalidEntry('genesis is the first entry, and only that', 'genesis-invalid')
  checkData(header)
  if (text['blobs'] !== undefined && !BoundBlob.array().safeParse(text['blobs']).success) {
    throw invalidEntry('its blobs are not bound as the format says', 'payload-invalid')
  }
  const missing = missingAuthority(header, lead)
  if (missing === null) return
  const need = missing === 'act-missing' ? 'an act' : 'an act or a cause'
  throw invalidEntry(`an entry of type ${header.type} needs ${need}`, missing)
}

/** The types that a verifier reads: FORMAT.md section 6. */
const DATA_OF = new Map<string, z.ZodType>([
  ['genesis', GenesisData],
  ['nonce.issued', NoncesData],
  ['operator.added', OperatorAddedData],
  ['operator.revoked', OperatorRevokedData],
  ['entries.redacted', RedactedData],
])

function checkData({ type, data }: Header): void {
  const fault = DATA_OF.get(type)?.safeParse(data).error?.issues[0]
  if (fault !== undefined)
    throw invalidEntry(`its data is wrong at ${fault.path.join('.')}: ${fault.message}`, 'data-invalid')
}

export function invalidEntry(what: string, detail?: string): JournalError {
  return new JournalError(
    'invalid-entry',
    `The entry was not recorded: ${what}.`,
    detail === undefined ? {} : { detail },
  )
}
