import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { publishedSchemas } from '../../resources/schema/generate.ts'

const published = (name: string) => readFileSync(new URL(`../../resources/schema/${name}`, import.meta.url), 'utf8')

test.each([...publishedSchemas()])(
  '%s is what the code reads (else: node resources/schema/generate.ts)',
  (name, text) => {
    expect(published(name)).toBe(text)
  },
)

test('a strict editor can use it: keys are closed, and what they mean is said', () => {
  const schema: unknown = JSON.parse(published('runbook.v1.json'))
  expect(schema).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['holdpoint', 'id', 'title', 'owner', 'steps'],
    properties: { window: { description: 'When work may go on', additionalProperties: false } },
  })
})
