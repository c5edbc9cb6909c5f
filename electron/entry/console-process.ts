/** The desktop shell's console: a process of its own, so that no work of it can freeze a window. Speaks over MessagePorts. */
import './guard.ts'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isRefusal } from '../../shared/model/commands.ts'
import { type ConsolePort, servePort } from '../host/serve-port.ts'
import type { ToConsole } from '../../shared/api/port.ts'
import type { PracticeProcess } from '../practice/hosts.ts'
import { assemble, type Assembled } from './assemble.ts'
import { defaultDataFolder } from './folders.ts'

/** Electron's utilityProcess gives its process a `parentPort`; anywhere else there is none. */
type ParentPort = {
  on(event: 'message', listener: (message: Told) => void): void
}
type Told = { readonly data: ToConsole; readonly ports: readonly ConsolePort[] }

const { values } = parseArgs({ options: { data: { type: 'string' }, practice: { type: 'boolean' } } })
const { parentPort } = process as unknown as { readonly parentPort?: ParentPort }

function stopWith(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

const log = (line: string): void => void process.stderr.write(`${line}\n`)
const practicePort = Promise.withResolvers<ConsolePort>()
const started = Promise.withResolvers<Assembled>()

if (parentPort === undefined)
  stopWith('This is the desktop shell’s console. Start the desktop shell, or holdpoint --browser.')
parentPort.on('message', ({ data, ports }) => {
  const [port] = ports
  switch (data.kind) {
    case 'practice':
      if (port !== undefined) practicePort.resolve(port)
      break
    case 'connect':
      if (port !== undefined) void started.promise.then(({ router }) => servePort({ router, log }, port))
      break
    case 'stop':
      void started.promise.then((console) => console[Symbol.asyncDispose]()).finally(() => process.exit(0))
      break
  }
})

const isPractice = values.practice === true
const console = await assemble({
  dataDir: resolve(values.data ?? defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env })),
  isPractice,
  ...(isPractice ? { practiceProcess: overPort(await practicePort.promise) } : {}),
})
if (isRefusal(console)) stopWith(console.message)
for (const warning of console.warnings) log(warning)
started.resolve(console)

/** The practice hosts' process is a child of the desktop's main process; this port stands for it. */
function overPort(port: ConsolePort): () => PracticeProcess {
  const gone = Promise.withResolvers<void>()
  const listeners: ((message: unknown) => void)[] = []
  listen(port, 'message', (event) => {
    for (const listener of listeners) listener(event?.data)
  })
  listen(port, 'close', () => gone.resolve())
  port.start()
  return () => ({
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void listeners.push(listener),
    onExit: (listener) => void gone.promise.then(listener),
    end() {
      port.close()
      return gone.promise
    },
  })
}

function listen(
  port: ConsolePort,
  name: 'message' | 'close',
  listener: (event?: { readonly data?: unknown }) => void,
): void {
  if ('on' in port) port.on(name, listener)
  else port.addEventListener(name, listener)
}
