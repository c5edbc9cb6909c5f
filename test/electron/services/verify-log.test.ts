/** Verifying the log through the services: what the high-water mark says reaches the screen, with its place. */
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import { assemble } from '../../../electron/entry/assemble.ts'
import type { Progress } from '../../../shared/api/progress.ts'
import { isRefusal } from '../../../shared/model/commands.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

test('whether the log was compared with a high-water mark, and where that lies', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'))
  const marksFolder = join(folder, 'state', 'marks')
  try {
    const console = await assemble({
      dataDir: join(folder, 'data'),
      stateDir: join(folder, 'state'),
      isPractice: false,
    })
    if (isRefusal(console)) throw new Error(console.message)
    await using _ = console
    const client = createRouterClient(console.router)
    await client.console.setup({ name: 'Anna Lead', key: { kind: 'new' } })
    const { origin } = await client.console.info()
    const verified = async () => {
      let ended: Progress | undefined
      for await (const progress of await client.log.verify()) ended = progress
      return ended
    }
    const said = (ok: boolean, mark: string) => ({
      kind: 'verified',
      marksFolder,
      answer: { ok, origins: [{ origin, mark }] },
    })
    expect(await verified()).toMatchObject(said(true, 'checked'))
    const [file = ''] = readdirSync(marksFolder)
    await writeFile(join(marksFolder, file), 'spoilt')
    expect(await verified()).toMatchObject(said(false, 'unreadable'))
    await rm(join(marksFolder, file))
    expect(await verified()).toMatchObject(said(true, 'missing'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
