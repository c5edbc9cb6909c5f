/** Sends the built screens: the page with a nonce of its own, and the files it asks for. */
import { readFile, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { contentSecurityPolicy, mimeTypeOf, pageWithNonce, SECURITY_HEADERS } from '../../shared/api/csp.ts'

const PAGE = 'index.html'
const NONCE_BYTES = 16

/** @param screensDir absolute path of the built screens */
export async function serveScreens(app: FastifyInstance, screensDir: string): Promise<void> {
  const root = await realpath(screensDir)
  await app.register(fastifyStatic, {
    root,
    serve: false,
    cacheControl: false,
    contentType: false,
    dotfiles: 'deny',
    index: false,
  })
  app.get('/*', async (request, reply) => {
    // The door has made this path: a plain name within the folder.
    const file = request.url.slice(1)
    const type = mimeTypeOf(file)
    const path = type === null ? null : await realpath(join(root, file)).catch(() => null)
    // A link out of the folder is not part of the screens.
    if (type === null || path === null || !path.startsWith(root + sep)) return reply.code(404).send()
    void reply.type(type)
    if (file === PAGE) return reply.send(pageWithNonce(await readFile(path, 'utf8'), nonceOf(reply)))
    // Asked about each time: another program may have had this port, and its files, before.
    void reply.header('cache-control', 'no-cache')
    return reply.sendFile(file)
  })
}

const nonces = new WeakMap<FastifyReply, string>()

/** Sets what every response says, also one that refuses. */
export function setHeaders(reply: FastifyReply, random: (bytes: number) => Uint8Array, host: string | null): void {
  const nonce = Buffer.from(random(NONCE_BYTES)).toString('base64')
  nonces.set(reply, nonce)
  void reply.headers({
    ...SECURITY_HEADERS,
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(nonce, host === null ? [] : [`ws://${host}`]),
  })
}

function nonceOf(reply: FastifyReply): string {
  const nonce = nonces.get(reply)
  if (nonce === undefined) throw new Error('a response without headers')
  return nonce
}
