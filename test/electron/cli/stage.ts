/**
 * The command line as a test holds it: in this process with a terminal of the test's own, or as a process of its own.
 * Data and state lie in a scratch folder that goes away with the stage.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Terminal } from '../../../electron/cli/doors.ts'
import { runCommandLine } from '../../../electron/cli/program.ts'
import { doorsOf } from '../../../electron/entry/command-line.ts'
import { openReader } from '../../../electron/store/open-reader.ts'
import type { Recorded } from '../../../shared/model/events.ts'
import { ROOT } from '../../support/command.ts'

export type Said = { readonly exit: number; readonly out: string; readonly err: string }

/** Who sits at the terminal. */
export type Ask = (question: string, isSecret: boolean) => string | Promise<string>

export type Stage = Disposable & {
  readonly folder: string
  readonly dataDir: string
  readonly stateDir: string
  /** Writes a file of the scratch folder, and those above it. @returns its path */
  write(name: string, text: string): string
  /** In this process. `ask` answers what a terminal is asked; without it there is no terminal. */
  cli(argv: readonly string[], ask?: Ask): Promise<Said>
  /** With `--data`, which most commands take. */
  here(argv: readonly string[], ask?: Ask): Promise<Said>
  /** As a process of its own, as a person starts it. */
  process(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<Said>
  /** All entries of a run, as they lie in the journal. */
  entries(run: string): readonly Recorded[]
  runs(): readonly string[]
}

export function stage(): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-cli-'))
  const dataDir = join(folder, 'data')
  const stateDir = join(folder, 'state')
  const env = { HOLDPOINT_STATE: stateDir, XDG_DATA_HOME: join(folder, 'share') }
  const doors = doorsOf({ platform: process.platform, home: folder, env })

  async function cli(argv: readonly string[], ask?: Ask): Promise<Said> {
    const said = { out: '', err: '' }
    const terminal: Terminal = {
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      isInteractive: ask !== undefined,
      isLive: false,
      async ask(question, isSecret = false) {
        said.out += question
        const answer = await ask?.(question, isSecret)
        if (answer === undefined) throw new Error(`nobody can be asked: ${question}`)
        return answer
      },
    }
    const exit = await runCommandLine(doors, terminal, argv)
    return { exit, ...said }
  }

  const reading = <T>(read: (reader: ReturnType<typeof openReader>) => T): T => {
    const reader = openReader({ dataDir })
    try {
      return read(reader)
    } finally {
      reader.close()
    }
  }

  return {
    folder,
    dataDir,
    stateDir,
    write(name, text) {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      return path
    },
    cli,
    here: (argv, ask) => cli([...argv, '--data', dataDir], ask),
    process: (argv, more = {}) =>
      new Promise((done, fail) => {
        const child = spawn(process.execPath, ['electron/entry/checkout.ts', ...argv], {
          cwd: ROOT,
          env: { ...process.env, ...env, ...more },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        const said = { out: '', err: '' }
        child.stdout.on('data', (bytes) => (said.out += String(bytes)))
        child.stderr.on('data', (bytes) => (said.err += String(bytes)))
        child.once('error', fail)
        child.once('close', (code) => done({ exit: code ?? -1, ...said }))
      }),
    entries: (run) => reading((reader) => reader.read({ from: 0, run })),
    runs: () => reading((reader) => reader.runs()),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What `--json` printed, a document a line. */
export function documents(out: string): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
