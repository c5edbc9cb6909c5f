/** The contract over a WebSocket whose client was let in. A client that does not read is waited for, then cut off. */
import type { WebSocket } from 'ws'
import { CLOSE, endSocket, textOf } from './enter.ts'
import type { Log, Serve } from './frames.ts'
import type { Limits } from './limits.ts'

export function serveSocket(socket: WebSocket, serve: Serve, limits: Limits, log: Log): void {
  let isOver = false
  const over = (): void => {
    if (isOver) return
    isOver = true
    served.end()
  }
  const end = (code: number, reason: string): void => {
    if (isOver) return
    log(`a page was disconnected: ${reason}`)
    over()
    endSocket(socket, code, reason, limits.closeMs)
  }
  const served = serve((text) => {
    if (isOver || socket.readyState !== socket.OPEN) return Promise.resolve()
    if (socket.bufferedAmount + text.length > limits.unreadBytes) {
      end(CLOSE.tooSlow, 'too slow')
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      // Called when the system has taken the frame, or when the connection is gone.
      socket.send(text, () => resolve())
      if (socket.bufferedAmount < limits.pauseBytes) resolve()
    })
  })
  socket.on('message', (data, isBinary) => {
    if (isOver) return
    if (isBinary) return end(CLOSE.badFrame, 'bad frame')
    served.frame(textOf(data)).catch(() => end(CLOSE.badFrame, 'bad frame'))
  })
  socket.once('close', over)
}
