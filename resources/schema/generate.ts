/** Writes the published JSON Schemas from the schemas of the code. A test keeps the two equal. */
import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { ProbeFile } from '../../shared/criteria/probe.ts'
import { Inventory } from '../../shared/model/inventory.ts'
import { Runbook } from '../../shared/model/runbook.ts'
import { Answers } from '../../shared/runbook/answers.ts'

const SCHEMAS = {
  runbook: { schema: Runbook, title: 'Holdpoint runbook' },
  hosts: { schema: Inventory, title: 'Holdpoint inventory' },
  answers: { schema: Answers, title: 'Holdpoint answers' },
  probe: { schema: ProbeFile, title: 'Holdpoint probe' },
} as const

/** File name → text, as they are published. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, { schema, title }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
      const published = { $schema, title: `${title}, version 1`, ...rest }
      return [`${name}.v1.json`, `${JSON.stringify(published, null, 2)}\n`]
    }),
  )
}

if (import.meta.main) {
  for (const [name, text] of publishedSchemas()) {
    const path = new URL(name, import.meta.url)
    const before = await readFile(path, 'utf8').catch(() => '')
    if (before === text) continue
    await writeFile(path, text)
    console.log(`wrote resources/schema/${name}`)
  }
}
