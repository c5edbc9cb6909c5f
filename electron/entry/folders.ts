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

/** Absolute path of the folder that holds high-water marks: outside every data folder, so that a copy of one does not bring its own. */
export function defaultStateFolder({ platform, home, env }: Place): string {
  const told = absolute(env['HOLDPOINT_STATE'])
  if (told !== undefined) return told
  switch (platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Holdpoint State')
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Holdpoint State')
    default:
      return join(absolute(env['XDG_STATE_HOME']) ?? join(home, '.local', 'state'), 'holdpoint')
  }
}
