/** What the desktop shell allows, decided by pure functions: every answer not given here is no. */
import { staticPathOf } from '../../shared/api/csp.ts'

export const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://holdpoint`
export const START_URL = `${ORIGIN}/`

/**
 * The file within the folder of screens that a request may read.
 * @returns a relative path; null for another scheme, host or port, credentials, a method that writes, or a path that is refused
 */
export function fileOfRequest(method: string, url: string): string | null {
  if (method !== 'GET' && method !== 'HEAD') return null
  const parsed = parse(url)
  if (parsed === null || !isOurs(parsed)) return null
  // The URL parser folds `..` away before anyone looks; a request that needed it is not one of ours.
  if (/(^|[/\\])\.\.?([/\\?#]|$)|%2e|%2f|%5c|\\/i.test(url.slice(ORIGIN.length))) return null
  return staticPathOf(parsed.pathname)
}

/** A window may load its own page and nothing else; moving within the page by its fragment is no navigation. */
export function mayNavigate(url: string): boolean {
  const parsed = parse(url)
  return parsed !== null && isOurs(parsed) && parsed.pathname === '/' && parsed.search === ''
}

/** Nothing of the operating system is asked for through the page: no camera, no notification, no clipboard reading. */
export function mayHavePermission(_permission: string): boolean {
  return false
}

/** Links of a runbook may be opened in the person's own browser, on their click: the web only, never a file or a program. */
export function mayOpenOutside(url: string): boolean {
  const parsed = parse(url)
  return parsed !== null && parsed.protocol === 'https:' && parsed.username === '' && parsed.password === ''
}

export type Sender = {
  /** URL of the frame that sent, null when the frame is gone. */
  readonly url: string | null
  /** The frame is the top one of its page. */
  readonly isMainFrame: boolean
  /** The page is the one this window was made for. */
  readonly isOwnContents: boolean
}

/** Who may be handed the port to the console. */
export function maySend(sender: Sender): boolean {
  return sender.isMainFrame && sender.isOwnContents && sender.url !== null && mayNavigate(sender.url)
}

export type WebPreferences = {
  readonly sandbox: true
  readonly contextIsolation: true
  readonly nodeIntegration: false
  readonly nodeIntegrationInWorker: false
  readonly nodeIntegrationInSubFrames: false
  readonly webSecurity: true
  readonly allowRunningInsecureContent: false
  readonly webviewTag: false
  readonly navigateOnDragDrop: false
  readonly spellcheck: false
  readonly devTools: boolean
}

/** @param isDevelopment the shell runs from a checkout, not from a package */
export function webPreferences(isDevelopment: boolean): WebPreferences {
  return {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    // Spell checking would fetch a dictionary from the network.
    spellcheck: false,
    devTools: isDevelopment,
  }
}

function isOurs(url: URL): boolean {
  return url.protocol === `${SCHEME}:` && url.host === 'holdpoint' && url.username === '' && url.password === ''
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null
}
