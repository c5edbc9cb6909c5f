import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LICENCES } from '../../../../renderer/screens/settings/licences.ts'

const ROOT = join(import.meta.dirname, '../../../..')
/** Types only, or part of another one that is named. */
const NOT_SHIPPED = new Set(['@mantine/hooks'])

/** One with a list of names, one for its effect, or one that is awaited. */
const IMPORT = /^(?:import|export)( type)?(?:[\w\s{},*$]+from)? '([^'\n]+)'|import\('([^'\n]+)'\)/gm

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function imported(): Set<string> {
  const found = new Set<string>(['electron', 'node'])
  for (const file of globSync('{shared,renderer,electron}/**/*.{ts,tsx}', { cwd: ROOT })) {
    const text = readFileSync(join(ROOT, file), 'utf8')
    for (const [, types, named, awaited] of text.matchAll(IMPORT)) {
      const specifier = named ?? awaited ?? ''
      if (types === undefined && !/^(node:|[.])/.test(specifier)) found.add(packageOf(specifier))
    }
  }
  return found
}

test('each package that the program is made of is named, and no other', () => {
  const named = LICENCES.map(({ name }) => name)
  expect(named).toEqual(named.toSorted())
  expect([...imported()].filter((name) => !NOT_SHIPPED.has(name)).toSorted()).toEqual(named)
})

test('each licence is the one that the package states', () => {
  for (const { name, licence } of LICENCES) {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as {
      license?: string
      licenses?: { type: string }[]
    }
    expect([name, manifest.license ?? manifest.licenses?.[0]?.type]).toEqual([name, licence])
  }
})
