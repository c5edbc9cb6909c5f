/** The way in over a WebSocket: the first frame shows a right or the connection ends. */
import type { Socket } from 'node:net'
import type { RawData, WebSocket } from 'ws'
import { z } from 'zod'
import type { Limits } from './limits.ts'
import type { Claim, RefusalCode, Rights } from './rights.ts'

export type EntryRefusal = RefusalCode | 'bad-frame' | 'too-late' | 'too-large'

const SECRET = z.string().min(1).max(256)
const FirstFrame = z.union([z.strictObject({ token: SECRET }), z.strictObject({ session: SECRET })])

/** Close codes of this host, in the range that the standard leaves to applications. */
export const CLOSE = { notAllowed: 4401, tooSlow: 4408, badFrame: 1007, leaving: 1001 } as const

const NEW_LINK = 'Run “holdpoint open” in a terminal: it prints a new link, good for one use.'
const MESSAGES: Readonly<Record<EntryRefusal, string>> = {
  'unknown-token': `This console did not give out this link. ${NEW_LINK}`,
  'used-token': `This link was used already. ${NEW_LINK}`,
  'expired-token': `This link was not used in time. ${NEW_LINK}`,
  'unknown-session': `The console was started again since this page was opened. ${NEW_LINK}`,
  'bad-frame': 'What connected here is not a page of this console.',
  'too-late': 'The page did not say in time what right it has.',
  'too-large': 'What connected here is not a page of this console.',
}

/**
 * Waits for the first frame, answers it, and calls `admit` in the same turn, so that no later frame is missed.
 * @param wire the connection below the socket: what comes before the first frame is counted there
 * @param settle called once, when the client is in or refused or gone
 */
export function enter(
  socket: WebSocket,
  wire: Socket,
  door: {
    readonly rights: Rights
    readonly limits: Limits
    admit(): void
    settle(refused: EntryRefusal | null): void
  },
): void {
  let isSettled = false
  let received = 0
  const settle = (refused: EntryRefusal | null): void => {
    isSettled = true
    clearTimeout(patience)
    wire.off('data', count)
    socket.off('message', first)
    door.settle(refused)
  }
  const refuse = (refused: EntryRefusal): void => {
    if (isSettled) return
    settle(refused)
    socket.send(JSON.stringify({ refused, message: MESSAGES[refused] }))
    endSocket(socket, CLOSE.notAllowed, refused, door.limits.closeMs)
  }
  const count = (bytes: Buffer): void => {
    received += bytes.length
    if (received > door.limits.firstFrameBytes) refuse('too-large')
  }
  const first = (data: RawData, isBinary: boolean): void => {
    const claim = isBinary ? null : readClaim(data)
    if (claim === null) return refuse('bad-frame')
    const answer = door.rights.exchange(claim)
    if ('refused' in answer) return refuse(answer.refused)
    settle(null)
    socket.send(JSON.stringify(answer))
    door.admit()
  }
  const patience = setTimeout(() => refuse('too-late'), door.limits.firstFrameMs)
  wire.on('data', count)
  socket.on('message', first)
  socket.once('close', () => {
    if (!isSettled) settle(null)
  })
}

/** Says why and closes; a client that does not answer is cut off. */
export function endSocket(socket: WebSocket, code: number, reason: string, closeMs: number): void {
  if (socket.readyState === socket.CLOSED) return
  socket.close(code, reason)
  const cut = setTimeout(() => socket.terminate(), closeMs)
  socket.once('close', () => clearTimeout(cut))
}

export function textOf(data: RawData): string {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data
  return bytes.toString('utf8')
}

function readClaim(data: RawData): Claim | null {
  let value: unknown
  try {
    value = JSON.parse(textOf(data))
  } catch {
    return null
  }
  const parsed = FirstFrame.safeParse(value)
  return parsed.success ? parsed.data : null
}
