/** Where data lives when nobody says otherwise, by the habits of each platform. */
import { join } from 'node:path'

export type Place = {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Absolute path of the folder that holds journal, blobs and settings of this person's console. */
export function defaultDataFolder({ platform, home, env }: Place): string {
  switch (platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Holdpoint')
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Holdpoint')
    default:
      return join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'holdpoint')
  }
}

/** The XDG specification says to ignore a relative path. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') === true ? path : undefined
}
