/** The few questions that only the desktop shell can ask. */
import { type BrowserWindow, dialog } from 'electron'

/** Asked when a window is closed over work that is under way. The log is safe either way; what came of the work is not known then. */
export function mayLeave(window: BrowserWindow): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'warning',
    title: 'Holdpoint',
    message: 'Work is under way on hosts.',
    detail:
      'If Holdpoint ends now, what came of it is not known: it is shown as unknown at the next start, and a person has to settle it before the run goes on. Nothing is run again by itself.',
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
