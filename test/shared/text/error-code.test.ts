import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCode } from '../../../shared/text/error-code.ts'

test('the code of what was thrown, whatever that is', () => {
  let thrown: unknown
  try {
    readFileSync('/nowhere/at/all')
  } catch (cause) {
    thrown = cause
  }
  expect(errorCode(thrown)).toBe('ENOENT')
  expect(errorCode({ code: 'disk-full' })).toBe('disk-full')
  for (const other of [new Error('without'), { code: 7 }, null, undefined, 'text']) expect(errorCode(other)).toBe('')
})
