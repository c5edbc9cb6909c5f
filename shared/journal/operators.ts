/** Who may sign at a place in the log. Validity goes by position: FORMAT.md section 6.1. */
import type { GenesisData, OperatorAddedData, OperatorRevokedData } from './genesis.ts'

export type Operators = {
  /** Whose key it is here; null: nobody's. @param key `<type> <base64>` */
  signer(key: string): { readonly id: string; readonly isAdministrator: boolean } | null
  begin(genesis: GenesisData): void
  /** @returns false where the key is an operator's already */
  add(added: OperatorAddedData): boolean
  revoke(revoked: OperatorRevokedData): void
}

export function operators(): Operators {
  const owners = new Map<string, string>()
  const administrators = new Set<string>()
  return {
    signer(key) {
      const id = owners.get(key)
      return id === undefined ? null : { id, isAdministrator: administrators.has(id) }
    },
    begin(genesis) {
      for (const operator of genesis.operators) owners.set(operator.key, operator.id)
      for (const id of genesis.administrators) administrators.add(id)
    },
    add(added) {
      if (owners.has(added.key)) return false
      owners.set(added.key, added.id)
      if (added.administrator === true) administrators.add(added.id)
      return true
    },
    revoke(revoked) {
      for (const [key, id] of owners) {
        if (id === revoked.id && (revoked.key === undefined || revoked.key === key)) owners.delete(key)
      }
      if (revoked.key === undefined) administrators.delete(revoked.id)
    },
  }
}
