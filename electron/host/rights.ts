/**
 * Who may come in: one-time tokens, handed out as links, and the session secrets they are exchanged for. Only digests are
 * kept, in memory: nothing here outlives the process, and nothing here can be shown by mistake.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Limits } from './limits.ts'

const SECRET_BYTES = 32

export type Claim = { readonly token: string } | { readonly session: string }
export type RefusalCode = 'unknown-token' | 'used-token' | 'expired-token' | 'unknown-session'
export type Answer = { readonly session: string } | { readonly refused: RefusalCode }

export type Rights = {
  /** A new token: 256 bits as base64url, good once, for ten minutes. */
  newToken(): string
  /** Exchanges a token for a new session secret, or confirms a session. */
  exchange(claim: Claim): Answer
  /** From now on every claim is refused. */
  revokeAll(): void
}

type Issued = { readonly digest: Buffer; readonly expiresMs: number; isUsed: boolean }

export function createRights(source: {
  readonly random: (bytes: number) => Uint8Array
  readonly nowMs: () => number
  readonly limits: Pick<Limits, 'tokenLifeMs' | 'tokens' | 'sessions'>
}): Rights {
  const { random, nowMs, limits } = source
  let tokens: readonly Issued[] = []
  let sessions: readonly Buffer[] = []
  let isRevoked = false

  const newSecret = () => Buffer.from(random(SECRET_BYTES)).toString('base64url')

  function exchangeToken(token: string): Answer {
    const digest = digestOf(token)
    // Every one is compared, so that the time tells nothing of which, or how far.
    const found = tokens.filter((issued) => timingSafeEqual(issued.digest, digest))[0]
    if (found === undefined || isRevoked) return { refused: 'unknown-token' }
    if (found.isUsed) return { refused: 'used-token' }
    if (nowMs() >= found.expiresMs) return { refused: 'expired-token' }
    found.isUsed = true
    const session = newSecret()
    sessions = [...sessions, digestOf(session)].slice(-limits.sessions)
    return { session }
  }

  function confirmSession(session: string): Answer {
    const digest = digestOf(session)
    const found = sessions.filter((known) => timingSafeEqual(known, digest))[0]
    if (found === undefined || isRevoked) return { refused: 'unknown-session' }
    sessions = [...sessions.filter((known) => known !== found), found]
    return { session }
  }

  return {
    newToken() {
      const token = newSecret()
      // Used and expired ones are kept for a while: the person is told which of the two it was.
      const issued = { digest: digestOf(token), expiresMs: nowMs() + limits.tokenLifeMs, isUsed: false }
      tokens = [...tokens, issued].slice(-limits.tokens)
      return token
    },
    exchange: (claim) => ('token' in claim ? exchangeToken(claim.token) : confirmSession(claim.session)),
    revokeAll() {
      isRevoked = true
      tokens = []
      sessions = []
    },
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest()
}
