/** Tokens and sessions, without a network. */
import { expect, test } from 'vitest'
import { createRights } from '../../../electron/host/rights.ts'
import { secrets } from './stage.ts'

const limits = { tokenLifeMs: 600_000, tokens: 3, sessions: 2 }

function start() {
  const clock = { nowMs: 1_000 }
  return { clock, rights: createRights({ random: secrets.random, nowMs: () => clock.nowMs, limits }) }
}

function sessionOf(answer: ReturnType<ReturnType<typeof start>['rights']['exchange']>): string {
  if ('refused' in answer) throw new Error(answer.refused)
  return answer.session
}

test('a token of 256 bits is good once', () => {
  const { rights } = start()
  const token = rights.newToken()
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  const session = sessionOf(rights.exchange({ token }))
  expect(session).not.toBe(token)
  expect(rights.exchange({ token })).toEqual({ refused: 'used-token' })
  expect(rights.exchange({ session })).toEqual({ session })
  expect(rights.exchange({ session })).toEqual({ session })
})

test('a token is no session and a session no token', () => {
  const { rights } = start()
  const token = rights.newToken()
  expect(rights.exchange({ session: token })).toEqual({ refused: 'unknown-session' })
  const session = sessionOf(rights.exchange({ token }))
  expect(rights.exchange({ token: session })).toEqual({ refused: 'unknown-token' })
})

test('what was not given out is refused', () => {
  const { rights } = start()
  const token = rights.newToken()
  for (const wrong of ['', token.slice(1), `${token}A`, token.toLowerCase(), 'A'.repeat(43), '🗝']) {
    expect(rights.exchange({ token: wrong })).toEqual({ refused: 'unknown-token' })
  }
  sessionOf(rights.exchange({ token }))
})

test('a token is good until ten minutes have passed, and no longer', () => {
  const { rights, clock } = start()
  const inTime = rights.newToken()
  const late = rights.newToken()
  clock.nowMs += limits.tokenLifeMs - 1
  sessionOf(rights.exchange({ token: inTime }))
  clock.nowMs += 1
  expect(rights.exchange({ token: late })).toEqual({ refused: 'expired-token' })
})

test('tokens and sessions are bounded: the oldest goes', () => {
  const { rights } = start()
  const [first, second, third, fourth] = [rights.newToken(), rights.newToken(), rights.newToken(), rights.newToken()]
  expect(rights.exchange({ token: first })).toEqual({ refused: 'unknown-token' })
  const a = sessionOf(rights.exchange({ token: second }))
  const b = sessionOf(rights.exchange({ token: third }))
  // The one that came back last stays.
  sessionOf(rights.exchange({ session: a }))
  const c = sessionOf(rights.exchange({ token: fourth }))
  expect(rights.exchange({ session: b })).toEqual({ refused: 'unknown-session' })
  expect(rights.exchange({ session: a })).toEqual({ session: a })
  expect(rights.exchange({ session: c })).toEqual({ session: c })
})

test('after revocation nothing is good', () => {
  const { rights } = start()
  const session = sessionOf(rights.exchange({ token: rights.newToken() }))
  const token = rights.newToken()
  rights.revokeAll()
  expect(rights.exchange({ token })).toEqual({ refused: 'unknown-token' })
  expect(rights.exchange({ session })).toEqual({ refused: 'unknown-session' })
  expect(rights.exchange({ token: rights.newToken() })).toEqual({ refused: 'unknown-token' })
})
