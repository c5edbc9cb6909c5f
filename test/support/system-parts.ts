/**
 * The programs that the tests need and npm does not bring. As root on Debian or Ubuntu what is missing is installed,
 * without starting any service; anywhere else it is named, and the tests do not begin: nothing is skipped for want of it.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export type Part = {
  readonly name: string
  /** Any one of these will do. */
  readonly commands: readonly string[]
  /** Debian's package. */
  readonly debian: string
}

const PARTS: readonly Part[] = [
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debian: 'chromium',
  },
  { name: 'OpenSSH server', commands: ['sshd'], debian: 'openssh-server' },
  { name: 'OpenSSH client', commands: ['ssh-keygen'], debian: 'openssh-client' },
  { name: 'OpenSSL', commands: ['openssl'], debian: 'openssl' },
  { name: 'Python 3', commands: ['python3'], debian: 'python3' },
  { name: 'ps', commands: ['ps'], debian: 'procps' },
  { name: 'Zstandard', commands: ['zstd'], debian: 'zstd' },
  { name: 'sudo', commands: ['sudo'], debian: 'sudo' },
  { name: 'BusyBox', commands: ['busybox'], debian: 'busybox' },
]

const POLICY = '/usr/sbin/policy-rc.d'

/** The browser that the tests drive, or undefined: Playwright then looks for the one it downloaded itself. */
export function chromiumPath(): string | undefined {
  return PARTS[0]?.commands.map(find).find((path) => path !== undefined)
}

/** What the answer depends on; another machine is given in a test. */
export type Machine = {
  readonly isRoot: boolean
  readonly isDebian: boolean
  /** Path of a command, or undefined. */
  readonly find: (command: string) => string | undefined
  readonly install: (packages: readonly string[]) => void
}

/** Who needs which parts: the tests all of theirs, unless something else is said. */
export type Need = { readonly who: string; readonly parts: readonly Part[] }

const OF_THE_TESTS: Need = { who: 'The tests need', parts: PARTS }

/**
 * Sees to it that every part is there.
 * @returns nothing when all are there, else the lines that say what to do
 */
export function provideSystemParts(
  say: (line: string) => void,
  machine: Machine = thisMachine(),
  { who, parts }: Need = OF_THE_TESTS,
): string[] {
  const missingParts = () => parts.filter((part) => part.commands.every((name) => machine.find(name) === undefined))
  let missing = missingParts()
  if (missing.length > 0 && machine.isRoot && machine.isDebian) {
    say(`installing ${missing.map((part) => part.debian).join(', ')} (no service is started)`)
    machine.install(missing.map((part) => part.debian))
    missing = missingParts()
  }
  if (missing.length === 0) return []
  const packages = missing.map((part) => part.debian).join(' ')
  return [
    `${who} ${missing.map((part) => part.name).join(', ')}, and this machine has no ${missing.map((part) => part.commands.join(' or ')).join(', no ')}.`,
    machine.isDebian
      ? `Install with: sudo apt-get update && sudo apt-get install --no-install-recommends ${packages}`
      : `Install what Debian calls: ${packages}`,
  ]
}

function thisMachine(): Machine {
  return { isRoot: process.getuid?.() === 0, isDebian: isDebian(), find, install: installWithoutStarting }
}

function find(command: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/local/bin']
  return folders.map((folder) => join(folder, command)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  )
}

/** Debian starts a service as it installs it, unless policy-rc.d answers 101. The machine's own policy is put back. */
function installWithoutStarting(packages: readonly string[]): void {
  const kept = `${POLICY}.before-holdpoint-tests`
  const hadPolicy = existsSync(POLICY)
  if (hadPolicy) renameSync(POLICY, kept)
  const putBack = () => {
    rmSync(POLICY, { force: true })
    if (hadPolicy) renameSync(kept, POLICY)
  }
  process.once('exit', putBack)
  try {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n')
    chmodSync(POLICY, 0o755)
    apt(['update', '-q'])
    apt(['install', '-q', '-y', '--no-install-recommends', ...packages])
  } finally {
    process.removeListener('exit', putBack)
    putBack()
  }
}

function apt(args: readonly string[]): void {
  spawnSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
