/** Which packages a shipped console needs beside its own build: `dependencies` of package.json, and theirs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

/**
 * Build-time packages that a dependency names and never loads: better-sqlite3 ships its binaries compiled, and ssh2's
 * addon is not shipped.
 */
const ONLY_TO_COMPILE = ['node-addon-api', 'nan', 'cpu-features', 'buildcheck']

/**
 * @param root a folder with package.json and node_modules
 * @returns names, sorted; each lies flat in node_modules
 * @throws Error when one is not installed flat
 */
export function productionModules(root: string): string[] {
  const found = new Set<string>()
  const visit = (folder: string) => {
    const { dependencies } = Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
    for (const name of Object.keys(dependencies)) {
      if (found.has(name) || ONLY_TO_COMPILE.includes(name)) continue
      const next = join(root, 'node_modules', name)
      if (!existsSync(next)) throw new Error(`${name} is not in node_modules: run npm ci`)
      if (folder !== root && existsSync(join(folder, 'node_modules', name)))
        throw new Error(`${name} is there twice, also in ${folder}`)
      found.add(name)
      visit(next)
    }
  }
  visit(root)
  return [...found].sort()
}

/** Files of those packages that are sources, tests, or ssh2's addon: left out of the archive as of the installers. */
export function isShipped(path: string, platform: string, arch: string): boolean {
  if (
    /[/]ssh2[/](.*[.]node$|(examples|test|util|install[.]js)($|[/])|lib[/]protocol[/]crypto[/](binding[.]gyp|src|build)($|[/]))/.test(
      path,
    )
  )
    return false
  if (/[/]better-sqlite3[/](deps|src|binding[.]gyp)($|[/])/.test(path)) return false
  const prebuild = /[/]better-sqlite3[/]prebuilds[/](.+)[.]node$/.exec(path)?.[1]
  return prebuild === undefined || prebuild === `${platform}-${arch}`
}
