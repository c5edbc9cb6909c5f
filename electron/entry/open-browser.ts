/** Opens a link of the browser shell in the person's own browser, as an application window where that is Chromium. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * @param link carries a one-time token, so it never goes on a command line, where every user of the machine could read it:
 *   the browser is given a page of 0600 that leads there
 * @returns removes that page; nothing to wait for
 */
export function openBrowser(link: string, platform: NodeJS.Platform): () => void {
  const folder = mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'holdpoint-'))
  const page = join(folder, 'open.html')
  writeFileSync(
    page,
    `<!doctype html><title>Holdpoint</title><script>location.replace(${JSON.stringify(link)})</script>`,
    {
      mode: 0o600,
    },
  )
  const [command, ...args] = browserCommand(pathToFileURL(page).href, platform)
  if (command !== undefined) {
    const child = spawn(command, args, { stdio: 'ignore', detached: true })
    // No browser is no failure: the link is on the terminal.
    child.on('error', () => {})
    child.unref()
  }
  return () => rmSync(folder, { recursive: true, force: true })
}

function browserCommand(url: string, platform: NodeJS.Platform): readonly string[] {
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  const chromium = defaultChromium()
  return chromium === null ? ['xdg-open', url] : [chromium, `--app=${url}`]
}

/** The command of the session's default browser, if that is one of the Chromium family. */
function defaultChromium(): string | null {
  const asked = spawnSync('xdg-settings', ['get', 'default-web-browser'], { encoding: 'utf8', timeout: 3000 })
  return (
    /^(chromium|chromium-browser|google-chrome|google-chrome-stable|microsoft-edge|brave-browser)\.desktop$/.exec(
      (asked.stdout ?? '').trim(),
    )?.[1] ?? null
  )
}
