import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileExpression, isProblem } from '../../../shared/criteria/expression.ts'
import { isReservedName } from '../../../shared/criteria/vocabulary.ts'

const TYPES = { free: 'number', total: 'number', name: 'string', ok: 'boolean' } as const

function run(source: string, values: Record<string, unknown>): unknown {
  const compiled = compileExpression(source, TYPES)
  return isProblem(compiled) ? compiled : compiled.run(values)
}

test.each([
  ['free < 20 * GiB', { free: 5 }, true],
  ['free < 20 * GiB', { free: 21 * 1024 ** 3 }, false],
  ['free > 5 * minute', { free: 301 }, true],
  ['free / total < 1 / 10', { free: 9, total: 100 }, true],
  ['1 / 2 == 0.5', {}, true],
  ['free == 5 && total != 5', { free: 5, total: 6 }, true],
  ['free in [1, 2.5]', { free: 2.5 }, true],
  ['[1, 2.5].exists(x, x == free)', { free: 1 }, true],
  ['size(name) > 3 && name.size() == 4', { name: 'abcd' }, true],
  ['name.matches("^db[0-9]+$")', { name: 'db12' }, true],
  ['name.startsWith("15.") || name.contains("16")', { name: '15.4' }, true],
  ['ok ? free > 1 : false', { ok: true, free: 2 }, true],
  ['!ok', { ok: false }, true],
  ['-free < -3', { free: 4 }, true],
  ['free % 2 == 0', { free: 4 }, true],
  ['name == "a\\"b\\n\\\\"', { name: 'a"b\n\\' }, true],
])('%s', (source, values, result) => {
  expect(run(source, values)).toBe(result)
})

test.each([
  ['a value that was not measured', 'free < 1', {}],
  ['null', 'free < 1', { free: null }],
  ['division by zero', 'free / total < 0.1', { free: 1, total: 0 }],
  ['remainder by zero', 'free % total == 0.0', { free: 1, total: 0 }],
  ['an overflow', 'free / total > 1', { free: 1e308, total: 1e-308 }],
  ['a value of another type', 'free < 1', { free: 'many' }],
  ['text that is no number', 'double(name) > 1', { name: 'x' }],
])('%s has no value', (_what, source, values) => {
  expect(run(source, values)).toBeNull()
})

test('what is not needed need not be measured', () => {
  expect(run('ok && free > 5', { ok: false })).toBe(false)
  expect(run('total > 0 && free / total < 0.1', { total: 0, free: 1 })).toBe(false)
  expect(run('free > 5 || ok', { ok: true })).toBe(true)
})

test.each([
  ['free <', /unexpected/i, 6],
  ['free < 20GiB', /unexpected/i, 9],
  ['nope < 1', /not a value/, 0],
  ['free < 1 && nope < 1', /not a value/, 12],
  ['free.size < 1', /not a value/, 0],
  ['free < "a"', /cannot be combined/, 0],
  ['free == null', /cannot be combined/, 0],
  ['free', /gives a number/, 0],
  ['name.matches("(")', /pattern/, 13],
  ['name.matches("a{1000}{1000}")', /pattern/, 13],
  ['cel.bind(a, 1, a)', /no \.bind/, 0],
  ['dyn(free) == 1', /no function dyn/, 0],
  ['timestamp("2020-01-01T00:00:00Z") == timestamp("2020-01-01T00:00:00Z")', /no function/, 0],
  ['b"a" == b"a"', /literal/, 0],
  ['{"a": 1}.size() > 1', /form/, 0],
  ['[1].exists(x, [2].exists(y, x == y))', /once/, 14],
  ['', /unexpected/i, 0],
  ['free < 1'.padEnd(3000), /longer/, 0],
])('%s is refused', (source, problem, offset) => {
  const compiled = compileExpression(source, TYPES)
  expect(compiled).toMatchObject({ problem: expect.stringMatching(problem), offset, fix: expect.stringMatching(/\w/) })
})

test('says what it reads', () => {
  const compiled = compileExpression('ok && free < 20 * GiB', TYPES)
  expect(!isProblem(compiled) && [...compiled.reads].toSorted()).toEqual(['free', 'ok'])
})

test('a pattern takes linear time', () => {
  const before = performance.now()
  expect(run('name.matches("^(a+)+$")', { name: `${'a'.repeat(4000)}b` })).toBe(false)
  expect(run('name.matches("a")', { name: 'a'.repeat(5000) })).toBeNull()
  expect(performance.now() - before).toBeLessThan(1000)
})

const PIECES = [
  'free total name ok GiB 1 2.5 0 "a" ( ) [ ] , . ? : < >= == != && || ! + - * / % in'.split(' '),
  '.size() .matches( .exists(x, null true { } \\ b" r" 0x 1e9 // é \u{1f600}'.split(' '),
  [' ', '\n', "'"],
].flat()

test('no expression throws, hangs or gives anything but a value of its type', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
      const result = run(pieces.join(''), { free: 1, total: 2, name: 'a', ok: true })
      expect(typeof result === 'boolean' || result === null || typeof result === 'object').toBe(true)
    }),
    { numRuns: 1500, seed: 7 },
  )
})

test('names that mean something cannot be measured values', () => {
  expect(['GiB', 's', 'in', 'size', 'vars', 'true'].every(isReservedName)).toBe(true)
  expect(['free', 'lag_s', 'used_percent'].some(isReservedName)).toBe(false)
})
