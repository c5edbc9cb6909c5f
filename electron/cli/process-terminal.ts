/** The terminal of this process. Whether a person can be asked is told by stdin, whether progress is drawn by stdout. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Terminal } from './doors.ts'

export function processTerminal(): Terminal {
  // A pager that was closed ends its reading, not the run: the log has it all.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive,
    isLive: process.stdout.isTTY === true,
    async ask(question, isSecret = false) {
      process.stdout.write(question)
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const lines = createInterface({
        input: process.stdin,
        output: isSecret ? silent : process.stdout,
        terminal: true,
      })
      try {
        return await lines.question('')
      } finally {
        lines.close()
        if (isSecret) process.stdout.write('\n')
      }
    },
  }
}
