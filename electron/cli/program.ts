/** The command line: its words, its help, its exit codes. Each command is a file of its own. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { check } from './check.ts'
import type { Doors, Terminal } from './doors.ts'
import { defectStop, EXIT, type ExitCode, Stop } from './exit-codes.ts'
import { replay, report } from './replay.ts'
import { resume, run, type RunOptions } from './run.ts'
import { sync, trustExport, verifyArchive, verifyJournal } from './verify.ts'
import { errorCode } from '../../shared/text/error-code.ts'

const EXITS = `
Exit codes: 0 done; 1 the thing checked is not right, or the run failed or was backed out;
2 usage, or unreadable input; 3 waiting for a person; 4 something is unknown; 70 a defect of Holdpoint.`

/** @param argv without node and the program */
export async function runCommandLine(doors: Doors, terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done
  const program = commands(doors, terminal, (code) => {
    exit = code
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exit
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.done : EXIT.usage
    if (cause instanceof Stop) {
      terminal.err(`${cause.message}\n`)
      return cause.exit
    }
    // A disk that is full, a folder that may not be written to: plain words, no stack. Anything else is a defect, which
    // must not look like a run that failed.
    const isSaid = cause instanceof Error && errorCode(cause) !== ''
    const stop = isSaid ? new Stop(EXIT.usage, cause.message) : defectStop(cause)
    terminal.err(`${stop.message}\n`)
    return stop.exit
  }
}

function commands(doors: Doors, terminal: Terminal, ends: (exit: ExitCode) => void): Command {
  const program = new Command('holdpoint')
    .description(
      'Takes a production system through a change in its window, and keeps a signed log that outsiders can verify.',
    )
    .version(doors.version)
    .addHelpText('after', EXITS)
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride()

  program
    .command('check')
    .description('check a runbook: every fault in one pass')
    .argument('<runbook>', 'path of a runbook.yaml')
    .option('--hosts <file>', 'inventory; hosts.yaml beside the runbook when not given')
    .option('--json', 'one JSON document')
    .action(async (path: string, options: { json?: boolean; hosts?: string }) =>
      ends(await check(doors, terminal, path, options)),
    )

  runOptions(
    program
      .command('run')
      .description('plan a run of a runbook and see it to its end')
      .argument('<runbook>', 'path of a runbook.yaml'),
    doors,
  )
    .option('--operator <name>', 'your name, at the first start; later only the name that the log has is taken')
    .option('--key <file>', 'your OpenSSH private key, at the first start; a new one is made when not given')
    .option('--hosts <file>', 'inventory; hosts.yaml beside the runbook when not given')
    .option('--live', 'a live run')
    .option('--rehearsal', 'a rehearsal: does everything, marked as such')
    .option('--walkthrough', 'touches no host')
    .option('--only <step@host...>', 'leave out all other steps but hold points; STEP, or STEP@HOST')
    .action(async (path: string, options: RunOptions) => ends(await run(doors, terminal, path, options)))

  runOptions(
    program.command('resume').description('go on with a run that waits or was interrupted').argument('<run>', 'its id'),
    doors,
  ).action(async (id: string, options: RunOptions) => ends(await resume(doors, terminal, id, options)))

  program
    .command('journal')
    .description('the log of a data folder')
    .command('verify')
    .description('verify every entry, seal, signature and blob, and the high-water mark')
    .option('--data <dir>', 'data folder', doors.defaultDataDir)
    .option('--trust <file>', 'what is pinned from outside')
    .option('--json', 'one JSON document')
    .action(async (options: { data?: string; trust?: string; json?: boolean }) =>
      ends(await verifyJournal(doors, terminal, options)),
    )

  dataOptions(
    program
      .command('sync')
      .description('bring the log to an archive, and read it back')
      .argument('<archive>', 'a folder'),
    doors,
  ).action(async (place: string, options: RunOptions) => ends(await sync(doors, terminal, place, options)))

  program
    .command('archive')
    .description('an archive of logs')
    .command('verify')
    .description('re-read and verify every byte of an archive')
    .argument('<archive>', 'a folder')
    .option('--trust <file>', 'what is pinned from outside')
    .option('--json', 'one JSON document')
    .action(async (place: string, options: { trust?: string; json?: boolean }) =>
      ends(await verifyArchive(doors, terminal, place, options)),
    )

  program
    .command('replay')
    .description('a run as it was at a moment')
    .argument('<place>', 'a data folder or an archive')
    .argument('[run]', 'its id; where there is one run only it need not be given')
    .option('--at <seq|time>', 'the number of an entry, or a time')
    .option('--json', 'one JSON document')
    .action(async (place: string, id: string | undefined, options: { at?: string; json?: boolean }) =>
      ends(await replay(doors, terminal, place, id, options)),
    )

  program
    .command('report')
    .description('a run as a document')
    .argument('<run>', 'its id')
    .option('--data <dir>', 'data folder', doors.defaultDataDir)
    .option('--format <format>', 'md or json', 'md')
    .action(async (id: string, options: { data?: string; format: string }) =>
      ends(await report(doors, terminal, id, options)),
    )

  program
    .command('trust')
    .description('what a reviewer pins')
    .command('export')
    .description('a line for each origin: origin, hash of its genesis, size, root')
    .option('--data <dir>', 'data folder', doors.defaultDataDir)
    .action(async (options: { data?: string }) => ends(await trustExport(doors, terminal, options)))

  program
    .command('open')
    .description('a new link to the running console')
    .option('--data <dir>', 'data folder', doors.defaultDataDir)
    .action(async (options: { data?: string }) => {
      const link = await doors.newLink(options.data ?? doors.defaultDataDir)
      if (link === null)
        throw new Stop(
          EXIT.notRight,
          'No console is running on this data folder. Start one with npm start, or holdpoint --browser.',
        )
      terminal.out(`${link}\n`)
    })
  return program
}

function dataOptions(command: Command, doors: Doors): Command {
  return command
    .option('--data <dir>', 'data folder', doors.defaultDataDir)
    .option('--passphrase-fd <n>', 'read the passphrase of your key from this file descriptor', whole)
    .option('--json', 'JSON, one document a line')
}

function runOptions(command: Command, doors: Doors): Command {
  return dataOptions(command, doors)
    .option('--practice', 'on the practice hosts app1, app2 and db1 of this machine')
    .option('--answers <file>', 'answers given beforehand (answers/v1)')
    .addOption(new Option('--fanout <n>', 'hosts being connected to at once').argParser(atLeastOne).default(64))
}

function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(text)
}

function atLeastOne(text: string): number {
  const number = whole(text)
  if (number === 0) throw new InvalidArgumentError('It takes a whole number of 1 or more.')
  return number
}
