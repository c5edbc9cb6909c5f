/** The browser shell: a console on 127.0.0.1 for the browser of this machine. Prints its link and runs until it is ended. */
import './guard.ts'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { isRefusal } from '../../shared/model/commands.ts'
import { showNumberOf } from '../../shared/text/quantity.ts'
import { makeFolder } from '../disk/durable-file.ts'
import { announceHost } from '../host/announce.ts'
import { startLoopbackHost } from '../host/loopback.ts'
import { underWay } from '../services/under-way.ts'
import { systemRandom } from '../store/system.ts'
import { assemble } from './assemble.ts'
import { defaultDataFolder } from './folders.ts'
import { hostOptions } from './host-options.ts'
import { SCREENS } from './programs.ts'

const log = (line: string): void => void process.stderr.write(`${line}\n`)

function stopWith(message: string): never {
  log(message)
  process.exit(2)
}

const options = hostOptions(process.argv.slice(2))
if ('wrong' in options) stopWith(options.wrong)
if ('help' in options) {
  process.stdout.write(`${options.help}\n`)
  process.exit(0)
}
const { isPractice, port } = options
const dataDir = resolve(
  options.data ?? defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env }),
)
const console = await assemble({ dataDir, isPractice })
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
