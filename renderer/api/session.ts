/**
 * Who this page is to the loopback host. A one-time token in the URL's fragment is exchanged once for a session secret,
 * which is kept in sessionStorage: cookies would be shared with every other port of the machine.
 */

const KEY = 'holdpoint.session'

export type FirstFrame = { readonly token: string } | { readonly session: string }
export type FirstAnswer = { readonly session: string } | { readonly refused: string; readonly message: string }

/** @param fragment `location.hash`, with or without `#` */
export function tokenIn(fragment: string): string | null {
  const token = /(?:^|[#&])token=([A-Za-z0-9_-]+)/.exec(fragment)?.[1]
  return token ?? null
}

/** What to say first on a new connection: the newest right to come in, or null when this page has none. */
export function firstFrame(fragment: string, storage: Pick<Storage, 'getItem'>): FirstFrame | null {
  const token = tokenIn(fragment)
  if (token !== null) return { token }
  const session = storage.getItem(KEY)
  return session === null ? null : { session }
}

export function keepSession(session: string, storage: Pick<Storage, 'setItem'>): void {
  storage.setItem(KEY, session)
}

export function forgetSession(storage: Pick<Storage, 'removeItem'>): void {
  storage.removeItem(KEY)
}

/** @returns null when the host said something else than its protocol knows */
export function readAnswer(data: unknown): FirstAnswer | null {
  if (typeof data !== 'string') return null
  try {
    const value: unknown = JSON.parse(data)
    if (typeof value !== 'object' || value === null) return null
    if ('session' in value && typeof value.session === 'string') return { session: value.session }
    if ('refused' in value && typeof value.refused === 'string') {
      const message = 'message' in value && typeof value.message === 'string' ? value.message : value.refused
      return { refused: value.refused, message }
    }
    return null
  } catch {
    return null
  }
}
