/** Runs one command of the test run and gives back how it ended; a command past its limit is ended with all it started. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

export type Ended = { readonly code: number; readonly output: string; readonly seconds: number }

export type CommandOptions = {
  /** `show` streams to the terminal, `keep` gives the output back. */
  readonly output: 'show' | 'keep'
  readonly limitMinutes: number
  readonly env?: Readonly<Record<string, string>>
}

/** @param args the path of a script under the repository's root, or a flag of Node, and what follows it */
export function runNode(args: readonly string[], options: CommandOptions): Promise<Ended> {
  return run(process.execPath, args, options)
}

export function run(command: string, args: readonly string[], options: CommandOptions): Promise<Ended> {
  const began = performance.now()
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: options.output === 'show' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that workers and browsers end with the runner that started them.
      detached: process.platform !== 'win32',
    })
    const chunks: Buffer[] = []
    child.stdout?.on('data', (bytes: Buffer) => chunks.push(bytes))
    child.stderr?.on('data', (bytes: Buffer) => chunks.push(bytes))
    const endGroup = (signal: NodeJS.Signals) => {
      if (child.pid === undefined) return
      try {
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
      } catch {
        // It had ended by itself.
      }
    }
    const onInterrupt = () => endGroup('SIGINT')
    process.on('SIGINT', onInterrupt)
    const onTerminate = () => {
      endGroup('SIGKILL')
      process.exit(143)
    }
    process.on('SIGTERM', onTerminate)
    let note = ''
    const limit = setTimeout(() => {
      note = `\nended: it took longer than ${options.limitMinutes} minutes`
      if (options.output === 'show') console.error(note)
      endGroup('SIGKILL')
    }, options.limitMinutes * 60_000)
    const end = (code: number, extra: string) => {
      clearTimeout(limit)
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
      done({
        code,
        output: Buffer.concat(chunks).toString() + extra + note,
        seconds: (performance.now() - began) / 1000,
      })
    }
    child.on('error', (error) => end(127, error.message))
    child.on('close', (code, signal) => end(code ?? 1, signal === null ? '' : `\nended by ${signal}`))
  })
}
