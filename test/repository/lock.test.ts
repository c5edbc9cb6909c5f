/** What `npm ci` installs is pinned, whole, and free of any machine's own registry. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const ROOT = resolve(import.meta.dirname, '../..')
const Names = z.record(z.string(), z.string()).default({})
const Manifest = z.looseObject({
  dependencies: Names,
  devDependencies: Names,
  allowScripts: z.record(z.string(), z.boolean()),
})
const Locked = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  optionalDependencies: Names,
})
const Lock = z.looseObject({ packages: z.record(z.string(), Locked) })

const manifest = Manifest.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')))
const { packages } = Lock.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')))

test('versions are exact', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  )
  expect(loose).toEqual([])
})

test('no registry is written down', () => {
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

// Without it `npm ci` takes whatever bytes the registry of that day gives. npm leaves it out of entries that it adds for
// platforms whose builds it could not see, and never puts it back.
test('each package is pinned by the digest of its bytes', () => {
  const loose = Object.entries(packages).filter(
    ([path, { integrity = '' }]) => path !== '' && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity),
  )
  expect(loose.map(([path]) => path)).toEqual([])
})

describe('every platform is locked', () => {
  // A registry that lacks the builds for other platforms makes npm drop them in silence, and `npm ci` then refuses the lock.
  test('each optional dependency has an entry', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(path, name))
        .map((name) => `${name} of ${path}`),
    )
    expect(missing).toEqual([])
  })
})

test('each package with an install script is allowed it or denied it', () => {
  const undecided = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => !Object.hasOwn(manifest.allowScripts, name))
  expect(undecided).toEqual([])
  expect(Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name])).toEqual(['node'])
})

/** Looks where Node would: in the package's own node_modules, then in each one above. */
function isLocked(path: string, name: string): boolean {
  const above = path.lastIndexOf('/node_modules/')
  if (Object.hasOwn(packages, `${path === '' ? '' : `${path}/`}node_modules/${name}`)) return true
  if (path === '') return false
  return isLocked(above === -1 ? '' : path.slice(0, above), name)
}
