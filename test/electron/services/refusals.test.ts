/** What a screen is answered when something cannot be written: plain words with a code, never an error without words. */
import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import { routerOf } from '../../../electron/services/router.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { JournalError } from '../../../electron/store/journal-error.ts'
import { scratchConsole } from '../../support/scratch-console.ts'
import { engineOn, failingJournal, manual } from '../engine/stage.ts'
import { contextOver } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

test('an act that cannot be recorded is refused with the reason, and the run is as it was', async () => {
  await using scratch = await scratchConsole()
  let isFull = false
  const engine = await engineOn(scratch, {
    journal: (journal) =>
      failingJournal(journal, () =>
        isFull ? new JournalError('disk-full', 'The disk is full. Make room, then go on.') : null,
      ),
  })
  const handle = await engine.plan(`steps:\n${manual('by-hand')}`)
  await engine.act(handle, { do: 'startRun' })
  const verifyLog = () => Promise.reject(new Error('not part of this test'))
  const client = createRouterClient(
    routerOf(contextOver(engine), { crypto: JOURNAL_CRYPTO, marksFolder: '', verifyLog }),
  )
  const act = () =>
    client.runs.act({
      run: handle.log.id,
      command: { do: 'recordOutcome', step: 'by-hand', target: '-', outcome: 'passed', phase: 'forward' },
    })
  const before = handle.log.state()
  isFull = true
  expect(await act()).toEqual({ refused: true, code: 'disk-full', message: 'The disk is full. Make room, then go on.' })
  expect(handle.log.state()).toBe(before)
  isFull = false
  expect(await act()).toEqual({ done: true })
  expect(handle.log.state().cells['by-hand']?.['-']?.state).toBe('passed')
  await engine.console.close()
})

test('a defect is no refusal', async () => {
  await using scratch = await scratchConsole()
  const engine = await engineOn(scratch, {
    journal: (journal) =>
      failingJournal(journal, (types) => (types.includes('run.held') ? new TypeError('a defect') : null)),
  })
  const handle = await engine.plan(`steps:\n${manual('by-hand')}`)
  await engine.act(handle, { do: 'startRun' })
  const verifyLog = () => Promise.reject(new Error('not part of this test'))
  const client = createRouterClient(
    routerOf(contextOver(engine), { crypto: JOURNAL_CRYPTO, marksFolder: '', verifyLog }),
  )
  await expect(client.runs.act({ run: handle.log.id, command: { do: 'hold', reason: 'Wait' } })).rejects.toThrow()
  await engine.console.close()
})
