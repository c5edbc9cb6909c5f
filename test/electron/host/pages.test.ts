/** What the loopback host serves over HTTP, and every request that it does not. Beside each refusal the lawful request is served. */
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handshake, PAGE, type RawAnswer, rawHttp, request, type Stage, startStage } from './stage.ts'
import { NONCE_PLACEHOLDER } from '../../../shared/api/csp.ts'

let stage: Stage
let port: number
beforeAll(async () => {
  stage = await startStage()
  port = stage.host.port
})
afterAll(() => stage[Symbol.asyncDispose]())

const nonceOf = (answer: RawAnswer) => /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1]

describe('the page', () => {
  test('comes with a policy whose nonce is in it, and another one each time', async () => {
    const first = await request(port, '/')
    const second = await request(port, '/index.html')
    const nonce = nonceOf(first)
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/)
    expect(first.body).toBe(PAGE.replaceAll(NONCE_PLACEHOLDER, String(nonce)))
    expect(first.body).not.toContain(NONCE_PLACEHOLDER)
    expect(second.status).toBe(200)
    expect(nonceOf(second)).not.toBe(nonce)
    expect(second.body).toContain(nonceOf(second))
  })

  test('has the strict policy and the headers that keep other sites away', async () => {
    const { headers } = await request(port, '/')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self' ")
    expect(headers.get('content-security-policy')).toContain(`connect-src 'self' ws://127.0.0.1:${port};`)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    })
  })

  test('may be reached by the other names of this machine', async () => {
    const answer = await request(port, '/', { host: `localhost:${port}` })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-security-policy')).toContain(`ws://localhost:${port};`)
    expect((await request(port, '/', { host: `[::1]:${port}` })).status).toBe(200)
  })

  test('is sent without a body to HEAD', async () => {
    const answer = await request(port, '/', {}, 'HEAD')
    expect(answer.status).toBe(200)
    expect(answer.body).toBe('')
    expect(nonceOf(answer)).toBeDefined()
  })

  test('its fragment never comes here: a token in the query is nothing', async () => {
    expect((await request(port, '/?token=abc')).status).toBe(200)
  })
})

describe('files', () => {
  test('are sent as what they are, with the same headers, and asked about each time', async () => {
    const script = await request(port, '/assets/main-1.js')
    expect(script.status).toBe(200)
    expect(script.body).toBe('export {}')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toBe('no-cache')
    expect(script.headers.get('x-content-type-options')).toBe('nosniff')
    expect(nonceOf(script)).toBeDefined()
    const again = await request(port, '/assets/main-1.js', { 'if-none-match': script.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  })

  test.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/%2e%2e%2foutside.js',
    '/..%5coutside.js',
    '/..\\outside.js',
    '/%252e%252e/outside.js',
    '//outside.js',
    '/./assets/main-1.js',
    '/linked.js',
    '/.hidden.js',
    '/%2ehidden.js',
    '/secret',
    '/assets',
    '/assets/',
    '/absent.js',
    '/assets/main-1.js%00.html',
    '/assets/main-1.js/',
    '/%ff',
    '/%',
    '/rpc',
    '/rpc/',
    '*',
    'http://127.0.0.1/assets/main-1.js',
  ])('%s is not there', async (target) => {
    const answer = await request(port, target)
    expect(answer.status).toBe(404)
    expect(answer.body).toBe('')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await request(port, '/assets/main-1.css')).body).toBe('p {}')
  })
})

describe('refused', () => {
  test.each([
    'evil.example',
    `evil.example:4711`,
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost',
    '127.0.0.1.evil.example',
    'localhost.:PORT',
    '0.0.0.0:PORT',
    '127.0.0.2:PORT',
    'user@127.0.0.1:PORT',
    '',
  ])('Host: %s', async (host) => {
    const answer = await request(port, '/', { host: host.replace('PORT', String(port)) })
    expect(answer.status).toBe(403)
    expect(answer.body).toBe('')
    expect((await request(port, '/')).status).toBe(200)
  })

  test('a request without Host', async () => {
    expect((await request(port, '/', { host: null })).status).toBe(400)
    expect((await rawHttp(port, 'GET / HTTP/1.0\r\n\r\n')).status).toBe(403)
    expect((await request(port, '/')).status).toBe(200)
  })

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])('%s', async (method) => {
    for (const target of ['/', '/rpc', '/assets/main-1.js']) {
      const answer = await request(port, target, { 'content-length': '0' }, method)
      expect(answer.status).toBe(405)
      expect(answer.body).toBe('')
    }
    expect((await request(port, '/')).status).toBe(200)
  })

  test('pages of other sites, and no page is told that it may read', async () => {
    for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${port + 1}`, `https://127.0.0.1:${port}`]) {
      const answer = await request(port, '/', { origin })
      expect(answer.status).toBe(403)
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    const own = await request(port, '/assets/main-1.js', { origin: `http://127.0.0.1:${port}` })
    expect(own.status).toBe(200)
    expect([...own.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('scripts, images and frames of other sites; a link may lead here', async () => {
    const site = (dest: string, mode: string, from = 'cross-site') =>
      request(port, '/', { 'sec-fetch-site': from, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest })
    expect((await site('script', 'no-cors')).status).toBe(403)
    expect((await site('image', 'no-cors', 'same-site')).status).toBe(403)
    expect((await site('iframe', 'navigate')).status).toBe(403)
    expect((await site('document', 'navigate')).status).toBe(200)
    expect((await site('script', 'cors', 'same-origin')).status).toBe(200)
    expect((await site('document', 'navigate', 'none')).status).toBe(200)
  })

  test('addresses that are not 127.0.0.1', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address)
    expect(await canConnect('127.0.0.1')).toBe('connected')
    expect(await canConnect('::1')).not.toBe('connected')
    for (const address of ['127.0.0.2', ...others]) expect(await canConnect(address)).toBe('ECONNREFUSED')
  })
})

describe('a WebSocket handshake', () => {
  const origin = () => `http://127.0.0.1:${port}`

  async function isOpen(headers: Readonly<Record<string, string>>, path?: string): Promise<number> {
    const { socket, status } = await handshake(port, headers, path)
    socket.terminate()
    return status
  }

  test('of the own page is taken', async () => {
    expect(await isOpen({ origin: origin() })).toBe(101)
    expect(await isOpen({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(101)
  })

  test('is refused without Origin, and with a foreign one', async () => {
    expect(await isOpen({})).toBe(403)
    for (const foreign of [
      'null',
      'http://evil.example',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `http://127.0.0.1:${port}.evil.example`,
      `http://127.0.0.1:${port}/`,
      // Ours, but not the one of this Host.
      `http://localhost:${port}`,
    ]) {
      expect(await isOpen({ origin: foreign })).toBe(403)
    }
    expect(await isOpen({ origin: origin() })).toBe(101)
  })

  test('is refused with a foreign Host, also when the Origin agrees with it', async () => {
    expect(await isOpen({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` })).toBe(403)
    expect(await isOpen({ origin: origin() })).toBe(101)
  })

  test('is refused at every other path', async () => {
    for (const path of ['/', '/rpc/', '/rpc/x', '/assets/main-1.js', '/%ff', '/other']) {
      expect(await isOpen({ origin: origin() }, path)).toBe(404)
    }
    expect(await isOpen({ origin: origin() })).toBe(101)
  })
})

function canConnect(address: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, address)
    socket.once('connect', () => {
      socket.destroy()
      resolve('connected')
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'))
  })
}
