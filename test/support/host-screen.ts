/** A console in a process of its own, as the browser shell starts it, and a client of its contract, as a screen is one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import { isBuilt } from '../../resources/packaging/freshness.ts'
import type { contract } from '../../shared/api/contract.ts'
import { ROOT } from './command.ts'

export type Client = ContractRouterClient<typeof contract>
export type Screen = AsyncDisposable & {
  readonly pid: number
  readonly client: Client
  /** A line that the console prints for a person, now or later. */
  line(wanted: RegExp): Promise<string>
  /** The exit code of the console, once it has ended. */
  readonly exit: Promise<number | null>
}

export async function openScreen(options: {
  readonly dataDir: string
  readonly stateDir: string
  readonly isPractice?: boolean
}): Promise<Screen> {
  const program = join(ROOT, isBuilt() ? 'out/node/host.js' : 'electron/entry/host.ts')
  const child = spawn(
    process.execPath,
    [program, '--data', options.dataDir, ...(options.isPractice === true ? ['--practice'] : [])],
    {
      cwd: ROOT,
      env: { ...process.env, HOLDPOINT_STATE: options.stateDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const said = linesSaid(child)
  try {
    const link = new URL(await linkOf(child))
    const socket = new WebSocket(`ws://${link.host}/rpc`, { origin: link.origin })
    await once(socket, 'open')
    socket.send(JSON.stringify({ token: link.hash.replace('#token=', '') }))
    const [first] = (await once(socket, 'message')) as [Buffer]
    const answer = first.toString()
    if (!answer.includes('session')) throw new Error(`the console does not let this screen in: ${answer}`)
    const client: Client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
    return {
      pid: child.pid ?? 0,
      client,
      line: said,
      exit: new Promise((resolve) => {
        child.once('exit', resolve)
      }),
      async [Symbol.asyncDispose]() {
        socket.close()
        await ended(child)
      },
    }
  } catch (cause) {
    await ended(child)
    throw cause
  }
}

/** Lines on standard error, shown as well. */
function linesSaid(child: ChildProcess): Screen['line'] {
  const lines: string[] = []
  let look = (): void => undefined
  if (child.stderr !== null)
    createInterface({ input: child.stderr }).on('line', (line) => {
      process.stderr.write(`${line}\n`)
      lines.push(line)
      look()
    })
  return (wanted) =>
    new Promise((resolve) => {
      look = () => {
        const found = lines.find((line) => wanted.test(line))
        if (found !== undefined) resolve(found)
      }
      look()
    })
}

async function linkOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the console has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const link = /http:\S+/.exec(line)?.[0]
    if (link !== undefined) return link
  }
  throw new Error('the console ended before it said where it is')
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
