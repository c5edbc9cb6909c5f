/** Entries that a verifier reads: genesis, nonces, operators, redactions. FORMAT.md section 6. */
import { z } from 'zod'
import { Nonce, OriginName } from './act.ts'
import { formatKeyLine, parseKeyLine } from './ssh-wire.ts'

export const OperatorId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)

/** An OpenSSH public key line without comment. */
export const OperatorKey = z.string().refine((line) => {
  const key = parseKeyLine(line)
  return key !== null && formatKeyLine(key.type, key.blob) === line
}, 'not an OpenSSH public key without comment')

export const GenesisData = z
  .looseObject({
    vkey: z.string(),
    operators: z.array(z.looseObject({ id: OperatorId, key: OperatorKey })).min(1),
    administrators: z.array(OperatorId).min(1),
    /** The head of the journal that this incarnation goes on from. Root in hex. */
    previous: z
      .strictObject({ origin: OriginName, size: z.int().min(0), root: z.string().regex(/^[0-9a-f]{64}$/) })
      .exactOptional(),
  })
  .refine((data) => new Set(data.operators.map((one) => one.key)).size === data.operators.length, 'a key twice')
  .refine((data) => data.administrators.every((id) => data.operators.some((one) => one.id === id)), 'not an operator')
export type GenesisData = z.infer<typeof GenesisData>

export const NoncesData = z.looseObject({ nonces: z.array(Nonce) })
export type NoncesData = z.infer<typeof NoncesData>

export const OperatorAddedData = z.looseObject({
  id: OperatorId,
  key: OperatorKey,
  administrator: z.boolean().exactOptional(),
})
export type OperatorAddedData = z.infer<typeof OperatorAddedData>

export const OperatorRevokedData = z.looseObject({ id: OperatorId, key: OperatorKey.exactOptional() })
export type OperatorRevokedData = z.infer<typeof OperatorRevokedData>

const Count = z.int().min(0)

export const RedactedData = z.looseObject({
  /** Entries whose payload was dropped. */
  entries: z.array(Count),
  /** Single blobs that were dropped: the entry, and the place in its `blobs`. */
  blobs: z.array(z.looseObject({ seq: Count, index: Count })),
})
export type RedactedData = z.infer<typeof RedactedData>
