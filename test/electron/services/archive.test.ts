/** An archive through the services of a whole console: what cannot be one is refused, what went wrong is said and stays said. */
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { assemble } from '../../../electron/entry/assemble.ts'
import type { Progress } from '../../../shared/api/progress.ts'
import { isRefusal } from '../../../shared/model/commands.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function openConsole() {
  const assembled = await assemble({
    dataDir: join(folder, 'data'),
    stateDir: join(folder, 'state'),
    isPractice: false,
  })
  if (isRefusal(assembled)) throw new Error(assembled.message)
  const client = createRouterClient(assembled.router)
  return { client, [Symbol.asyncDispose]: () => assembled[Symbol.asyncDispose]() }
}

async function consoleWithLog() {
  const console = await openConsole()
  const set = await console.client.console.setup({ name: 'Anna Lead', key: { kind: 'new' } })
  if (isRefusal(set)) throw new Error(set.message)
  return console
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

test('of two syncs that are asked for at once one goes, and the other is told so', async () => {
  await using console = await consoleWithLog()
  const { client } = console
  await client.archive.set({ path: join(folder, 'archive') })
  const both = await Promise.all([last(client.archive.sync()), last(client.archive.sync())])
  expect(both).toMatchObject([{ kind: 'synced' }, { kind: 'refused', refusal: { code: 'sending' } }])
  expect(await last(client.archive.sync())).toMatchObject({ kind: 'synced' })
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

describe('after a new log was begun', () => {
  const archive = () => join(folder, 'archive')

  test('over an older copy, the archive has more of the old one already, and gets the new one', async () => {
    {
      await using console = await consoleWithLog()
      await console.client.archive.set({ path: archive() })
      await last(console.client.archive.sync())
    }
    await cp(join(folder, 'data'), join(folder, 'copy'), { recursive: true })
    {
      await using console = await openConsole()
      await last(console.client.archive.sync())
    }
    await rm(join(folder, 'data'), { recursive: true })
    await rename(join(folder, 'copy'), join(folder, 'data'))
    await using console = await openConsole()
    const { client } = console
    expect((await client.console.info()).refusal).not.toBeNull()
    expect(isRefusal(await client.console.beginAgain())).toBe(false)
    expect(await last(client.archive.sync())).toMatchObject({ kind: 'synced', left: [] })
    expect(await last(client.archive.verify())).toMatchObject({ answer: { ok: true, origins: [{}, {}] } })
  })

  test('a run that was under way in the old one is told of', async () => {
    const runbook = join(folder, 'runbook.yaml')
    await writeFile(
      runbook,
      `holdpoint: runbook/v1
id: by-hand
title: By hand
owner: anna
steps:
  - { id: one, kind: manual, title: One, instructions: Do it., duration: { expected: 1m }, backout: { none: It is nothing } }
`,
    )
    let run = ''
    {
      await using console = await consoleWithLog()
      const { client } = console
      await client.runbooks.add({ path: runbook })
      const planned = await client.runs.plan({ runbook, mode: 'live', variables: {}, secrets: {} })
      if (isRefusal(planned)) throw new Error(planned.message)
      run = planned.run
      await client.runs.act({ run, command: { do: 'startRun' } })
      expect(await client.console.earlier()).toEqual([])
    }
    await rm(join(folder, 'state', 'marks'), { recursive: true })
    await cp(join(folder, 'data', 'journal.db'), join(folder, 'data', 'journal.00000000.db'))
    await using console = await openConsole()
    expect(await console.client.console.earlier()).toEqual([
      {
        file: 'journal.00000000.db',
        problem: null,
        runs: [{ run, title: 'By hand', mode: 'live', isPractice: false, phase: 'running', result: null }],
      },
    ])
  })

  test('over one that cannot be read, that one is named and the new one is brought', async () => {
    {
      await using console = await consoleWithLog()
      await console.client.archive.set({ path: archive() })
    }
    await writeFile(join(folder, 'data', 'journal.db'), 'not a database, whatever else it is')
    await using console = await openConsole()
    const { client } = console
    expect(isRefusal(await client.console.beginAgain())).toBe(false)
    const ended = await last(client.archive.sync())
    expect(ended).toMatchObject({ kind: 'synced', left: [{ file: expect.stringMatching(/^journal\..*\.db$/) }] })
    expect(await client.archive.status()).toMatchObject({ state: 'idle', behind: 0 })
    expect(await client.console.earlier()).toMatchObject([{ problem: expect.any(String), runs: [] }])
  })
})
