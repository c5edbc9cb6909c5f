/**
 * Real OpenSSH servers on loopback addresses. Each has its own folder, keys and configuration, listens on a free port,
 * and ends with all it started when it is disposed of. Nothing of the machine's own sshd or of ~/.ssh is touched.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Host } from '../../shared/model/inventory.ts'

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path)) ?? 'sshd'

/** What one sshd listens on at most (MAX_LISTEN_SOCKS); beyond it there are several with the same keys. */
const MOST_ADDRESSES = 16

/** Written unless the test says otherwise; sshd takes the first of some keywords and the last of others. */
const DEFAULTS = [
  'PermitRootLogin yes',
  'StrictModes no',
  'UsePAM no',
  'PasswordAuthentication no',
  'KbdInteractiveAuthentication no',
  'MaxStartups 1000',
  'LogLevel VERBOSE',
]

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa'

export type SshdOptions = {
  /** Loopback addresses to listen on, all with the same port. */
  readonly addresses?: readonly string[]
  readonly hostKeys?: readonly KeyType[]
  /** Further lines of sshd_config; they take the place of what is written otherwise. */
  readonly config?: readonly string[]
  /** HOME of what runs there: a folder of this server, made when missing. */
  readonly home?: string
}

export type Sshd = AsyncDisposable & {
  readonly address: string
  readonly port: number
  readonly folder: string
  /** HOME of the sessions. */
  readonly home: string
  readonly user: string
  /** A private key that the server accepts. */
  readonly identity: string
  /** Lines for a known_hosts file: every address with every host key. */
  readonly knownHosts: string
  /** `ssh-ed25519 AAAA…` by type. */
  readonly hostKeys: Readonly<Partial<Record<KeyType, string>>>
  host(changes?: Partial<Host>): Host
  /** Adds a public key to those it accepts. */
  authorize(publicKey: string): void
  /** Ends it and starts it again on the same port, with other host keys when asked. */
  restart(changes?: { readonly newHostKeys?: boolean }): Promise<void>
  /** What it said so far. */
  log(): string
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-sshd-'))
  const home = options.home ?? join(folder, 'home')
  mkdirSync(home, { recursive: true })
  // OpenSSH refuses keys below a folder that others may write; privilege separation wants its own empty folder.
  chmodSync(folder, 0o755)
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const addresses = options.addresses ?? ['127.0.0.1']
  const types = options.hostKeys ?? ['ed25519']
  const identity = makeKey(join(folder, 'client'))
  const authorized = join(folder, 'authorized_keys')
  // Readable by all: sshd reads it as the account that comes in.
  writeFileSync(authorized, readFileSync(`${identity}.pub`), { mode: 0o644 })
  makeHostKeys(folder, types)

  const isSet = (line: string) => options.config?.some((own) => own.split(' ')[0] === line.split(' ')[0]) === true
  const lines: string[] = []
  let children: ChildProcess[] = []
  let port = 0
  const start = async (wanted: number) => {
    const groups = Array.from({ length: Math.ceil(addresses.length / MOST_ADDRESSES) }, (_, index) =>
      addresses.slice(index * MOST_ADDRESSES, (index + 1) * MOST_ADDRESSES),
    )
    await Promise.all(
      groups.map(async (group, index) => {
        const config = join(folder, `sshd_config_${index}`)
        writeFileSync(
          config,
          [
            ...(options.config ?? []),
            ...group.map((address) => `ListenAddress ${address}:${wanted}`),
            ...types.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
            `AuthorizedKeysFile ${authorized}`,
            `PidFile ${join(folder, `sshd_${index}.pid`)}`,
            ...(isSet('SetEnv') ? [] : [`SetEnv HOME=${home}`]),
            ...DEFAULTS.filter((line) => !isSet(line)),
            '',
          ].join('\n'),
        )
        const pidFile = join(folder, `sshd_${index}.pid`)
        rmSync(pidFile, { force: true })
        const child = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
        children.push(child)
        endWithUs(child)
        await listening(child, pidFile, lines)
      }),
    )
    port = wanted
  }
  const stop = async () => {
    const all = children
    children = []
    await Promise.all(all.map(ended))
  }
  await startOnFreePort(addresses[0] ?? '127.0.0.1', start, stop)

  return {
    address: addresses[0] ?? '127.0.0.1',
    get port() {
      return port
    },
    folder,
    home,
    user: userInfo().username,
    identity,
    get knownHosts() {
      const keys = Object.values(readHostKeys(folder, types))
      return addresses.flatMap((address) => keys.map((key) => `[${address}]:${port} ${key}\n`)).join('')
    },
    get hostKeys() {
      return readHostKeys(folder, types)
    },
    host(changes = {}) {
      return {
        name: 'app1',
        address: addresses[0] ?? '127.0.0.1',
        port,
        user: userInfo().username,
        identity,
        tags: [],
        groups: [],
        isPractice: false,
        ...changes,
      }
    },
    authorize(publicKey) {
      writeFileSync(authorized, `${publicKey.trim()}\n`, { flag: 'a' })
    },
    async restart(changes = {}) {
      await stop()
      if (changes.newHostKeys === true) makeHostKeys(folder, types)
      await start(port)
    },
    log: () => lines.join('\n'),
    async [Symbol.asyncDispose]() {
      await stop()
      endLeftBehind(folder)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A script outlives its connection, by design; one that waits for what never comes would outlive its test. */
function endLeftBehind(folder: string): void {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      if (environment.some((one) => one.startsWith(`HOME=${folder}/`))) process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended meanwhile, or is another's.
    }
  }
}

/** @returns the path of a new private key */
export function makeKey(
  path: string,
  options: { readonly type?: KeyType; readonly passphrase?: string; readonly more?: readonly string[] } = {},
): string {
  rmSync(path, { force: true })
  rmSync(`${path}.pub`, { force: true })
  const { type = 'ed25519', passphrase = '', more = [] } = options
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path, ...more])
  return path
}

