/**
 * Packs the desktop shell with electron-builder itself, over a stand-in for the Electron runtime, and looks at what came
 * out: which files were packed, and which fuses were blown. The checkout around it is full of what must not be shipped.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { productionModules } from '../../resources/packaging/production-modules.ts'
import { run } from '../support/command.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const Package = z.looseObject({ devDependencies: z.record(z.string(), z.string()) })

describe("electron-builder's own schema", async () => {
  const config: unknown = parse(await readFile(join(ROOT, 'electron-builder.yml'), 'utf8'))

  test('accepts the configuration', async () => {
    await expect(validate(config)).resolves.toBeUndefined()
  })

  test('refuses one with a word that it does not know', async () => {
    await expect(validate({ ...Object(config), fuses: {} })).rejects.toThrow(/fuses/)
    await expect(validate({ ...Object(config), electronFuses: { runAsNode: 'no' } })).rejects.toThrow(/runAsNode/)
  })
})

describe('a packed desktop shell', () => {
  let project: string
  let packed: Map<string, { readonly isUnpacked: boolean }>

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'holdpoint-pack-'))
    await layCheckout(project)
    await layRuntime(join(project, 'runtime'))
    const args = [
      '--linux',
      'dir',
      '--x64',
      '--publish',
      'never',
      '-c.electronDist=runtime',
      '-c.electronVersion=45.4.1',
    ]
    const builder = join(ROOT, 'node_modules/electron-builder/cli.js')
    const ended = await run(process.execPath, [builder, '--projectDir', project, ...args], {
      output: 'keep',
      limitMinutes: 2,
    })
    expect(ended.output).not.toContain('⨯')
    expect(ended.code).toBe(0)
    packed = filesOf(await readFile(join(project, 'dist/linux-unpacked/resources/app.asar')))
  })
  afterAll(() => rm(project, { recursive: true, force: true }))

  test('holds the build, what it reads, and nothing else', () => {
    expect(below('')).toEqual(['LICENSE', 'node_modules', 'out', 'package.json', 'resources'])
    expect(below('out')).toEqual(['desktop', 'node', 'renderer'])
    expect(below('resources')).toEqual(['icons', 'prechecks', 'samples', 'schema', 'verify'])
    expect(below('resources/icons')).toEqual(['256x256.png'])
    expect(
      [...packed.keys()].filter((path) => /[.]tsx?$|[.]sqlite$|[.]map$|(^|\/)(test|examples)\//.test(path)),
    ).toEqual([])
  })

  test('holds the modules that are needed at run time, without what only compiles them', () => {
    expect(below('node_modules')).toEqual(productionModules(ROOT))
    expect(productionModules(ROOT)).toEqual([
      'asn1',
      'bcrypt-pbkdf',
      'better-sqlite3',
      'safer-buffer',
      'ssh2',
      'tweetnacl',
    ])
    expect(below('node_modules/better-sqlite3')).toEqual(['LICENSE', 'lib', 'package.json', 'prebuilds'])
  })

  test("holds one native binary, outside the archive, and never ssh2's addon", () => {
    const natives = [...packed].filter(([path]) => path.endsWith('.node'))
    expect(natives).toEqual([['node_modules/better-sqlite3/prebuilds/linux-x64.node', { isUnpacked: true }]])
  })

  test('has its fuses blown', async () => {
    const binary = await readFile(join(project, 'dist/linux-unpacked/holdpoint-desktop'))
    const wire = binary.subarray(binary.indexOf(SENTINEL) + SENTINEL.length + 2).toString('latin1')
    const state = (index: number) => wire[index]
    expect({
      runAsNode: state(0),
      cookieEncryption: state(1),
      nodeOptions: state(2),
      nodeInspect: state(3),
      embeddedAsarIntegrity: state(4),
      onlyLoadAppFromAsar: state(5),
      browserSnapshot: state(6),
      fileProtocolPrivileges: state(7),
    }).toEqual({
      runAsNode: '0',
      cookieEncryption: '1',
      nodeOptions: '0',
      nodeInspect: '0',
      embeddedAsarIntegrity: '1',
      onlyLoadAppFromAsar: '1',
      browserSnapshot: '0',
      fileProtocolPrivileges: '0',
    })
  })

  function below(folder: string): string[] {
    const prefix = folder === '' ? '' : `${folder}/`
    const names = [...packed.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length))
    return [...new Set(names.map((name) => name.split('/')[0] ?? ''))].sort()
  }
})

/** electron-builder's validation against its scheme.json, as it runs before every build. */
async function validate(config: unknown): Promise<void> {
  const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
  const { validateConfiguration } = builder('app-builder-lib/out/util/config/config.js')
  await validateConfiguration(config, { isEnabled: false })
}

/** A checkout as it is on a person's machine: built, with production modules, and with much that is none of a user's business. */
async function layCheckout(project: string): Promise<void> {
  const { devDependencies: _, ...manifest } = Package.parse(
    JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')),
  )
  await lay(project, 'package.json', JSON.stringify(manifest))
  for (const file of ['electron-builder.yml', 'LICENSE', 'resources/icons']) {
    await cp(join(ROOT, file), join(project, file), { recursive: true })
  }
  for (const name of productionModules(ROOT)) {
    await cp(join(ROOT, 'node_modules', name), join(project, 'node_modules', name), { recursive: true })
  }
  const shipped = [
    'out/desktop/desktop.js',
    'out/desktop/preload.cjs',
    'out/node/console-process.js',
    'out/renderer/index.html',
    'resources/samples/release/runbook.yaml',
    'resources/prechecks/disk.free.yaml',
    'resources/schema/runbook.v1.json',
    'resources/verify/verify.py',
  ]
  const notShipped = [
    'shared/run/fold.ts',
    'electron/entry/host.ts',
    'renderer/main.tsx',
    'test/run.ts',
    'test/fixtures/id_ed25519',
    'docs/architecture.md',
    '.git/config',
    '.ci/run',
    '.github/workflows/ci.yml',
    'bench/results.json',
    'test-results/unit.json',
    'journal.sqlite',
    'resources/packaging/build.ts',
    'resources/schema/generate.ts',
    'node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node',
    'node_modules/ssh2/lib/protocol/crypto/src/binding.cc',
    'node_modules/fast-check/package.json',
  ]
  for (const file of [...shipped, ...notShipped]) await lay(project, file, '{}')
}

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** What electron-builder needs to see of a runtime: the names of its files, and a fuse wire with every fuse whole. */
async function layRuntime(folder: string): Promise<void> {
  const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 8]), Buffer.from('11111111')])
  await lay(folder, 'electron', Buffer.concat([Buffer.from('\x7fELF'), wire, Buffer.alloc(16)]))
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak', 'version']) {
    await lay(folder, file, '45.4.1')
  }
}

async function lay(folder: string, file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), content)
}

type AsarNode = { readonly files?: Readonly<Record<string, AsarNode>>; readonly unpacked?: boolean }

/** Paths of an asar archive: a pickled JSON header (its length at byte 12) lies before the files. */
function filesOf(archive: Buffer): Map<string, { readonly isUnpacked: boolean }> {
  const header: AsarNode = JSON.parse(archive.subarray(16, 16 + archive.readUInt32LE(12)).toString('utf8'))
  const found = new Map<string, { readonly isUnpacked: boolean }>()
  const visit = (node: AsarNode, path: string) => {
    for (const [name, child] of Object.entries(node.files ?? {})) {
      if (child.files === undefined) found.set(`${path}${name}`, { isUnpacked: child.unpacked === true })
      else visit(child, `${path}${name}/`)
    }
  }
  visit(header, '')
  return found
}
