/** The shells of this machine that a probe or a script may meet, and how one is run there. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Shell = { readonly name: string; readonly command: readonly [string, ...string[]] }

function which(program: string): string | null {
  for (const folder of ['/usr/bin', '/bin', '/usr/local/bin']) {
    if (existsSync(join(folder, program))) return join(folder, program)
  }
  return null
}

export const BUSYBOX = which('busybox')

/** `/bin/sh` always; the others where they are installed. */
export const SHELLS: readonly Shell[] = [
  { name: 'sh', command: ['/bin/sh'] },
  ...['dash', 'mksh', 'ksh93'].flatMap((name): Shell[] => {
    const path = which(name)
    return path === null || realpathSync(path) === realpathSync('/bin/sh') ? [] : [{ name, command: [path] }]
  }),
  ...(which('bash') === null ? [] : [{ name: 'bash --posix', command: ['/bin/bash', '--posix'] } as Shell]),
  ...(BUSYBOX === null ? [] : [{ name: 'busybox sh', command: [BUSYBOX, 'sh'] } as Shell]),
]

export type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Runs a script the way the engine does: from a file, stdin empty, an environment of its own. */
export function runScript(
  shell: Shell,
  file: string,
  env: Readonly<Record<string, string>>,
  path = '/usr/bin:/bin',
): Promise<Ran> {
  const [program, ...first] = shell.command
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...first, file],
      { env: { PATH: path, LC_ALL: 'C', ...env }, encoding: 'utf8', timeout: 30_000, maxBuffer: 16 * 1024 * 1024 },
      (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    )
    child.stdin?.end()
  })
}

/** A folder that holds just these tools, as links to the real ones. */
export function toolbox(folder: string, tools: readonly string[]): string {
  mkdirSync(folder, { recursive: true })
  for (const tool of tools) {
    const real = which(tool)
    if (real !== null) symlinkSync(real, join(folder, tool))
  }
  return folder
}

/** A folder in which every tool is BusyBox's. */
export function busyboxTools(folder: string): string {
  if (BUSYBOX === null) throw new Error('busybox is not installed')
  mkdirSync(folder, { recursive: true })
  for (const applet of execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).split('\n')) {
    if (applet !== '') symlinkSync(BUSYBOX, join(folder, applet))
  }
  return folder
}

/** A program that says what another would. */
export function standIn(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}
