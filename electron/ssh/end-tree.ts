/** Ends one attempt with all that it started, over a channel of its connection or, where none is to be had, another. */
import type { ReachFailure } from '../engine/ports.ts'
import { endCommand, type EndResult, endResult } from './end-program.ts'
import { isFailure } from './failure.ts'
import type { Link } from './link.ts'
import { newNonce } from './standby.ts'

const CHANNEL_WAIT_MS = 1500
/** Beyond the grace: for looking, for KILL, and for a slow link. */
const MARGIN_MS = 30_000

/** @returns null when the host could not be asked, or did not answer in time */
export async function endTree(options: {
  readonly link: Link
  /** A connection of its own. */
  another(): Promise<Link | ReachFailure>
  readonly pid: string
  readonly token: string
  readonly graceMs: number
}): Promise<EndResult | null> {
  const { link, pid, token, graceMs } = options
  const nonce = newNonce()
  const ask = (over: Link) => askOver(over, endCommand({ nonce, pid, token, graceMs }), nonce, graceMs + MARGIN_MS)
  const own = await ask(link)
  if (own !== 'no-channel') return own
  const other = await options.another()
  if (isFailure(other)) return null
  try {
    const result = await ask(other)
    return result === 'no-channel' ? null : result
  } finally {
    other.end()
  }
}

async function askOver(
  link: Link,
  command: string,
  nonce: string,
  limitMs: number,
): Promise<EndResult | 'no-channel' | null> {
  const channel = await link.channels.exec(command, AbortSignal.timeout(CHANNEL_WAIT_MS))
  if (isFailure(channel)) return 'no-channel'
  let said = ''
  channel.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
  channel.stderr.resume()
  channel.on('error', () => undefined)
  channel.end()
  await Promise.race([
    new Promise<void>((done) => channel.once('close', () => done())),
    new Promise<void>((done) => void setTimeout(done, limitMs).unref()),
  ])
  return endResult(nonce, said)
}
