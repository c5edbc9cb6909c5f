/**
 * One command on a practice host: a real /bin/sh as the current user, in a session and process group of its own, with an
 * environment that owes nothing to the console. As with sshd, it outlives the channel it was started over; it does not
 * outlive the practice hosts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import type { Readable, Writable } from 'node:stream'
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
  const inTurn = takingTurns(channel)
  const sent = Promise.allSettled([
    sendOutput(child.stdout, (bytes) => inTurn(channel, bytes)),
    sendOutput(child.stderr, (bytes) => inTurn(channel.stderr, bytes)),
  ])
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
    // What is still under way to the other side goes first.
    void sent.then(() => channel.stderr.end(() => channel.end()))
  })
  child.on('close', () => running.delete(child))
  channel.on('close', () => {
    child.stdin.destroy()
    child.stdout.destroy()
    child.stderr.destroy()
  })
  return child
}

async function sendOutput(output: Readable, send: (bytes: Buffer) => Promise<void>): Promise<void> {
  for await (const bytes of output as AsyncIterable<Buffer>) await send(bytes)
}

/** The chunk of each stream that waits for the client's window. */
type Waiting = { _chunk: unknown; _chunkcb: unknown; _chunkErr: unknown; _chunkcbErr: unknown }

/**
 * ssh2's server looks at the chunk that waited on stdout before the one on stderr, and never forgets either: with both
 * streams full it sends one twice and the other never. One write at a time, and what waited is forgotten when it is sent.
 */
function takingTurns(channel: ServerChannel): (stream: Writable, bytes: Buffer) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return (stream, bytes) => {
    const turn = last.then(async () => {
      await new Promise<void>((resolve) => void stream.write(bytes, () => resolve()))
      const nothing: Waiting = { _chunk: undefined, _chunkcb: undefined, _chunkErr: undefined, _chunkcbErr: undefined }
      Object.assign(channel, nothing)
    })
    last = turn
    return turn
  }
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
