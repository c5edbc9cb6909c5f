/**
 * Whether an account runs what it is asked to run, asked of a host whose answer to an attempt said nothing at all. It may
 * have no shell; or the script ran, and what it and the start program said went elsewhere. Silence does not tell which,
 * and neither does an exit code.
 * Holds: the script came on stdin. A command that reads one line cannot end before anything was sent to it; where it ends
 * all the same, and as the attempt did, the account runs no commands with our stdin, and so no script.
 */
import type { ClientChannel } from 'ssh2'
import type { Exit } from './execution.ts'
import { isFailure } from './failure.ts'
import type { Link } from './link.ts'

const COMMAND = `exec /bin/sh -c 'read -r hp_l; exit 94'`
const CHANNEL_WAIT_MS = 3000
/** Login shells that are slow to refuse are told as not known. */
const END_WAIT_MS = 3000

/** @returns true only when certainly nothing of ours can have run */
export async function refusesCommands(link: Link, attemptsExit: Exit): Promise<boolean> {
  if (!('code' in attemptsExit)) return false
  const channel = await link.channels.exec(COMMAND, AbortSignal.timeout(CHANNEL_WAIT_MS))
  if (isFailure(channel)) return false
  const code = await exitOf(channel)
  channel.close()
  return code === attemptsExit.code
}

/** @returns null when it has none, or none in time: it waits to be told something, as a shell would */
function exitOf(channel: ClientChannel): Promise<number | null> {
  channel.on('error', () => undefined)
  channel.resume()
  channel.stderr.resume()
  return new Promise((done) => {
    const timer = setTimeout(() => done(null), END_WAIT_MS)
    const end = (code: number | null) => {
      clearTimeout(timer)
      done(code)
    }
    channel.once('exit', (code: number | null) => end(code))
    channel.once('close', () => end(null))
  })
}
