/**
 * How the screens are served, the same in both shells: the content security policy with its style nonce,
 * the page that carries the nonce, which file a request may read, and what type it is sent as.
 */

/** Stands in the built `index.html` wherever the nonce of one response goes (Vite's `html.cspNonce`). */
export const NONCE_PLACEHOLDER = 'HOLDPOINT-NONCE'

const NONCE = /^[A-Za-z0-9+/_-]{16,}={0,2}$/

/**
 * The policy for one response.
 * @param nonce base64 of at least 12 random bytes, used for this response only
 * @param connect origins that the page may talk to besides none: the loopback host's `ws://127.0.0.1:PORT`
 * @throws RangeError when the nonce is not base64, or an origin could end a directive
 */
export function contentSecurityPolicy(nonce: string, connect: readonly string[] = []): string {
  if (!NONCE.test(nonce)) throw new RangeError('a nonce is base64 of at least 12 bytes')
  if (connect.some((origin) => !/^[a-z]+:\/\/[A-Za-z0-9.[\]:-]+$/.test(origin))) {
    throw new RangeError(`not an origin: ${connect.join(' ')}`)
  }
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // React and Mantine set style attributes through the CSSOM, which no policy governs; markup may not carry them.
    "style-src-attr 'none'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}

/** Headers that go with every response of either shell. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), clipboard-read=()',
}

/** The built page with this response's nonce in it. */
export function pageWithNonce(html: string, nonce: string): string {
  if (!NONCE.test(nonce)) throw new RangeError('a nonce is base64 of at least 12 bytes')
  return html.replaceAll(NONCE_PLACEHOLDER, nonce)
}

const MIME_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    html: 'text/html; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    json: 'application/json; charset=utf-8',
    webmanifest: 'application/manifest+json; charset=utf-8',
    svg: 'image/svg+xml',
    png: 'image/png',
    ico: 'image/x-icon',
    woff2: 'font/woff2',
    woff: 'font/woff',
    wasm: 'application/wasm',
    txt: 'text/plain; charset=utf-8',
  }),
)

/** The type a file is sent as, or null: a file of another type is not part of the screens and is not sent. */
export function mimeTypeOf(path: string): string | null {
  const extension = /\.([a-z0-9]+)$/.exec(path)?.[1]
  return (extension === undefined ? undefined : MIME_TYPES.get(extension)) ?? null
}

/**
 * The file that a request path names, within the folder of the built screens.
 * @param pathname as it came in the URL: absolute, percent-encoded, without query and fragment
 * @returns a relative path with `/`, none of whose parts is hidden, empty, `.` or `..`; null when it is refused.
 *   The screens' own addresses live in the fragment, so `/` is the only path without a file name.
 */
export function staticPathOf(pathname: string): string | null {
  if (!pathname.startsWith('/')) return null
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded === '/') return 'index.html'
  const parts = decoded.slice(1).split('/')
  // One plain alphabet: no backslash, colon, NUL, second escape or hidden file can mean anything elsewhere.
  if (!parts.every((part) => /^[A-Za-z0-9_@-][A-Za-z0-9_.@~+-]*$/.test(part))) return null
  const path = parts.join('/')
  return mimeTypeOf(path) === null ? null : path
}
