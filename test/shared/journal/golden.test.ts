/** The golden journal, written without this code, is accepted by it for ever. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveOrigins, archiveSource } from '../../../shared/journal/archive-source.ts'
import { parseTrust } from '../../../shared/journal/trust.ts'
import { verifyJournals } from '../../../shared/journal/verify.ts'
import { folderFiles } from './folder-files.ts'
import { nodeCrypto } from './node-crypto.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/journal')
const FIRST = 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee'
const SECOND = 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/1badcafe'

test('both origins verify, self-asserted and pinned', async () => {
  const files = folderFiles(join(FIXTURES, 'golden'))
  expect(await archiveOrigins(files)).toEqual([FIRST, SECOND])
  const sources = await Promise.all([FIRST, SECOND].map((origin) => archiveSource(files, origin)))
  const trust = parseTrust(readFileSync(join(FIXTURES, 'golden.trust'), 'utf8'))
  if (!('pins' in trust)) throw new Error(trust.message)

  const selfAsserted = await verifyJournals(sources, nodeCrypto)
  const pinned = await verifyJournals(sources, nodeCrypto, { trust: trust.pins })

  expect(selfAsserted.origins.flatMap((origin) => origin.problems)).toEqual([])
  expect(selfAsserted).toMatchObject({ ok: true, trust: 'self-asserted' })
  expect(pinned).toEqual({ ...selfAsserted, trust: 'pinned' })
  expect(pinned.origins.map(({ origin, size }) => [origin, size])).toEqual([
    [FIRST, 283],
    [SECOND, 5],
  ])
  // From golden.trust, which golden.py wrote.
  expect(pinned.origins[1]?.root).toBe(trust.pins[1]?.root)
})
