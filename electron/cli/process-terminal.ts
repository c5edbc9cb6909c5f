/** The terminal of this process. Whether a person can be asked is told by stdin, whether progress is drawn by stdout. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Terminal } from './doors.ts'
import { defectStop, EXIT, Stop } from './exit-codes.ts'

export function processTerminal(): Terminal {
  // A pager that was closed ends its reading, not the run: the log has it all.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  // Also what fails in the background: with 1 it would look like a run that failed.
  process.on('uncaughtException', (cause) => {
    const { exit, message } = defectStop(cause)
    process.stderr.write(`${message}\n`)
    process.exit(exit)
  })
  const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive,
    isLive: process.stdout.isTTY === true,
    ask: (question, isSecret = false, urgent) => ask(question, isSecret, urgent),
  }
}

/** The echo is off before the question is there: what is typed at once must not show. */
async function ask(question: string, isSecret: boolean, urgent?: AbortSignal): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: isSecret ? silent : process.stdout, terminal: true })
  const left = Promise.withResolvers<never>()
  // In raw mode the keys that end a program are keys like others.
  lines.once('SIGINT', () => {
    lines.close()
    process.kill(process.pid, 'SIGINT')
  })
  const givenUp = Promise.withResolvers<string>()
  const giveUp = (): void => {
    if (lines.line !== '') return
    process.stdout.write('\n')
    givenUp.resolve('')
  }
  lines.once('close', () => left.reject(new Stop(EXIT.waiting, 'Nobody answers any more. The run can be resumed.')))
  // Whoever was answered closes it too.
  left.promise.catch(() => undefined)
  try {
    if (isSecret) process.stdout.write(question)
    const answer = lines.question(isSecret ? '' : question)
    if (urgent?.aborted === true) giveUp()
    urgent?.addEventListener('abort', giveUp)
    return await Promise.race([answer, givenUp.promise, left.promise])
  } finally {
    urgent?.removeEventListener('abort', giveUp)
    lines.close()
    if (isSecret) process.stdout.write('\n')
  }
}
