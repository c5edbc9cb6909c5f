import { expect, test } from 'vitest'
import { firstFrame, forgetSession, keepSession, readAnswer, tokenIn } from '../../../renderer/api/session.ts'

function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    length: 0,
    clear: () => kept.clear(),
    key: () => null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

test('the token is read from the fragment, alone or beside others', () => {
  expect(tokenIn('#token=hNAp_BoxM3-I8')).toBe('hNAp_BoxM3-I8')
  expect(tokenIn('#view=x&token=abc')).toBe('abc')
  expect(tokenIn('#/runs/token')).toBeNull()
  expect(tokenIn('#mytoken=abc')).toBeNull()
})

test('a token is shown before a session, a session where there is no token, and nothing where there is neither', () => {
  const place = storage()
  expect(firstFrame('#/', place)).toBeNull()
  keepSession('kept', place)
  expect(firstFrame('#/', place)).toEqual({ session: 'kept' })
  expect(firstFrame('#token=fresh', place)).toEqual({ token: 'fresh' })
  forgetSession(place)
  expect(firstFrame('#/', place)).toBeNull()
})

test('an answer is a session or a refusal with its message; anything else is none', () => {
  expect(readAnswer('{"session":"s"}')).toEqual({ session: 's' })
  expect(readAnswer('{"refused":"used-token","message":"Used."}')).toEqual({ refused: 'used-token', message: 'Used.' })
  expect(readAnswer('{"refused":"used-token"}')).toEqual({ refused: 'used-token', message: 'used-token' })
  for (const other of ['', 'null', '[]', '{"session":1}', '{', 7, null]) expect(readAnswer(other)).toBeNull()
})
