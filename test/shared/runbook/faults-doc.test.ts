import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)

function sources(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(`${folder}/${file}`, ROOT), 'utf8'))
}

test('docs/faults.md names every rule there is, and none that is not', () => {
  const code = ['shared/text', 'shared/runbook', 'shared/criteria'].flatMap(sources).join('\n')
  const raised = [...code.matchAll(/\b(?:fault|warning)\(\s*'([a-z-]+)'/g)].map((match) => match[1] ?? '')
  const renamed = [...code.matchAll(/\brule: '([a-z-]+)'/g)].map((match) => match[1] ?? '')
  const rules = new Set([...raised, ...renamed, 'unknown-kind', 'unknown-question'])
  const doc = readFileSync(new URL('docs/faults.md', ROOT), 'utf8')
  const rows = doc.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? ''),
  )
  expect(named.toSorted()).toEqual([...rules].toSorted())
})
