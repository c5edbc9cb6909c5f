/** The browser shell: a console on 127.0.0.1 for the browser of this machine. Prints its link and runs until it is ended. */
import './guard.ts'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isRefusal } from '../../shared/model/commands.ts'
import { showNumberOf } from '../../shared/text/quantity.ts'
import { makeFolder } from '../disk/durable-file.ts'
import { announceHost } from '../host/announce.ts'
import { startLoopbackHost } from '../host/loopback.ts'
import { underWay } from '../services/under-way.ts'
import { systemRandom } from '../store/system.ts'
import { assemble } from './assemble.ts'
import { defaultDataFolder } from './folders.ts'
import { SCREENS } from './programs.ts'

const { values } = parseArgs({
  options: { data: { type: 'string' }, practice: { type: 'boolean' }, port: { type: 'string' } },
})
const dataDir = resolve(
  values.data ?? defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env }),
)

const port = values.port === undefined ? 0 : Number(values.port)

const log = (line: string): void => void process.stderr.write(`${line}\n`)

function stopWith(message: string): never {
  log(message)
  process.exit(2)
}

if (!Number.isInteger(port) || port < 0 || port > 65_535)
  stopWith(`--port takes a number from 0 to 65535, not ${values.port}.`)
const console = await assemble({ dataDir, isPractice: values.practice === true })
if (isRefusal(console)) stopWith(console.message)
for (const warning of console.warnings) log(warning)
const secrets = { random: systemRandom }
const host = await startLoopbackHost({
  router: console.router,
  screensDir: SCREENS,
  secrets,
  log,
  port,
})
await makeFolder(dataDir)
const announced = await announceHost({ dataDir, host, secrets, log })
if (isRefusal(announced)) stopWith(announced.message)
process.stdout.write(`Holdpoint is at ${host.newLink()}\n`)

let isEnding = false
async function end(): Promise<void> {
  if (isEnding || console === null || isRefusal(console) || isRefusal(announced)) return
  isEnding = true
  await announced.close()
  await host.close()
  await console[Symbol.asyncDispose]()
  process.exit(0)
}
let isWarned = false
process.on('SIGINT', () => {
  const pieces = isRefusal(console) ? 0 : underWay(console.station)
  if (pieces === 0 || isWarned) return void end()
  isWarned = true
  log(
    `${showNumberOf(pieces, 'piece')} of work under way on hosts: if Holdpoint ends now, a person has to settle what came of them. Ctrl-C again ends it all the same.`,
  )
})
process.on('SIGTERM', () => void end())
