/** Which requests the loopback host answers at all, decided by pure functions: every answer not given here is no. */
import { staticPathOf } from '../../shared/api/csp.ts'

export const RPC_PATH = '/rpc'
/** Where a request goes whose path names nothing that is served: no file can have this name. */
export const NOWHERE = '/-'

export type Knock = {
  readonly method: string
  readonly isUpgrade: boolean
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export type Closed = { readonly status: 403 | 405; readonly why: string }

/** Names under which a browser on this machine reaches the host. Another name means that someone else's name leads here. */
export function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
}

/** @returns why the request is refused, whatever its path; null when it may go on */
export function closedTo(knock: Knock, port: number): Closed | null {
  const host = knock.headers['host']
  if (typeof host !== 'string' || !ownHosts(port).includes(host)) return { status: 403, why: 'foreign Host' }
  if (knock.method !== 'GET' && (knock.method !== 'HEAD' || knock.isUpgrade)) {
    return { status: 405, why: 'only GET and HEAD' }
  }
  const origin = knock.headers['origin']
  // A page of another port of this machine is another site's page, and a program without an origin is no page.
  if (origin === undefined ? knock.isUpgrade : origin !== `http://${host}`)
    return { status: 403, why: 'foreign Origin' }
  if (isFetchedByOthers(knock.headers)) return { status: 403, why: 'fetched by another site' }
  return null
}

/** A browser says where a request comes from. A link may lead here from anywhere; a script, a frame or an image may not. */
function isFetchedByOthers(headers: Knock['headers']): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}

/**
 * The path that is routed for a request's target.
 * @param target as it came on the request line
 * @returns RPC_PATH, `/` and a file within the folder of screens, or NOWHERE
 */
export function routedPath(target: string | undefined): string {
  const pathname = (target ?? '').replace(/[?#].*$/s, '')
  if (pathname === RPC_PATH) return RPC_PATH
  const file = staticPathOf(pathname)
  return file === null ? NOWHERE : `/${file}`
}
