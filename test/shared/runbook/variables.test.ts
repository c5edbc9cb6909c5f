import { expect, test } from 'vitest'
import { parseRunbook } from '../../../shared/runbook/parse.ts'
import { fillIn, filesOf, isProbeFile, probesOf, referencesIn } from '../../../shared/runbook/references.ts'
import {
  probeEnvironment,
  requiredNames,
  resolveVariables,
  scriptEnvironment,
  secretNames,
  typedVariables,
} from '../../../shared/runbook/variables.ts'
import { BUILT_IN, fixture } from './context.ts'

const { document } = parseRunbook(fixture('clean.yaml'))
if (document === null) throw new Error('the fixture does not parse')
const book = document
const without = { ...book, variables: { ...book.variables, region: { type: 'string' as const } } }

test('defaults are filled in and secrets left out', () => {
  expect(resolveVariables(book, { shards: '5' })).toEqual({ version: '15.10', shards: '5', share: '0.5', dry: 'false' })
  expect(secretNames(book)).toEqual(['password'])
  expect(requiredNames(book)).toEqual([])
  expect(requiredNames(without)).toEqual(['region'])
})

test.each([
  [{ nope: '1' }, 'unknown-variable'],
  [{ password: 'x' }, 'variable-type'],
  [{ shards: '3.5' }, 'variable-type'],
  [{ shards: 'many' }, 'variable-type'],
  [{ dry: 'no' }, 'variable-type'],
])('%j is refused: %s', (given, code) => {
  expect(resolveVariables(book, given)).toMatchObject({ refused: true, code })
})

test('a variable without value is refused', () => {
  expect(resolveVariables(without, {})).toMatchObject({ refused: true, code: 'variable-missing' })
})

test('a condition sees types', () => {
  expect(typedVariables(book, { version: '15.10', shards: '3', share: '0.5', dry: 'true', password: 'x' })).toEqual({
    version: '15.10',
    shards: 3,
    share: 0.5,
    dry: true,
  })
})

test('text is filled in once, and what it is filled with is not read again', () => {
  expect(fillIn('${a}-${b}-$a-${c}', { a: '${b}', b: '$&' })).toBe('${b}-$&-$a-${c}')
  expect(referencesIn('x ${a} $${b} ${1}')).toEqual([
    { name: 'a', offset: 2 },
    { name: 'b', offset: 8 },
  ])
  expect(scriptEnvironment({ VERSION: 'v${version}', JOBS: 4, DRY: false }, { version: '15' })).toEqual({
    VERSION: 'v15',
    JOBS: '4',
    DRY: 'false',
  })
})

test('a probe gets its parameters, with defaults', () => {
  const disk = BUILT_IN.get('disk.free')
  if (disk === undefined) throw new Error('no disk.free')
  expect(probeEnvironment(disk, { path: '/data/${version}' }, { version: '15' })).toEqual({ HP_PATH: '/data/15' })
  expect(probeEnvironment(disk, undefined, {})).toEqual({ HP_PATH: '/' })
})

test('what lies beside the runbook is named', () => {
  expect(filesOf(book)).toEqual(['probes/lag.yaml', 'scripts/upgrade.sh'])
  expect(probesOf(book)).toEqual(['disk.free', 'probes/lag.yaml'])
  expect(['disk.free', 'pg.ready'].some(isProbeFile)).toBe(false)
})
