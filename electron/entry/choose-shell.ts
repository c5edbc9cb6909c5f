/** Which shell a start gets, and in one line why not the desktop one. Pure: what the machine has comes as values. */

export type Machine = {
  readonly hasDisplay: boolean
  readonly isRoot: boolean
  /** The Electron runtime is in node_modules already. */
  readonly hasElectron: boolean
}

export type ShellChoice =
  | { readonly shell: 'desktop' }
  | { readonly shell: 'desktop-if-fetched' }
  | { readonly shell: 'browser'; readonly why: string }
  | { readonly shell: 'none'; readonly why: string }

export const NO_RUNTIME = 'the Electron runtime is not here and could not be fetched'

/** @param forced what `--browser` or `--desktop` asked for */
export function chooseShell(machine: Machine, forced: 'browser' | 'desktop' | null): ShellChoice {
  if (forced === 'browser') return { shell: 'browser', why: '--browser was given' }
  const obstacle = machine.isRoot ? 'it does not run as root' : machine.hasDisplay ? null : 'there is no display'
  if (obstacle === null) return { shell: machine.hasElectron ? 'desktop' : 'desktop-if-fetched' }
  return { shell: forced === 'desktop' ? 'none' : 'browser', why: obstacle }
}

/** Someone sits before this machine: a Linux session says so in its environment, an SSH session elsewhere says the contrary. */
export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  const isSet = (name: string) => (env[name] ?? '') !== ''
  if (platform === 'win32' || platform === 'darwin') return !isSet('SSH_CONNECTION')
  return isSet('DISPLAY') || isSet('WAYLAND_DISPLAY')
}

export type StartOptions = {
  readonly forced: 'browser' | 'desktop' | null
  /** What the chosen shell is started with. */
  readonly args: readonly string[]
}

/**
 * Reads the words after `npm start --`. Practice hosts are offered unless `--no-practice` says otherwise;
 * whatever is not for the start itself is passed on.
 */
export function startOptions(argv: readonly string[], dataFolder: string): StartOptions {
  const own = ['--browser', '--desktop', '--no-practice']
  const rest = argv.filter((arg) => !own.includes(arg))
  const hasData = rest.some((arg) => arg === '--data' || arg.startsWith('--data='))
  const isPractice = !argv.includes('--no-practice') && !rest.includes('--practice')
  return {
    forced: argv.includes('--browser') ? 'browser' : argv.includes('--desktop') ? 'desktop' : null,
    args: [...(hasData ? [] : ['--data', dataFolder]), ...(isPractice ? ['--practice'] : []), ...rest],
  }
}
