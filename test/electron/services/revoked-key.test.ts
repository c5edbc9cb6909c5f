/** A host shows a key that is marked as revoked: the screen is told so, with the line, and nothing accepts it. */
import { expect, test, vi } from 'vitest'
import { answerHostKey, watchRun } from '../../../electron/services/run-service.ts'
import type { RunFrame } from '../../../shared/api/runs.ts'
import { scratchConsole } from '../../support/scratch-console.ts'
import { engineOn, script, when } from '../engine/stage.ts'
import { contextOver } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

test('a revoked key is told as revoked, with the line that says so, and is not accepted', async () => {
  await using scratch = await scratchConsole()
  const offered = { type: 'ssh-ed25519', fingerprint: 'SHA256:old', publicKey: 'ssh-ed25519 AAAA' }
  const engine = await engineOn(scratch, {
    connect: () =>
      Promise.resolve({
        failed: true,
        code: 'host-key-revoked',
        message: 'known_hosts:3 marks it as revoked.',
        hostKey: { offered, known: [{ ...offered, source: 'known_hosts:3' }] },
      }),
  })
  const handle = await engine.plan(`steps:\n${script('work')}`)
  await engine.act(handle, { do: 'startRun' })
  await when(handle, () => handle.log.state().cells['work']?.['app1']?.state === 'failed')
  const context = contextOver(engine)
  const run = handle.log.id

  const frames = watchRun(context, run, 0)
  let waiting: Extract<RunFrame, { kind: 'host-keys' }>['waiting'] | null = null
  while (waiting === null) {
    const { value: frame, done } = await frames.next()
    if (done === true) throw new Error('the stream ended')
    if (frame.kind === 'host-keys') waiting = frame.waiting
  }
  await frames.return()
  expect(waiting).toMatchObject([
    { host: 'app1', isChanged: false, isRevoked: true, known: [{ source: 'known_hosts:3' }] },
  ])

  const before = engine.console.journal.head().size
  expect(await answerHostKey(context, { run, host: 'app1', fingerprint: 'SHA256:old', accept: true })).toMatchObject({
    refused: true,
    code: 'host-key-revoked',
    message: 'known_hosts:3 marks it as revoked.',
  })
  expect(engine.console.journal.head().size).toBe(before)
  await engine.console.close()
})
