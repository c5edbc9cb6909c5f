/** Lets `holdpoint open` find this console and ask it for a new link: a file in the data folder, and an ear beside it. */
import { mkdtemp, rm, chmod } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Refusal, refusal } from '../../shared/model/commands.ts'
import { writeFileDurably } from '../disk/durable-file.ts'
import type { Log } from './frames.ts'
import {
  askHost,
  CONTROL_WAIT_MS,
  type ControlAnswer,
  ControlAsk,
  HOST_FILE,
  type HostFile,
  isSameSecret,
  onFirstLine,
  readHostFile,
} from './host-file.ts'

/** The shortest limit of a socket's path among the systems this runs on, with room for its end. */
const SOCKET_PATH_BYTES = 100

export type Announced = AsyncDisposable & {
  /** Removes the file, if it is still this host's, and listens no more. */
  close(): Promise<void>
}

export type AnnounceOptions = {
  /** Exists and is this person's own. */
  readonly dataDir: string
  readonly host: { readonly port: number; newLink(): string }
  readonly secrets: { readonly random: (bytes: number) => Uint8Array }
  readonly log: Log
}

/**
 * @returns a refusal `already-running` when another console answers for this folder; a file whose console has ended is
 *   replaced
 * @throws the system's error when neither the data folder nor the system's folder for temporary files takes a socket
 */
export async function announceHost({ dataDir, host, secrets, log }: AnnounceOptions): Promise<Announced | Refusal> {
  const before = await readHostFile(dataDir)
  if (before !== null && (await askHost(before, 'ping')) !== null) {
    const message = `A console runs in ${dataDir} already (process ${before.pid}). “holdpoint open” prints a link to it.`
    return refusal('already-running', message)
  }
  const secret = Buffer.from(secrets.random(32)).toString('base64url')
  const server = createServer((socket) => listen(socket, secret, host, log))
  const ear = await openEar(server, dataDir, secrets.random)
  const file: HostFile = { pid: process.pid, port: host.port, control: { path: ear.path, secret } }
  const close = async () => {
    if ((await readHostFile(dataDir))?.control.secret === secret) await rm(join(dataDir, HOST_FILE), { force: true })
    await ear.close()
  }
  try {
    await writeFileDurably(join(dataDir, HOST_FILE), Buffer.from(`${JSON.stringify(file)}\n`), { mode: 0o600 })
  } catch (cause) {
    await ear.close()
    throw cause
  }
  return { close, [Symbol.asyncDispose]: close }
}

function listen(socket: Socket, secret: string, host: AnnounceOptions['host'], log: Log): void {
  const end = () => socket.destroy()
  socket.setTimeout(CONTROL_WAIT_MS, end)
  socket.on('error', end)
  onFirstLine(socket, (line) => {
    const ask = line === null ? null : readAsk(line)
    if (ask === null || !isSameSecret(ask.secret, secret)) {
      log('refused a request for a link: it does not know the secret')
      return end()
    }
    const answer: ControlAnswer = { pid: process.pid, link: ask.ask === 'link' ? host.newLink() : null }
    socket.end(`${JSON.stringify(answer)}\n`)
  })
}

function readAsk(line: string): ControlAsk | null {
  try {
    return ControlAsk.parse(JSON.parse(line))
  } catch {
    return null
  }
}

type Ear = { readonly path: string; close(): Promise<void> }

/** In the data folder, which is this person's own; where its path is too long or its disk knows no sockets, in a new folder. */
async function openEar(server: Server, dataDir: string, random: (bytes: number) => Uint8Array): Promise<Ear> {
  if (process.platform === 'win32') {
    return ear(server, `\\\\.\\pipe\\holdpoint-${Buffer.from(random(16)).toString('hex')}`, async () => {})
  }
  const beside = join(dataDir, 'host.sock')
  if (Buffer.byteLength(beside) <= SOCKET_PATH_BYTES) {
    // Left by a console that was killed; no other one answers, or this would not have come so far.
    await rm(beside, { force: true })
    try {
      return await ear(server, beside, () => rm(beside, { force: true }))
    } catch {
      await rm(beside, { force: true })
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-'))
  return ear(server, join(folder, 'host.sock'), () => rm(folder, { recursive: true, force: true }))
}

async function ear(server: Server, path: string, remove: () => Promise<void>): Promise<Ear> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
  if (process.platform !== 'win32') await chmod(path, 0o600)
  return {
    path,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await remove()
    },
  }
}
