/** The policy, the nonce and the paths under which the screens are served. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contentSecurityPolicy,
  mimeTypeOf,
  NONCE_PLACEHOLDER,
  pageWithNonce,
  staticPathOf,
} from '../../../shared/api/csp.ts'

const NONCE = 'q83vEjRWeJCrze8SNFZ4kA=='

describe('contentSecurityPolicy', () => {
  test('allows files of our own and styles with the nonce, nothing else', () => {
    const directives = Object.fromEntries(
      contentSecurityPolicy(NONCE)
        .split('; ')
        .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
    )
    expect(directives).toMatchObject({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", `'nonce-${NONCE}'`],
      'connect-src': ["'self'"],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    })
    expect(contentSecurityPolicy(NONCE)).not.toMatch(/unsafe-|\*|https?:/)
  })

  test('names the one socket of the loopback host', () => {
    expect(contentSecurityPolicy(NONCE, ['ws://127.0.0.1:4711'])).toContain("connect-src 'self' ws://127.0.0.1:4711;")
  })

  test.each(['', 'short', "x' 'unsafe-inline", 'aaaaaaaaaaaaaaaaaaaa; script-src *', 'aaaaaaaaaaaaaaaa\n'])(
    'refuses %j as a nonce',
    (nonce) => {
      expect(() => contentSecurityPolicy(nonce)).toThrow(RangeError)
      expect(() => pageWithNonce('<p>', nonce)).toThrow(RangeError)
    },
  )

  test.each(['*', 'ws://*', "ws://x'; script-src *", 'ws://a b', 'ws://127.0.0.1:1;'])(
    'refuses %j as an origin',
    (origin) => {
      expect(() => contentSecurityPolicy(NONCE, [origin])).toThrow(RangeError)
    },
  )
})

test('the page carries the nonce wherever the build left its place', () => {
  const html = `<meta nonce="${NONCE_PLACEHOLDER}"><script nonce="${NONCE_PLACEHOLDER}"></script>`
  expect(pageWithNonce(html, NONCE)).toBe(`<meta nonce="${NONCE}"><script nonce="${NONCE}"></script>`)
})

describe('staticPathOf', () => {
  test.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/assets/index-BLdi0NQy.js', 'assets/index-BLdi0NQy.js'],
    ['/assets/inter-latin-wght-normal.woff2', 'assets/inter-latin-wght-normal.woff2'],
    ['/assets/%69ndex.js', 'assets/index.js'],
  ])('%s is %s', (pathname, path) => {
    expect(staticPathOf(pathname)).toBe(path)
  })

  test.each([
    '',
    'index.html',
    '//index.html',
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../node/host.js',
    '/assets/..\\..\\node\\host.js',
    '/assets/%5c..%5chost.js',
    '/assets/',
    '/assets//index.js',
    '/.git/config.json',
    '/assets/.hidden.js',
    '/index.html%00.js',
    '/C:/windows/win.js',
    '/%252e%252e/a.js',
    '/%',
    '/assets/run.sh',
    '/assets/noextension',
    '/built',
  ])('refuses %j', (pathname) => {
    expect(staticPathOf(pathname)).toBeNull()
  })

  test('never answers a path that leaves its folder or hides in it', () => {
    const part = fc.constantFrom('..', '.', '%2e', '%2F', '\\', '/', 'a', 'a.js', '%00', '.git', ':', '%25', '~')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part).map((parts) => `/${parts.join('')}`),
          fc.string(),
        ),
        (pathname) => {
          const path = staticPathOf(pathname)
          if (path === null) return
          expect(path).not.toMatch(/^\/|\\|:|\0|%/)
          for (const name of path.split('/')) expect(name).toMatch(/^[^.]/)
          expect(mimeTypeOf(path)).not.toBeNull()
        },
      ),
    )
  })
})

test('a type is known or the file is not sent', () => {
  expect(mimeTypeOf('assets/a.js')).toBe('text/javascript; charset=utf-8')
  expect(mimeTypeOf('a.JS')).toBeNull()
  expect(mimeTypeOf('a.constructor')).toBeNull()
  expect(mimeTypeOf('a.sh')).toBeNull()
})
