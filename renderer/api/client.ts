/** The typed client of the console's contract. Nothing here differs between desktop and browser. */
import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '../../shared/api/contract.ts'

export type Client = ContractRouterClient<typeof contract>

/** An open way to the console. `closed` resolves once, with the reason as a person reads it. */
export type Link = { readonly client: Client; readonly closed: Promise<string>; close(): void }

/** The console does not let this page in: trying again would not help. */
export type Refused = { readonly refused: true; readonly message: string }
