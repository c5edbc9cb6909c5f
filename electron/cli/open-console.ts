/** Opens the console of a data folder for a command: at the first start with a name and a key, later with the key unlocked. */
import { resolve } from 'node:path'
import { isRefusal } from '../../shared/model/commands.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { Doors, OpenConsole, Terminal } from './doors.ts'
import { EXIT, Stop } from './exit-codes.ts'

export type ConsoleOptions = {
  readonly data?: string
  readonly practice?: boolean
  readonly operator?: string
  readonly key?: string
  readonly passphraseFd?: number
  readonly fanout?: number
}

export type Opening = {
  /** `existing`: a command that only makes sense where there is a log does not begin one. */
  readonly log?: 'existing'
  /** Looks at what is known only now, still before a log is begun. @throws Stop usage */
  readonly fits?: (station: OpenConsole['station']) => void
}

export async function openConsole(
  doors: Doors,
  terminal: Terminal,
  options: ConsoleOptions,
  opening: Opening = {},
): Promise<OpenConsole> {
  const dataDir = options.data ?? doors.defaultDataDir
  if (opening.log === 'existing' && !doors.hasLog(dataDir)) throw new Stop(EXIT.usage, `There is no log in ${dataDir}.`)
  const opened = await doors.open({
    dataDir,
    isPractice: options.practice === true,
    ...(options.fanout === undefined ? {} : { fanout: options.fanout }),
  })
  if (isRefusal(opened)) throw new Stop(EXIT.usage, opened.message)
  try {
    opening.fits?.(opened.station)
    await firstStart(opened, doors, terminal, options)
    return opened
  } catch (cause) {
    await opened[Symbol.asyncDispose]()
    throw cause
  }
}

async function firstStart(
  { station, warnings }: OpenConsole,
  doors: Doors,
  terminal: Terminal,
  options: ConsoleOptions,
): Promise<void> {
  for (const warning of warnings) terminal.err(`${warning}\n`)
  const refused = station.refusal()
  if (refused !== null) throw new Stop(EXIT.notRight, refused.message)
  const passphrase =
    options.passphraseFd === undefined ? undefined : (await doors.readFd(options.passphraseFd)).replace(/\r?\n$/, '')
  if (station.needsSetup()) {
    const name = await nameOf(station.suggestedName, terminal, options)
    const key =
      options.key === undefined
        ? ({ kind: 'new', passphrase } as const)
        : ({ kind: 'file', path: resolve(options.key), passphrase } as const)
    const wrong = await station.setup(name, key)
    if (wrong !== null) throw new Stop(EXIT.usage, wrong.message)
    return
  }
  await sameOperator(station, passphrase, options)
  if (station.signer() !== null) return
  const told = passphrase ?? (terminal.isInteractive ? await terminal.ask('Passphrase of your key: ', true) : undefined)
  if (told === undefined)
    throw new Stop(EXIT.usage, 'The operator’s key is locked. Give its passphrase with --passphrase-fd.')
  const wrong = await station.unlock(told)
  if (wrong !== null) throw new Stop(EXIT.usage, wrong.message)
}

/** Whoever says who they are must not be recorded as somebody else. @throws Stop usage, with whose log it is */
async function sameOperator(
  station: OpenConsole['station'],
  passphrase: string | undefined,
  { operator: name, key: path }: ConsoleOptions,
): Promise<void> {
  const operator = station.operator()
  if (operator === null) return
  const whose = `This log is ${operator.name}’s, with the key ${operator.key}`
  const instead = 'Leave the option out to act as this person, or begin a log of your own with --data DIR.'
  if (name !== undefined && name !== operator.name)
    throw new Stop(EXIT.usage, `--operator ${name}: ${whose}. ${instead}`)
  if (path === undefined) return
  const given = await station.keys.fromFile(path, operator.name, passphrase).catch((cause: unknown) => {
    if (!(cause instanceof Error) || errorCode(cause) === '') throw cause
    // A locked key is told apart by where it lies: whose it is shows once it is unlocked.
    if (errorCode(cause) === 'passphrase-needed' && resolve(path) === resolve(operator.path)) return null
    throw new Stop(EXIT.usage, `--key ${path}: ${cause.message} ${whose}. ${instead}`)
  })
  if (given !== null && given.fingerprint !== operator.key)
    throw new Stop(EXIT.usage, `--key ${path} is ${given.fingerprint}. ${whose}. ${instead}`)
}

async function nameOf(suggested: string, terminal: Terminal, options: ConsoleOptions): Promise<string> {
  if (options.operator !== undefined) return options.operator
  if (options.practice === true) return suggested === '' ? 'Practice lead' : suggested
  if (!terminal.isInteractive)
    throw new Stop(
      EXIT.usage,
      'This is the first start: give your name with --operator NAME, and a key with --key FILE if you have one.',
    )
  const answer = (await terminal.ask(`Your name${suggested === '' ? '' : ` (${suggested})`}: `)).trim()
  const name = answer === '' ? suggested : answer
  if (name === '') throw new Stop(EXIT.usage, 'The log begins with a name. Nothing was written.')
  return name
}
