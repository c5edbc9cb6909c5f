/** An archive through the services of a whole console: what cannot be one is refused, what went wrong is said and stays said. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { assemble } from '../../../electron/entry/assemble.ts'
import type { Progress } from '../../../shared/api/contract.ts'
import { isRefusal } from '../../../shared/model/commands.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function consoleWithLog() {
  const assembled = await assemble({
    dataDir: join(folder, 'data'),
    stateDir: join(folder, 'state'),
    isPractice: false,
  })
  if (isRefusal(assembled)) throw new Error(assembled.message)
  const client = createRouterClient(assembled.router)
  const set = await client.console.setup({ name: 'Anna Lead', key: { kind: 'new' } })
  if (isRefusal(set)) throw new Error(set.message)
  return { client, [Symbol.asyncDispose]: () => assembled[Symbol.asyncDispose]() }
}

async function last(stream: Promise<AsyncIterable<Progress>>): Promise<Progress | undefined> {
  let ended: Progress | undefined
  for await (const progress of await stream) ended = progress
  return ended
}

test('a place that can be no folder is refused, and the setting stays', async () => {
  await using console = await consoleWithLog()
  const { client } = console
  const good = join(folder, 'archive')
  expect(await client.archive.set({ path: good })).toMatchObject({ path: good, state: 'idle' })
  const file = join(folder, 'file')
  await writeFile(file, 'here')
  for (const [path, said] of [
    [file, 'is a file'],
    [join(file, 'in'), 'is a file'],
    ['/proc/nope', 'cannot be made'],
    ['s3://bucket', 'an archive is a folder'],
  ] as const)
    expect(await client.archive.set({ path })).toMatchObject({ refused: true, message: expect.stringContaining(said) })
  expect((await client.archive.status()).path).toBe(good)
})

test('home is what a shell takes it for', async () => {
  vi.stubEnv('HOME', folder)
  await using console = await consoleWithLog()
  expect(homedir()).toBe(folder)
  expect(await console.client.archive.set({ path: '~/kept' })).toMatchObject({ path: join(folder, 'kept') })
  vi.unstubAllEnvs()
})

test('a sync that fails is said in the status until one succeeds', async () => {
  await using console = await consoleWithLog()
  const { client } = console
  const archive = join(folder, 'archive')
  await client.archive.set({ path: archive })
  await rm(archive, { recursive: true })
  await writeFile(archive, 'in the way')
  const refused = await last(client.archive.sync())
  expect(refused).toMatchObject({ kind: 'refused' })
  const status = await client.archive.status()
  expect(status.state).toBe('failed')
  expect(status.message).toBe(refused?.kind === 'refused' ? refused.refusal.message : '')
  await rm(archive)
  expect(await last(client.archive.sync())).toMatchObject({ kind: 'synced' })
  expect(await client.archive.status()).toMatchObject({ state: 'idle', message: null, behind: 0 })
  expect(await last(client.archive.verify())).toMatchObject({ kind: 'verified', answer: { ok: true } })
})
