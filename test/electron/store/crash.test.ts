import { expect, test } from 'vitest'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import { scratchConsole } from '../../support/scratch-console.ts'
import type { ScratchConsole } from '../../support/scratch-console.ts'

const PROGRAM = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url))

/** @returns `seq text` of everything that was acknowledged before the kill, which comes after so many lines */
async function appendUntilKilled(console: ScratchConsole, label: string, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, console.dataDir, console.stateDir, label], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const gone = once(child, 'close')
  const acknowledged: string[] = []
  let errors = ''
  child.stderr.on('data', (piece) => (errors += String(piece)))
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line)
    if (acknowledged.length === lines) child.kill('SIGKILL')
  }
  const [, signal] = (await gone) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error(`the program ended by itself: ${errors}`)
  return acknowledged
}

test('kill -9 in mid-append loses nothing that was acknowledged, and locks nobody out', {
  timeout: 120_000,
}, async () => {
  await using console = await scratchConsole()
  await (await console.open()).close()
  const acknowledged: string[] = []
  for (let round = 0; round < 6; round++) {
    acknowledged.push(...(await appendUntilKilled(console, `round${round}`, 1 + ((round * 37) % 90))))
  }
  const journal = await console.open()
  const recorded = new Set(journal.read({ from: 0 }).map(({ ref, text }) => `${ref.seq} ${String(text?.['text'])}`))
  expect(acknowledged.filter((line) => !recorded.has(line))).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(200)
  expect(journal.read({ from: 0 }).filter(({ type }) => type === 'boot')).toHaveLength(8)
  await journal.close()
  const verdict = await verifyDataFolder({ ...console, crypto: JOURNAL_CRYPTO, blobs: () => null })
  expect(verdict).toMatchObject({ ok: true, origins: [{ problems: [] }] })
})

test('a folder that a live process holds is refused, and is free when that is killed', async () => {
  await using console = await scratchConsole()
  await (await console.open()).close()
  const child = spawn(process.execPath, [PROGRAM, console.dataDir, console.stateDir, 'held'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  expect(await console.refusal()).toMatchObject({ code: 'locked' })
  child.kill('SIGKILL')
  await once(child, 'close')
  await console.open()
})
