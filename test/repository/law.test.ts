/** Every rule of the law of imports is broken once, in a tree made for it, and each breach must be named. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  brokenLaw,
  FEWEST_MODULES,
  importLaw,
  LAWLESS_FOLDER,
  type LawReport,
  NO_CLOCK,
  READ_WHOLE,
} from '../import-law.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const imports = (...from: string[]) => from.map((path) => `import ${JSON.stringify(path)}\n`).join('')

/** rule → the file that breaks it, and what is in it */
const PLANTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'shared-has-no-node': {
    'shared/model/node.ts': imports('node:fs'),
    'shared/model/node-type.ts': "import type { Stats } from 'node:fs'\nexport type Size = Stats['size']\n",
    'shared/model/node-bare.ts': imports('path'),
  },
  'shared-imports-only-itself': {
    'shared/model/up.ts': imports('../../electron/store/fine.ts'),
    'shared/model/up-type.ts': "import type { Fine } from '../../renderer/parts/fine.ts'\nexport type F = Fine\n",
  },
  'shared-imports-only-pure-libraries': { 'shared/model/react.ts': imports('react') },
  'renderer-has-no-node': { 'renderer/app/node.ts': imports('node:path') },
  'renderer-imports-only-shared': { 'renderer/app/reach.tsx': imports('../../electron/store/fine.ts') },
  'renderer-has-no-privileges': { 'renderer/app/sql.ts': imports('better-sqlite3') },
  'screen-imports-no-other-screen': {
    'renderer/screens/one/view.tsx': imports('../two/view.tsx'),
    'renderer/screens/one/deep/view.tsx': imports('../../two/view.tsx'),
  },
  'parts-have-no-store': {
    'renderer/parts/mine.ts': imports('../store/fine.ts'),
    'renderer/parts/own.ts': imports('zustand'),
  },
  'store-knows-no-screen': { 'renderer/store/view.ts': imports('../screens/two/view.tsx') },
  'electron-imports-no-renderer': { 'electron/host/screens.ts': imports('../../renderer/parts/fine.ts') },
  'adapter-imports-no-other-adapter': {
    'electron/ssh/store.ts': imports('../store/fine.ts'),
    'electron/ssh/later.ts': "export async function f() {\n  await using a = await import('../store/fine.ts')\n}\n",
  },
  'adapter-knows-only-its-port': { 'electron/blobs/runner.ts': imports('../engine/fine.ts') },
  'disk-knows-no-one': { 'electron/disk/store.ts': imports('../store/fine.ts') },
  'engine-imports-no-adapter': { 'electron/engine/store.ts': imports('../store/fine.ts') },
  'engine-does-no-effects': {
    'electron/engine/write.ts': imports('node:fs/promises'),
    'electron/engine/connect.ts': imports('ssh2'),
  },
  'only-entry-wires': {
    'electron/services/store.ts': imports('../store/fine.ts'),
    'electron/cli/store.ts': imports('../store/fine.ts'),
  },
  'nothing-imports-an-entry': { 'electron/host/entry.ts': imports('../entry/host.ts') },
  'only-the-shell-imports-electron': {
    'electron/host/window.ts': imports('electron'),
    'electron/entry/cli.ts': imports('electron/main'),
  },
  'only-the-desktop-entry-imports-the-shell': { 'electron/entry/console-process.ts': imports('../shell/fine.ts') },
  'source-imports-no-test': {
    'electron/keys/fixture.ts': imports('../../test/support/fine.ts'),
    'electron/keys/fixture-type.ts': "import type { T } from '../../test/support/fine.ts'\nexport type U = T\n",
  },
  'no-cycles': { 'shared/model/chicken.ts': "import './egg.ts'\nexport type C = 1\n" },
  'no-orphans': { 'renderer/parts/alone.ts': 'export const alone = 1\n' },
  'every-import-resolves': { 'electron/probe/nowhere.ts': imports('./gone.ts') },
  [LAWLESS_FOLDER]: { 'electron/utils/things.ts': imports('../disk/fine.ts') },
  // No parser walks into a string: to the plain look this is an import that was missed.
  [READ_WHOLE]: {
    'electron/probe/missed.ts': "import '../engine/ports.ts'\nexport const s = `import '../store/fine.ts'`\n",
  },
  [NO_CLOCK]: {
    'shared/model/now.ts': "import './fine.ts'\nexport const at = () => Date.now()\n",
    'shared/model/today.ts': "import './fine.ts'\nexport const at = () => new Date()\n",
    'shared/model/dice.ts': "import './fine.ts'\nexport const id = () => Math.random()\n",
  },
}

