/** `npm start` in a checkout: builds what is older than its sources, then starts the desktop or the browser shell. */
import './guard.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chooseShell, hasDisplay, NO_RUNTIME, startOptions } from './choose-shell.ts'
import { defaultDataFolder } from './folders.ts'
import { HOST_USAGE } from './host-options.ts'
import { openBrowser } from './open-browser.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ELECTRON = join(ROOT, 'node_modules/electron')
const FETCH_LIMIT_MS = 20_000

const { platform, env } = process
const options = startOptions(process.argv.slice(2), defaultDataFolder({ platform, home: homedir(), env }))
if (process.argv.includes('--help')) console.log(HOST_USAGE)
else process.exitCode = await start()

async function start(): Promise<number> {
  const built = await ended(run(process.execPath, ['resources/packaging/build.ts', '--if-stale']))
  if (built !== 0) return 1
  const isDisplay = hasDisplay(platform, env)
  const choice = chooseShell(
    { hasDisplay: isDisplay, isRoot: process.getuid?.() === 0, hasElectron: electronPath() !== null },
    options.forced,
  )
  switch (choice.shell) {
    case 'none':
      console.error(`The desktop shell does not start: ${choice.why}.`)
      return 1
    case 'browser':
      if (options.forced === null) console.log(`Opening the browser shell, not the desktop one: ${choice.why}.`)
      return browserShell(isDisplay)
    case 'desktop':
      return desktopShell()
    case 'desktop-if-fetched':
      if (await fetchElectron()) return desktopShell()
      if (options.forced === 'desktop') {
        console.error(`The desktop shell does not start: ${NO_RUNTIME}.`)
        return 1
      }
      console.log(`Opening the browser shell, not the desktop one: ${NO_RUNTIME}.`)
      return browserShell(isDisplay)
  }
}

function desktopShell(): Promise<number> {
  const electron = electronPath()
  if (electron === null) throw new Error(NO_RUNTIME)
  return ended(run(electron, [ROOT, ...options.args]))
}

/** The host prints its link and runs until it is told to end. */
async function browserShell(isDisplay: boolean): Promise<number> {
  const host = spawn(process.execPath, ['out/node/host.js', ...options.args], {
    cwd: ROOT,
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  let forget = () => {}
  createInterface({ input: host.stdout }).on('line', (line) => {
    console.log(line)
    const link = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(line)?.[0]
    if (link !== undefined && isDisplay) forget = openBrowser(link, platform)
  })
  const code = await ended(host)
  forget()
  return code
}

/** The runtime's own script fetches and checks it; what it did not finish in time is not used. */
async function fetchElectron(): Promise<boolean> {
  console.log('Fetching the Electron runtime for the desktop shell …')
  const fetching = spawn(process.execPath, [join(ELECTRON, 'install.js')], { cwd: ROOT, stdio: 'ignore' })
  const limit = setTimeout(() => fetching.kill('SIGKILL'), FETCH_LIMIT_MS)
  await ended(fetching)
  clearTimeout(limit)
  return electronPath() !== null
}

function electronPath(): string | null {
  const pathFile = join(ELECTRON, 'path.txt')
  if (!existsSync(pathFile)) return null
  const path = join(ELECTRON, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(path) ? path : null
}

function run(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { cwd: ROOT, stdio: 'inherit' })
}

function ended(child: ChildProcess): Promise<number> {
  // A terminal's Ctrl-C reaches the child by itself; this process only waits, so that the prompt comes back last.
  const wait = () => {}
  const stop = () => child.kill('SIGTERM')
  process.on('SIGINT', wait)
  process.on('SIGTERM', stop)
  return new Promise((done) => {
    const finish = (code: number) => {
      process.off('SIGINT', wait)
      process.off('SIGTERM', stop)
      done(code)
    }
    child.on('error', (error) => {
      console.error(error.message)
      finish(1)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}
