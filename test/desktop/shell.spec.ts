/** The desktop shell in the real Electron: it shows the console, and each of its doors is shut. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test'
import { ROOT } from '../support/command.ts'

let data: string
let app: ElectronApplication
let page: Page

test.beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'holdpoint-desktop-'))
  app = await _electron.launch({ args: [ROOT, '--data', data, '--practice'], cwd: ROOT })
  page = await app.firstWindow()
})
test.afterAll(async () => {
  await app.close()
  await rm(data, { recursive: true, force: true })
})

test('the page comes over its own protocol and reaches the console through its port', async () => {
  expect(page.url()).toBe('app://holdpoint/')
  // The first screen asks the console whether anyone is enrolled; it can only be drawn once the console has answered.
  await expect(page.getByRole('textbox').or(page.getByRole('navigation')).first()).toBeVisible()
})

test('the page has nothing of Node or Electron', async () => {
  const seen = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in globalThis),
  )
  expect(seen).toEqual([])
})

test('sandbox and isolation are on', async () => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    return (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  })
})

test('files of the screens are served, with the policy; nothing beside them is', async () => {
  const status = (path: string) =>
    page.evaluate(
      (url) =>
        fetch(url)
          .then((response) => response.status)
          .catch(() => 'refused'),
      path,
    )
  expect(await status('app://holdpoint/index.html')).toBe(200)
  expect(await status('app://holdpoint/%2e%2e/node/host.js')).not.toBe(200)
  expect(await status('app://elsewhere/index.html')).not.toBe(200)
  expect(await status('file:///etc/hostname')).toBe('refused')
  const policy = await page.evaluate(() =>
    fetch('app://holdpoint/').then((response) => response.headers.get('content-security-policy')),
  )
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-/)
})

test('it does not go elsewhere and opens nothing', async () => {
  await page.evaluate(() => {
    location.href = 'https://example.org/'
  })
  const opened = await page.evaluate(() => window.open('about:blank') === null)
  expect(opened).toBe(true)
  expect(page.url()).toBe('app://holdpoint/')
  expect(app.windows()).toHaveLength(1)
  // And the move that is lawful: within the page.
  await page.evaluate(() => {
    location.hash = '#/'
  })
  expect(page.url()).toBe('app://holdpoint/#/')
})

test('no permission is given', async () => {
  const answer = await page.evaluate(() =>
    navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'given',
      () => 'refused',
    ),
  )
  expect(answer).toBe('refused')
})

test('each request of the page gets a port of its own', async () => {
  const ports = await page.evaluate(async () => {
    const answer = new Promise<number>((done) => {
      addEventListener('message', (event) => {
        if (event.data === 'holdpoint:port') done(event.ports.length)
      })
    })
    window.postMessage('holdpoint:connect', location.origin)
    return await answer
  })
  expect(ports).toBe(1)
})
