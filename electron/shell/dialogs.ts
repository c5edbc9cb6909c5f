/** The few questions that only the desktop shell can ask. */
import { type BrowserWindow, dialog } from 'electron'

/** Asked when a window is closed over an open run. The run itself is safe either way: it is re-attached at the next start. */
export function mayLeave(window: BrowserWindow): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'warning',
    title: 'Holdpoint',
    message: 'A run is open.',
    detail:
      'Scripts that are running on hosts are not stopped. Steps whose outcome is then not known are shown as unknown at the next start and looked at before anything else happens.',
    buttons: ['Stay', 'Close anyway'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return answer === 1
}

/** The console process ended by itself; nothing that it had acknowledged is lost. */
export function consoleEnded(code: number, lastWords: string): void {
  dialog.showErrorBox(
    'Holdpoint has stopped',
    `The console ended with code ${code}. Everything it had acknowledged is in the log; start Holdpoint again to go on.\n\n${lastWords}`,
  )
}
