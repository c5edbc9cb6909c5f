/**
 * The process of the practice hosts: SSH servers on 127.0.0.1, one port each, that accept one key only. It is started by
 * the console, is told what to serve, and ends with it.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { makeFolderSync } from '../disk/durable-file.ts'
import ssh2, { type AuthContext, type Connection, type ParsedKey, type Session } from 'ssh2'
import { parsed, persistentKey } from './keys.ts'
import { type PracticeReport, StartPractice } from './messages.ts'
import { endAllCommands, runCommand, signalGroup } from './shell-session.ts'

/** Electron's utility process has a port to its parent; a Node child has IPC. */
type Parent = {
  postMessage(report: PracticeReport): void
  onMessage(listener: (message: unknown) => void): void
}

function parent(): Parent {
  const port = 'parentPort' in process ? (process.parentPort as ElectronPort | undefined) : undefined
  if (port !== undefined && port !== null) {
    return {
      postMessage: (report) => port.postMessage(report),
      onMessage: (listener) => port.on('message', (event) => listener(event.data)),
    }
  }
  process.on('disconnect', end)
  return {
    postMessage: (report) => void process.send?.(report),
    onMessage: (listener) => process.on('message', listener),
  }
}

type ElectronPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

function end(): never {
  endAllCommands()
  process.exit(0)
}

async function serve({ folder, hosts }: StartPractice): Promise<PracticeReport> {
  const keys = join(folder, 'keys')
  const privateKey = persistentKey(keys, 'client')
  const accepted = parsed(privateKey)
  const served = hosts.map(async (name) => {
    const hostKey = persistentKey(keys, `host_${name}`)
    const home = join(folder, name)
    makeFolderSync(home)
    const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'Holdpoint-practice' }, (client) =>
      attend(client, name, home, accepted),
    )
    const port = await new Promise<number>((done, fail) => {
      server.once('error', fail)
      server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port))
    })
    const key = parsed(hostKey)
    return { name, port, hostKey: `${key.type} ${key.getPublicSSH().toString('base64')}` }
  })
  return { kind: 'ready', privateKey, hosts: await Promise.all(served) }
}

function attend(client: Connection, name: string, home: string, accepted: ParsedKey): void {
  client.on('error', () => undefined)
  client.on('authentication', (context) => {
    if (isAccepted(context, accepted)) context.accept()
    else context.reject(['publickey'])
  })
  client.on('session', (accept) => attendSession(accept(), name, home))
}

function attendSession(session: Session, name: string, home: string): void {
  let signal: (name: NodeJS.Signals) => void = () => undefined
  session.on('exec', (accept, _reject, { command }) => {
    const child = runCommand(name, home, command, accept())
    signal = (wanted) => signalGroup(child, wanted)
  })
  session.on('signal', (accept, _reject, info) => {
    accept?.()
    signal(`SIG${info.name}` as NodeJS.Signals)
  })
}

function isAccepted(context: AuthContext, accepted: ParsedKey): boolean {
  if (context.method !== 'publickey') return false
  const { key, blob, signature } = context
  if (key.algo !== accepted.type || !key.data.equals(accepted.getPublicSSH())) return false
  // Without a signature this is only the question whether the key would do.
  return blob === undefined || signature === undefined || accepted.verify(blob, signature, context.hashAlgo) === true
}

process.on('SIGTERM', end)
process.on('SIGINT', end)

const console_ = parent()
console_.onMessage((message) => {
  const start = StartPractice.safeParse(message)
  if (!start.success) return
  serve(start.data).then(
    (report) => console_.postMessage(report),
    (error: Error) => console_.postMessage({ kind: 'failed', code: 'practice-failed', message: error.message }),
  )
})
