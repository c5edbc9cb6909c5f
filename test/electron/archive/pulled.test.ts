/** A folder that goes away under a reader: the reader hears of it, and nothing else does. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directoryArchive } from '../../../electron/archive/directory.ts'

test('a stick that is pulled between asking and reading fails the reader, and only the reader', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'))
  await writeFile(join(folder, 'lines'), 'one\n')
  const archive = directoryArchive(folder)
  const unread = await archive.stream('lines')
  const read = await archive.stream('lines')
  await rm(folder, { recursive: true })
  const unhandled: unknown[] = []
  const note = (cause: unknown) => unhandled.push(cause)
  process.on('uncaughtException', note)
  try {
    await expect(Array.fromAsync(read ?? [])).rejects.toMatchObject({ code: 'ENOENT' })
    expect(unread).not.toBeNull()
    // Once around, so that what was begun behind the reader's back would have been heard of.
    await rm(folder, { recursive: true, force: true })
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('uncaughtException', note)
  }
  expect(unhandled).toEqual([])
})
