/**
 * Runs recorded by released versions fold to the recorded state, entry by entry, for ever. A difference here is not mended
 * by recording anew: it means that logs in people's archives would be read as something else.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tell } from './told.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/runs')
const versions = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())

describe.each(versions.map(({ name }) => name))('recorded by %s', (version) => {
  const runs = readdirSync(join(FOLDER, version)).filter((name) => name.endsWith('.jsonl'))

  test('there are runs', () => {
    expect(runs.length).toBeGreaterThanOrEqual(2)
  })

  test.each(runs)('%s', (name) => {
    const headers = readFileSync(join(FOLDER, version, name), 'utf8')
    const expected = readFileSync(join(FOLDER, version, name.replace(/jsonl$/, 'states.txt')), 'utf8')
    expect(tell(headers).join('\n')).toBe(expected.trimEnd())
    expect(headers.split('\n').length).toBeGreaterThan(50)
  })
})
