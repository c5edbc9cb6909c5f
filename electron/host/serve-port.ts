/** The contract over a MessagePort: the desktop's page is at the other end. */
import { z } from 'zod'
import type { Taken } from '../../shared/api/port.ts'
import { serveFrames, type Service } from './frames.ts'
import { LIMITS, type Limits } from './limits.ts'

const TakenMessage: z.ZodType<Taken> = z.strictObject({ taken: z.int().min(0) })

type Listen<Event> = (event: 'message' | 'close', listener: (event?: Event) => void) => unknown
type Posts = { postMessage(message: unknown): void; start(): void; close(): void }

/** A port of the web or of Node, or Electron's MessagePortMain: they differ in how they are listened to. */
export type ConsolePort = Posts &
  (
    | { readonly addEventListener: Listen<{ readonly data?: unknown }> }
    | { readonly on: Listen<{ readonly data: unknown }> }
  )

export type ServedPort = {
  /** Resolves when the page is gone, whoever ended it. */
  readonly ended: Promise<void>
  close(): void
}

/** Serves until the port closes, and starts it. */
export function servePort(
  service: Service,
  port: ConsolePort,
  limits: Pick<Limits, 'pauseBytes' | 'unreadBytes'> = LIMITS,
): ServedPort {
  const ended = Promise.withResolvers<void>()
  let isOver = false
  let doesTell = false
  let unread = 0
  let resume: (() => void)[] = []

  const wake = () => {
    const woken = resume
    resume = []
    for (const go of woken) go()
  }
  const over = () => {
    if (isOver) return
    isOver = true
    served.end()
    wake()
    ended.resolve()
  }
  const close = () => {
    over()
    port.close()
  }
  const served = serveFrames(service)((text) => {
    if (isOver) return Promise.resolve()
    unread += text.length
    if (doesTell && unread > limits.unreadBytes) {
      service.log('a page was disconnected: too slow')
      close()
      return Promise.resolve()
    }
    port.postMessage(text)
    if (!doesTell || unread < limits.pauseBytes) return Promise.resolve()
    return new Promise((resolve) => resume.push(resolve))
  })
  const take = (data: unknown) => {
    if (isOver) return
    if (typeof data === 'string') {
      served.frame(data).catch(() => {
        service.log('a page was disconnected: bad frame')
        close()
      })
      return
    }
    const told = TakenMessage.safeParse(data)
    if (!told.success) return
    doesTell = true
    unread = Math.max(0, unread - told.data.taken)
    if (unread < limits.pauseBytes) wake()
  }
  const listen = 'addEventListener' in port ? port.addEventListener.bind(port) : port.on.bind(port)
  listen('message', (event) => take(event?.data))
  listen('close', over)
  port.start()
  return { ended: ended.promise, close }
}
