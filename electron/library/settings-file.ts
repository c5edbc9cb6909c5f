/** `settings.json` of the data folder: who sits here, where the archive is, what was opened. No evidence, no secrets. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Fingerprint } from '../../shared/model/words.ts'
import { makeFolder, writeFileDurably } from '../disk/durable-file.ts'
import type { Settings, SettingsStore } from '../engine/ports.ts'

const SettingsFile = z.object({
  holdpoint: z.literal('settings/v1'),
  operator: z
    .object({ name: z.string(), source: z.enum(['file', 'agent']), path: z.string(), key: Fingerprint })
    .nullable(),
  archive: z.string().nullable(),
  runbooks: z.array(z.string()),
})

const NOTHING: Settings = { operator: null, archive: null, runbooks: [] }

/** A file that does not read as settings counts as none: nothing but convenience is in it. */
export function settingsIn(dataDir: string): SettingsStore {
  const path = join(dataDir, 'settings.json')
  return {
    async read() {
      try {
        const parsed = SettingsFile.safeParse(JSON.parse(await readFile(path, 'utf8')))
        if (!parsed.success) return NOTHING
        const { operator, archive, runbooks } = parsed.data
        return { operator, archive, runbooks }
      } catch {
        return NOTHING
      }
    },
    async write(settings) {
      await makeFolder(dataDir)
      const text = `${JSON.stringify({ holdpoint: 'settings/v1', ...settings }, null, 2)}\n`
      await writeFileDurably(path, Buffer.from(text))
    },
  }
}
