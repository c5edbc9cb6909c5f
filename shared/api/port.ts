/**
 * How a page of the desktop shell comes by its port to the console. The page posts CONNECT to its own window; the preload
 * passes that on, and posts PORT back to the page's own origin with one MessagePort. Each CONNECT yields a fresh port.
 * The console process gets `{ kind: 'connect' }` with the other end on its parent port.
 */
export const CONNECT = 'holdpoint:connect'
export const PORT = 'holdpoint:port'

/**
 * What the desktop's main process says to the console process. `connect` comes with a page's port. `practice` comes with
 * the port of the practice hosts' process, which only the main process can start (Electron runs no program as Node when its
 * fuse is blown): what is posted to it reaches that process and back, it closes when that ends, and closing it ends that.
 */
export type ToConsole = { readonly kind: 'connect' } | { readonly kind: 'practice' } | { readonly kind: 'stop' }

/**
 * What the page posts after each message that it took: the length of its text. A port has no back-pressure of its own; with
 * this the console waits for a page that is paused or busy. A page that never says it is not waited for.
 */
export type Taken = { readonly taken: number }
