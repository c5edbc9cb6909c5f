/** What was built can be served under the policy, started on an old Node as far as its guard, and shipped. */
import { readdir, readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { NONCE_PLACEHOLDER, staticPathOf } from '../../shared/api/csp.ts'
import { ROOT, runNode } from '../support/command.ts'

const out = (path: string) => readFile(join(ROOT, 'out', path), 'utf8')

beforeAll(async () => {
  const ended = await runNode(['resources/packaging/build.ts', '--if-stale'], { output: 'keep', limitMinutes: 3 })
  expect(ended.output).not.toMatch(/error/i)
  expect(ended.code).toBe(0)
}, 180_000)

describe('programs', () => {
  test('begin with the guard alone: nothing else is loaded before it is content', async () => {
    const programs = (await readdir(join(ROOT, 'electron/entry')))
      .filter((file) => /^(host|cli|.*-(process|worker))[.]ts$/.test(file))
      .map((file) => file.replace('.ts', '.js'))
    expect(programs).toContain('host.js')
    expect(programs).toContain('cli.js')
    expect(programs).toContain('console-process.js')
    for (const program of programs) {
      const text = await out(`node/${program}`)
      expect(staticImports(text), program).toEqual([expect.stringMatching(/^[.][/]guard-/)])
      expect(text).toMatch(/await import\("[.][/]/)
    }
  })

  test('load nothing that is not built in, shipped beside them, or their own', async () => {
    const known = new Set([...builtinModules, 'better-sqlite3', 'ssh2'])
    for (const file of (await readdir(join(ROOT, 'out/node'))).filter((name) => name.endsWith('.js'))) {
      const foreign = staticImports(await out(`node/${file}`)).filter(
        (name) => !name.startsWith('./') && !known.has(name.replace(/^node:/, '')),
      )
      expect(foreign, file).toEqual([])
    }
  })
})

describe('the desktop shell', () => {
  test('has a preload that is one CommonJS file and needs only Electron', async () => {
    const preload = await out('desktop/preload.cjs')
    expect([...preload.matchAll(/require\(["'](.+?)["']\)/g)].map((match) => match[1])).toEqual(['electron'])
    expect(staticImports(preload)).toEqual([])
    expect(preload).not.toContain('contextBridge')
  })

  test('is where package.json says', async () => {
    const { main }: { main: string } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    await expect(readFile(join(ROOT, main), 'utf8')).resolves.toContain('registerSchemesAsPrivileged')
  })
})

describe('the screens', () => {
  test('have no script and no style in the page, and a place for the nonce', async () => {
    const page = await out('renderer/index.html')
    const scripts = [...page.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)]
    expect(scripts.length).toBeGreaterThan(0)
    for (const [, attributes, body] of scripts) {
      expect(attributes).toContain('src="./')
      expect(attributes).toContain(`nonce="${NONCE_PLACEHOLDER}"`)
      expect(body?.trim()).toBe('')
    }
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/)
    expect(page).toContain(`<meta property="csp-nonce" nonce="${NONCE_PLACEHOLDER}">`)
  })

  test('are files that both shells will serve', async () => {
    const files = (await readdir(join(ROOT, 'out/renderer'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, 'out/renderer').length))
    expect(files.length).toBeGreaterThan(2)
    expect(files.filter((file) => staticPathOf(file) === null)).toEqual([])
  })

  test('fetch nothing from elsewhere and inline no file', async () => {
    const assets = (await readdir(join(ROOT, 'out/renderer/assets'))).filter((name) => name.endsWith('.css'))
    for (const asset of assets)
      expect(await out(`renderer/assets/${asset}`)).not.toMatch(/url\((["']?)(data:|https?:|\/\/)/)
  })
})

function staticImports(code: string): string[] {
  return [...code.matchAll(/^\s*(?:import|export)\s(?:[^'"`;()]*?\sfrom\s)?["']([^"']+)["'];?$/gm)].map(
    (match) => match[1] ?? '',
  )
}
