/** Programs of the other side: run to their end with a limit, and ended by their own id where they take too long. */
import { spawn } from 'node:child_process'

export type Ended = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

/** @throws when it could not be started, or was not at its end in time */
export function runProgram(
  command: string,
  args: readonly string[],
  { limitMs = 120_000, env = {} }: { readonly limitMs?: number; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const began = performance.now()
  return new Promise((done, fail) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
    })
    const texts = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
    let isLate = false
    const limit = setTimeout(() => {
      isLate = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, limitMs)
    child.once('error', fail)
    // What it leaves behind (a master of OpenSSH) may hold its output open: its own end is what counts.
    child.once('exit', (code) => {
      clearTimeout(limit)
      if (isLate) return fail(new Error(`${command} took longer than ${limitMs / 1000} s`))
      done({ code, ...texts, ms: performance.now() - began })
    })
  })
}
