/** Serves the built screens as app://holdpoint/, read-only, each page with a policy and a nonce of its own. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { protocol, type Session } from 'electron'
import { contentSecurityPolicy, mimeTypeOf, pageWithNonce, SECURITY_HEADERS } from '../../shared/api/csp.ts'
import { fileOfRequest, SCHEME } from './policy.ts'

/** Before the app is ready: the scheme behaves like https, so that origin, fetch and workers are what they are there. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** @param folder the built screens, absolute */
export function serveScreens(session: Session, folder: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const file = fileOfRequest(request.method, request.url)
    const type = file === null ? null : mimeTypeOf(file)
    if (file === null || type === null) return refused(403)
    const nonce = randomBytes(16).toString('base64')
    const headers = {
      ...SECURITY_HEADERS,
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(nonce),
    }
    try {
      const bytes = await readFile(join(folder, file))
      const body = file.endsWith('.html') ? pageWithNonce(bytes.toString('utf8'), nonce) : new Uint8Array(bytes)
      return new Response(request.method === 'HEAD' ? null : body, { status: 200, headers })
    } catch {
      return refused(404)
    }
  })
}

function refused(status: number): Response {
  return new Response(null, { status, headers: SECURITY_HEADERS })
}
