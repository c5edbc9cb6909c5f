/**
 * One command on a practice host: a real /bin/sh as the current user, in a session and process group of its own, with an
 * environment that owes nothing to the console. As with sshd, it outlives the channel it was started over; it does not
 * outlive the practice hosts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import type { ServerChannel } from 'ssh2'

export const SHELL = '/bin/sh'
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Signals that an SSH server can name (RFC 4254 §6.10). */
const NAMED = ['ABRT', 'ALRM', 'FPE', 'HUP', 'ILL', 'INT', 'KILL', 'PIPE', 'QUIT', 'SEGV', 'TERM', 'USR1', 'USR2']

const running = new Set<ChildProcess>()

export function runCommand(host: string, home: string, command: string, channel: ServerChannel): ChildProcess {
  const { username } = userInfo()
  const child = spawn(SHELL, ['-c', command], {
    cwd: home,
    env: {
      HOME: home,
      PATH,
      SHELL,
      USER: username,
      LOGNAME: username,
      LANG: 'C.UTF-8',
      HOLDPOINT_PRACTICE_HOST: host,
    },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  for (const stream of [child.stdin, child.stdout, child.stderr, channel, channel.stderr]) {
    // A pipe that breaks is the end of that pipe, not of the host.
    stream.on('error', () => undefined)
  }
  channel.pipe(child.stdin)
  child.stdout.pipe(channel, { end: false })
  child.stderr.pipe(channel.stderr, { end: false })
  child.on('error', (error) => {
    channel.stderr.write(`${host}: ${error.message}\n`)
    channel.exit(127)
    channel.end()
  })
  child.on('exit', (code, signal) => {
    const name = signal?.replace(/^SIG/, '') ?? ''
    if (code !== null) channel.exit(code)
    else if (NAMED.includes(name)) channel.exit(name)
    else channel.exit(255)
  })
  // The last pipe is closed: what is still under way to the other side goes first.
  child.on('close', () => {
    running.delete(child)
    channel.stderr.end(() => channel.end())
  })
  channel.on('close', () => {
    child.stdin.destroy()
    child.stdout.destroy()
    child.stderr.destroy()
  })
  return child
}

export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // All of it had ended by itself.
  }
}

/** The hosts are switched off: nothing of theirs goes on in the user's machine. */
export function endAllCommands(): void {
  for (const child of running) signalGroup(child, 'SIGKILL')
}
