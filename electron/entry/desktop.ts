/**
 * The desktop shell. The console runs in a process of its own, so that no work of its own can freeze a window;
 * this process makes the window, serves the screens and hands out ports.
 */
import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, type BrowserWindow, MessageChannelMain, session, utilityProcess, type UtilityProcess } from 'electron'
import type { ToConsole } from '../../shared/api/port.ts'
import { consoleEnded } from '../shell/dialogs.ts'
import { setMenu } from '../shell/menu.ts'
import { declareScheme, serveScreens } from '../shell/protocol.ts'
import { lockDown, openWindow } from '../shell/window.ts'
import { defaultDataFolder } from './folders.ts'

const OUT = join(import.meta.dirname, '..')

declareScheme()
app.enableSandbox()

const { values } = parseArgs({
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  options: { data: { type: 'string' }, practice: { type: 'boolean' } },
  // Chromium has flags of its own on the same line.
  strict: false,
})
const data =
  typeof values.data === 'string'
    ? values.data
    : defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env })

// One console for each data folder; the same person may have several.
app.setPath('userData', join(app.getPath('appData'), 'holdpoint-desktop', profileName(data)))

if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.quit()

function start(): void {
  const screens = session.defaultSession
  lockDown(screens)
  serveScreens(screens, join(OUT, 'renderer'))
  setMenu(!app.isPackaged, process.platform === 'darwin')

  const consoleProcess = startConsole()
  if (values.practice === true) startPractice(consoleProcess)
  let window: BrowserWindow | null = null
  const show = () => {
    if (window === null) {
      window = openWindow(screens, join(OUT, 'desktop/preload.cjs'), () => consoleProcess)
      window.once('closed', () => {
        window = null
      })
    }
    if (window.isMinimized()) window.restore()
    window.focus()
  }
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => app.quit())
  show()
}

function profileName(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16)
}

/** A process of its own, with nothing of this one's environment; the port that stands for it goes to the console. */
function startPractice(consoleProcess: UtilityProcess): void {
  const child = utilityProcess.fork(join(OUT, 'node/practice-process.js'), [], {
    serviceName: 'Holdpoint practice hosts',
    env: {},
    stdio: 'ignore',
  })
  const { port1, port2 } = new MessageChannelMain()
  child.on('message', (message: unknown) => port1.postMessage(message))
  child.once('exit', () => port1.close())
  port1.on('message', (event) => child.postMessage(event.data))
  port1.on('close', () => child.kill())
  port1.start()
  const practice: ToConsole = { kind: 'practice' }
  consoleProcess.postMessage(practice, [port2])
}

function startConsole(): UtilityProcess {
  const args = ['--data', data, ...(values.practice === true ? ['--practice'] : [])]
  const child = utilityProcess.fork(join(OUT, 'node/console-process.js'), args, {
    serviceName: 'Holdpoint console',
    stdio: 'pipe',
  })
  let lastWords = ''
  child.stdout?.on('data', (bytes: Buffer) => process.stdout.write(bytes))
  child.stderr?.on('data', (bytes: Buffer) => {
    process.stderr.write(bytes)
    lastWords = (lastWords + bytes.toString()).slice(-2000)
  })

  let isStopping = false
  app.on('will-quit', (event) => {
    if (isStopping) return
    // The console closes its journal and its connections first; it is not killed.
    isStopping = true
    event.preventDefault()
    const stop: ToConsole = { kind: 'stop' }
    child.postMessage(stop)
    const limit = setTimeout(() => child.kill(), 10_000)
    child.once('exit', () => {
      clearTimeout(limit)
      app.quit()
    })
  })
  child.once('exit', (code) => {
    if (isStopping) return
    isStopping = true
    consoleEnded(code, lastWords)
    app.quit()
  })
  return child
}
