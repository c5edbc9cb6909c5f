/** Passes the page's request for a port to the main process, and the port to the page. It exposes nothing else. */
import { ipcRenderer } from 'electron'
import { CONNECT, PORT } from '../../shared/api/port.ts'

// This room sees no DOM; these are the few words of it that are spoken here.
declare const window: {
  readonly location: { readonly origin: string }
  addEventListener(type: 'message', listen: (event: { readonly source: unknown; readonly data: unknown }) => void): void
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void
}

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === CONNECT) ipcRenderer.send(CONNECT)
})

ipcRenderer.on(PORT, (event) => window.postMessage(PORT, window.location.origin, event.ports))
