/** Paths as a person writes them. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `~` and `~/…` are home, as a shell would read them. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path
}
