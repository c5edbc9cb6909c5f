/** Whether `out/` is the build of the sources as they are now. Cheap: it is asked before every command of a checkout. */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const SOURCES = ['shared', 'renderer', 'electron', 'package.json', 'package-lock.json', 'vite.config.ts']

/** Written last by a build, with the time when the build began: what changed while it was built is newer. */
export const STAMP = 'built'

/** True when `out` was built after the last change of any source. A deleted file shows in its folder's time. */
export function isBuilt(): boolean {
  const stamp = statSync(join(ROOT, 'out', STAMP), { throwIfNoEntry: false })
  return stamp !== undefined && SOURCES.every((source) => newestUnder(join(ROOT, source)) <= stamp.mtimeMs)
}

function newestUnder(path: string): number {
  const own = statSync(path, { throwIfNoEntry: false })
  if (own === undefined) return 0
  if (!own.isDirectory()) return own.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestUnder(join(path, name))), own.mtimeMs)
}
