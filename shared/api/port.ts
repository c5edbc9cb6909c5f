/**
 * How a page of the desktop shell comes by its port to the console. The page posts CONNECT to its own window; the preload
 * passes that on, and posts PORT back to the page's own origin with one MessagePort. Each CONNECT yields a fresh port.
 * The console process gets `{ kind: 'connect' }` with the other end on its parent port.
 */
export const CONNECT = 'holdpoint:connect'
export const PORT = 'holdpoint:port'

/** What the desktop's main process says to the console process. */
export type ToConsole = { readonly kind: 'connect' } | { readonly kind: 'stop' }
