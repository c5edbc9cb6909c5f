import { expect, test } from 'vitest'
import { parseRunbook } from '../../../shared/runbook/parse.ts'
import { runbookVersion } from '../../../shared/runbook/version.ts'
import { fixture } from './context.ts'

function versionOf(text: string): string {
  const { document, faults } = parseRunbook(text)
  if (document === null) throw new Error(JSON.stringify(faults))
  return runbookVersion(document)
}

const CLEAN = fixture('clean.yaml')

test('comments, blank lines, quotes, flow and the order of keys do not change the version', () => {
  const version = versionOf(CLEAN)
  expect(versionOf(`# a comment\n\n${CLEAN.replaceAll('kind: probe', "kind: 'probe'  # quoted")}\n\n`)).toBe(version)
  expect(versionOf(CLEAN.replace('    needs: [space, lag]\n', '    needs:\n      - space\n      - lag\n'))).toBe(
    version,
  )
  expect(
    versionOf(
      CLEAN.replace('id: clean\ntitle: Every', 'title: Every').replace('owner: lead', 'owner: lead\nid: clean'),
    ),
  ).toBe(version)
  expect(versionOf(CLEAN.replaceAll('\n', '\r\n').replace('run: |\r\n', 'run: |\r\n'))).toBe(version)
})

test.each([
  ['title: Room', 'title: Rooms'],
  ['default: "15.10"', 'default: "15.1"'],
  ['needs: [space, lag]', 'needs: [lag, space]'],
  ['    timebox: 30m\n', ''],
  ['JOBS: 4', 'JOBS: "4"'],
  ['onFailure: ask', 'onFailure: hold'],
])('%j → %j is another version', (from, to) => {
  expect(CLEAN).toContain(from)
  expect(versionOf(CLEAN.replace(from, to))).not.toBe(versionOf(CLEAN))
})

test('the version is the SHA-256 of the canonical JSON, as any tool can compute it', async () => {
  const text =
    'holdpoint: runbook/v1\nid: a\ntitle: "Ä \\u20ac"\nowner: me\nsteps:\n  - { title: T, kind: milestone, id: s }\n'
  const canonical =
    '{"holdpoint":"runbook/v1","id":"a","owner":"me","steps":[{"id":"s","kind":"milestone","title":"T"}],"title":"Ä €"}'
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical))
  expect(versionOf(text)).toBe(Buffer.from(digest).toString('hex'))
})

test('the version of the example never changes', () => {
  expect(versionOf(fixture('example.yaml'))).toBe('42577788e02b68ee80e814f36255cb5ebda1170576d7664dfaf302fda18b601a')
})