/** Lawful neighbours that the breaches reach for, and enough of them to be a program. */
const LAWFUL: Readonly<Record<string, string>> = {
  'shared/model/fine.ts':
    "import { z } from 'zod'\n// Date.now() is only spoken of here\nexport const S = z.string()\n",
  'shared/model/pure.ts': `${imports('./fine.ts', '@noble/hashes/sha2.js', 'yaml', 'canonicalize')}`,
  'shared/model/chicken.ts': 'export type C = 1\n',
  // Lays the chicken that the breach of no-cycles hatches: a type alone closes the ring.
  'shared/model/egg.ts': "import type { C } from './chicken.ts'\nimport './fine.ts'\nexport type E = C\n",
  'renderer/parts/fine.ts': `${imports('../../shared/model/fine.ts', 'react')}export type Fine = 1\n`,
  'renderer/store/fine.ts': imports('zustand', '../../shared/model/fine.ts'),
  'renderer/screens/two/view.tsx': imports('../../parts/fine.ts', '../../store/fine.ts', './row.tsx'),
  'renderer/screens/two/row.tsx': imports('react'),
  'electron/engine/ports.ts': imports('../../shared/model/fine.ts'),
  'electron/engine/fine.ts': imports('./ports.ts', 'node:crypto'),
  'electron/disk/fine.ts': imports('node:fs/promises'),
  'electron/store/fine.ts': imports('../disk/fine.ts', '../engine/ports.ts', 'better-sqlite3', 'node:fs'),
  'electron/ssh/fine.ts': imports('../engine/ports.ts', 'ssh2'),
  'electron/services/fine.ts': imports('../engine/fine.ts'),
  'electron/shell/fine.ts': imports('electron'),
  'electron/entry/desktop.ts': imports('../shell/fine.ts', 'electron'),
  'electron/entry/host.ts': imports('../store/fine.ts', '../ssh/fine.ts', '../services/fine.ts'),
  'test/support/fine.ts': `${imports('vitest', '../../electron/store/fine.ts')}export type T = 1\n`,
  ...Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`shared/text/part${n}.ts`, imports('../model/fine.ts')])),
}

describe('the law of imports', () => {
  test('a lawful tree passes', async () => {
    await using tree = await plant(LAWFUL)
    const report = await importLaw(tree.root)
    expect(brokenLaw(report)).toEqual([])
    expect(report.cruised).toBe(Object.keys(LAWFUL).length)
    expect(report.cruised).toBeGreaterThanOrEqual(FEWEST_MODULES)
  })

  test('every rule has a planted breach', () => {
    const config: { forbidden: { name: string }[] } = createRequire(import.meta.url)(
      join(ROOT, '.dependency-cruiser.cjs'),
    )
    expect(Object.keys(PLANTED).sort()).toEqual(
      [...config.forbidden.map((rule) => rule.name), NO_CLOCK, LAWLESS_FOLDER, READ_WHOLE].sort(),
    )
  })

  describe('each planted breach is named', async () => {
    const report = await reportOf({ ...LAWFUL, ...Object.assign({}, ...Object.values(PLANTED)) })
    test.each(Object.entries(PLANTED))('%s', (rule, files) => {
      const named = report.violations.filter((violation) => violation.rule === rule).map(({ from }) => from)
      expect([...new Set(named)].sort()).toEqual(Object.keys(files).sort())
      expect(brokenLaw(report).some((line) => line.startsWith(`${rule}: `))).toBe(true)
    })
  })

  test('a tree that was not read fails, however clean it looks', async () => {
    await using tree = await plant({ 'shared/README.md': '# nothing here\n', 'electron/notes.txt': '\n' })
    const report = await importLaw(tree.root)
    expect(report).toMatchObject({ cruised: 0, violations: [] })
    expect(brokenLaw(report)).toEqual([expect.stringContaining('only 0 modules were read')])
  })

  test('a file on disk that was not read fails', () => {
    const report: LawReport = { cruised: 100, unread: ['shared/model/missed.ts'], violations: [] }
    expect(brokenLaw(report)).toEqual(['not read: shared/model/missed.ts'])
  })
})

async function reportOf(files: Readonly<Record<string, string>>): Promise<LawReport> {
  await using tree = await plant(files)
  return await importLaw(tree.root)
}

async function plant(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'holdpoint-law-'))
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction')
  await writeFile(join(root, 'package.json'), '{ "name": "planted", "type": "module" }\n')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) }
}
