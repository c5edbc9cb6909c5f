/**
 * `host.json` in the data folder: how a program of the same person finds the console that runs there. It names a way in that
 * only who may read the file can use: a Unix socket, or a named pipe on Windows, and a secret to say there first.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../../shared/text/error-code.ts'

export const HOST_FILE = 'host.json'
const SECRET = /^[A-Za-z0-9_-]{43}$/

export const HostFile = z.strictObject({
  pid: z.int().min(1),
  port: z.int().min(1).max(65_535),
  control: z.strictObject({ path: z.string().min(1), secret: z.string().regex(SECRET) }),
})
export type HostFile = z.infer<typeof HostFile>

/** One line each way: `ping` asks whether this is the console of that file. */
export const ControlAsk = z.strictObject({ secret: z.string().regex(SECRET), ask: z.enum(['ping', 'link']) })
export type ControlAsk = z.infer<typeof ControlAsk>
export const ControlAnswer = z.strictObject({ pid: z.int(), link: z.string().nullable() })
export type ControlAnswer = z.infer<typeof ControlAnswer>

const LINE_LENGTH = 1024
export const CONTROL_WAIT_MS = 5_000

/** @returns null when there is none, or none that this program wrote */
export async function readHostFile(dataDir: string): Promise<HostFile | null> {
  try {
    return HostFile.parse(JSON.parse(await readFile(join(dataDir, HOST_FILE), 'utf8')))
  } catch {
    return null
  }
}

/** False: the process that wrote the file ended without removing it. Another process may have its number by now. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

export function isSameSecret(said: string, expected: string): boolean {
  const digest = (secret: string) => createHash('sha256').update(secret).digest()
  return timingSafeEqual(digest(said), digest(expected))
}

/** @param listen called once: with the line, or with null when it is too long */
export function onFirstLine(socket: Socket, listen: (line: string | null) => void): void {
  let heard = ''
  const hear = (text: string) => {
    heard += text
    const end = heard.indexOf('\n')
    if (end === -1 && heard.length <= LINE_LENGTH) return
    socket.off('data', hear)
    listen(end === -1 || end > LINE_LENGTH ? null : heard.slice(0, end))
  }
  socket.setEncoding('utf8')
  socket.on('data', hear)
}

/** @returns null when nobody answers there, or someone else does */
export function askHost(file: HostFile, ask: ControlAsk['ask']): Promise<ControlAnswer | null> {
  if (!isAlive(file.pid)) return Promise.resolve(null)
  return new Promise((resolve) => {
    const socket = connect(file.control.path)
    const settle = (answer: ControlAnswer | null) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(CONTROL_WAIT_MS, () => settle(null))
    socket.once('error', () => settle(null))
    socket.once('close', () => settle(null))
    socket.once('connect', () => {
      const line: ControlAsk = { secret: file.control.secret, ask }
      socket.write(`${JSON.stringify(line)}\n`)
    })
    onFirstLine(socket, (line) => settle(line === null ? null : readAnswer(line, file)))
  })
}

function readAnswer(line: string, file: HostFile): ControlAnswer | null {
  try {
    const answer = ControlAnswer.parse(JSON.parse(line))
    return answer.pid === file.pid ? answer : null
  } catch {
    return null
  }
}