/** An account of this machine with a password, made for one test and removed after it. Needs root. */
export function makeAccount(options: { readonly shell?: string } = {}): Disposable & {
  readonly user: string
  readonly password: string
} {
  const user = `hp${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('base64url')
  execFileSync('useradd', ['--create-home', '--shell', options.shell ?? '/bin/sh', user])
  execFileSync('chpasswd', { input: `${user}:${password}\n` })
  return {
    user,
    password,
    [Symbol.dispose]() {
      execFileSync('userdel', ['--remove', '--force', user], { stdio: 'ignore' })
    },
  }
}

/** A port of an address on which nothing listened a moment ago. */
export function freePort(address: string): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, address, () => {
      const bound = server.address()
      server.close(() => (bound !== null && typeof bound === 'object' ? done(bound.port) : fail(new Error('no port'))))
    })
  })
}

async function startOnFreePort(
  address: string,
  start: (port: number) => Promise<void>,
  stop: () => Promise<void>,
): Promise<void> {
  for (let left = 5; ; left--) {
    try {
      return await start(await freePort(address))
    } catch (error) {
      await stop()
      if (left === 0) throw error
    }
  }
}

function makeHostKeys(folder: string, types: readonly KeyType[]): void {
  for (const type of types) makeKey(join(folder, `host_${type}`), { type })
}

function readHostKeys(folder: string, types: readonly KeyType[]): Partial<Record<KeyType, string>> {
  return Object.fromEntries(
    types.map((type) => [
      type,
      readFileSync(join(folder, `host_${type}.pub`), 'utf8')
        .split(' ')
        .slice(0, 2)
        .join(' ')
        .trim(),
    ]),
  )
}

/** sshd writes its pid once it listens, whatever its LogLevel. */
async function listening(child: ChildProcess, pidFile: string, lines: string[]): Promise<void> {
  let failed: Error | null = null
  child.once('error', (error) => (failed = error))
  child.once('exit', (code) => (failed = new Error(`sshd ended with ${code}: ${lines.slice(-5).join(' | ')}`)))
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', (line) => lines.push(line))
  while (!existsSync(pidFile)) {
    if (failed !== null) throw failed
    await new Promise((done) => setTimeout(done, 10))
  }
}

/** A test run that is killed cannot tidy up: the end of this pipe tells a little shell to do it. */
function endWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return
  const watcher = spawn('/bin/sh', ['-c', 'read -r line; kill "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watcher.unref()
  child.once('exit', () => watcher.kill('SIGKILL'))
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  // Sessions are children of their own; the listener does not end them.
  const sessions = descendants(child.pid)
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await gone
  for (const pid of sessions) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It had ended by itself.
    }
  }
}

function descendants(root: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const found = [root]
  for (const parent of found) {
    for (const [pid, ppid] of table) if (ppid === parent && pid !== undefined) found.push(pid)
  }
  return found.slice(1)
}
