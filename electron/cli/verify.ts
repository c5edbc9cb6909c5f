/** `journal verify`, `archive verify`, `trust export`, `sync`: is the log whole, what does a reviewer pin, bring it away. */
import type { Verification } from '../../shared/journal/verify.ts'
import { parseTrust, type Pin } from '../../shared/journal/trust.ts'
import { isRefusal } from '../../shared/model/commands.ts'
import type { Doors, Terminal, Told } from './doors.ts'
import { EXIT, type ExitCode, Stop } from './exit-codes.ts'
import { type ConsoleOptions, openConsole } from './open-console.ts'

type VerifyOptions = { readonly trust?: string; readonly json?: boolean }

export async function verifyJournal(
  doors: Doors,
  terminal: Terminal,
  options: VerifyOptions & { data?: string },
): Promise<ExitCode> {
  const trust = await trustOf(doors, options)
  const dataDir = options.data ?? doors.defaultDataDir
  return show(
    terminal,
    await unreadable(doors.verifyData(dataDir, { trust, told: toldOn(terminal, options) })),
    options,
  )
}

export async function verifyArchive(
  doors: Doors,
  terminal: Terminal,
  place: string,
  options: VerifyOptions,
): Promise<ExitCode> {
  const trust = await trustOf(doors, options)
  const archive = await doors.openArchive(place)
  if (isRefusal(archive)) throw new Stop(EXIT.usage, archive.message)
  try {
    const answer = await unreadable(doors.verifyArchive(archive, { trust, told: toldOn(terminal, options) }))
    if (answer.origins.length === 0 && trust === null)
      throw new Stop(EXIT.usage, `${place} holds no log: it is no archive, or an empty one.`)
    return show(terminal, answer, options)
  } finally {
    await archive.close()
  }
}

/** What cannot be read at all is not a log that is wrong. */
async function unreadable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new Stop(EXIT.usage, cause instanceof Error ? cause.message : String(cause))
  }
}

async function trustOf(doors: Doors, options: VerifyOptions): Promise<readonly Pin[] | null> {
  const path = options.trust
  if (path === undefined) return null
  const read = parseTrust(await unreadable(doors.readFile(path)))
  if ('line' in read) throw new Stop(EXIT.usage, `${path}:${read.line}: ${read.message}`)
  return read.pins
}

function toldOn(terminal: Terminal, options: VerifyOptions): Told {
  if (!terminal.isLive || options.json === true) return () => undefined
  return (done, _total, what) => terminal.err(`\r\u001b[2K${done} ${what}`)
}

function show(terminal: Terminal, answer: Verification, options: VerifyOptions): ExitCode {
  if (terminal.isLive && options.json !== true) terminal.err('\r\u001b[2K')
  if (options.json === true) terminal.out(`${JSON.stringify({ v: 1, ...answer })}\n`)
  else {
    for (const { origin, size, root, mark, problems } of answer.origins) {
      // An earlier log that cannot be read is told of under the name of its file.
      const held = origin.startsWith('holdpoint/') ? `${size} entries, root ${root ?? 'unknown'}` : 'cannot be read'
      terminal.out(
        `${origin}: ${held}, ${problems.length === 0 ? 'whole' : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`}\n`,
      )
      for (const { code, seq, message } of problems)
        terminal.out(`  ${seq === null ? '' : `entry ${seq}: `}${message} (${code})\n`)
      if (mark === 'missing')
        terminal.out(
          '  no high-water mark of it is on this machine: that nothing was cut off its end, only --trust FILE can show\n',
        )
    }
    terminal.out(
      answer.trust === 'pinned'
        ? `${answer.ok ? 'Verified' : 'NOT verified'}, against what was pinned.\n`
        : `${answer.ok ? 'Verified' : 'NOT verified'}; trust is self-asserted: pin it from outside with --trust FILE (see holdpoint trust export).\n`,
    )
  }
  return answer.ok ? EXIT.done : EXIT.notRight
}

export async function trustExport(doors: Doors, terminal: Terminal, options: { data?: string }): Promise<ExitCode> {
  terminal.out(await unreadable(doors.trustOf(options.data ?? doors.defaultDataDir)))
  return EXIT.done
}

export async function sync(
  doors: Doors,
  terminal: Terminal,
  place: string,
  options: ConsoleOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  await using console = await openConsole(doors, terminal, options, { log: 'existing' })
  const { archive } = console.context
  const set = await archive.set(place)
  if (isRefusal(set)) throw new Stop(EXIT.usage, set.message)
  for await (const frame of archive.sync()) {
    switch (frame.kind) {
      case 'progress':
        if (terminal.isLive && options.json !== true) terminal.err(`\r\u001b[2K${frame.done} ${frame.what}`)
        break
      case 'synced':
        if (terminal.isLive && options.json !== true) terminal.err('\r\u001b[2K')
        terminal.out(
          options.json === true
            ? `${JSON.stringify({ v: 1, ok: true, archive: place, size: frame.size, root: frame.root, left: frame.left })}\n`
            : `The archive ${place} has everything to ${frame.size} entries, read back and equal (root ${frame.root}).\n`,
        )
        for (const { file, message } of frame.left)
          terminal.err(`The earlier log ${file} was not brought: ${message}\n`)
        return frame.left.length === 0 ? EXIT.done : EXIT.notRight
      case 'refused':
        if (options.json === true)
          terminal.out(
            `${JSON.stringify({ v: 1, ok: false, archive: place, code: frame.refusal.code, message: frame.refusal.message })}\n`,
          )
        throw new Stop(EXIT.notRight, frame.refusal.message)
      case 'verified':
        break
    }
  }
  throw new Stop(EXIT.notRight, 'The sync ended without an answer. Run it again.')
}
