/** The console's window and the locks on it: it shows its own page, opens nothing, and is asked for nothing. */
import { join } from 'node:path'
import { app, BrowserWindow, ipcMain, MessageChannelMain, type Session, shell, type UtilityProcess } from 'electron'
import { CONNECT, PORT, type ToConsole } from '../../shared/api/port.ts'
import { mayLeave } from './dialogs.ts'
import { mayHavePermission, mayNavigate, mayOpenOutside, maySend, START_URL, webPreferences } from './policy.ts'

/**
 * @param preload absolute path of the built preload
 * @param consoleProcess the process that is the console; each page that asks gets a port to it
 */
export function openWindow(session: Session, preload: string, consoleProcess: () => UtilityProcess): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: 'Holdpoint',
    backgroundColor: '#14181d',
    icon: join(app.getAppPath(), 'resources/icons/256x256.png'),
    webPreferences: { ...webPreferences(!app.isPackaged), preload, session },
  })
  window.once('ready-to-show', () => window.show())
  window.webContents.on('will-prevent-unload', (event) => {
    // The page objects while a run is open; to prevent its objection is to leave.
    if (mayLeave(window)) event.preventDefault()
  })
  handOutPorts(window, consoleProcess)
  void window.loadURL(START_URL)
  return window
}

/** For every page and frame that will ever be made, not only for the first. */
export function lockDown(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(mayHavePermission(permission)))
  session.setPermissionCheckHandler((_contents, permission) => mayHavePermission(permission))
  session.setDevicePermissionHandler(() => false)
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !mayNavigate(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenOutside(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}

function handOutPorts(window: BrowserWindow, consoleProcess: () => UtilityProcess): void {
  const onConnect = (event: Electron.IpcMainEvent) => {
    const frame = event.senderFrame
    const isAllowed = maySend({
      url: frame?.url ?? null,
      isMainFrame: frame !== null && frame.parent === null,
      isOwnContents: event.sender.id === window.webContents.id,
    })
    if (!isAllowed || frame === null) return
    const { port1, port2 } = new MessageChannelMain()
    const connect: ToConsole = { kind: 'connect' }
    consoleProcess().postMessage(connect, [port1])
    frame.postMessage(PORT, null, [port2])
  }
  ipcMain.on(CONNECT, onConnect)
  window.once('closed', () => ipcMain.removeListener(CONNECT, onConnect))
}
