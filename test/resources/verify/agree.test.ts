/** Two verifiers, written apart, say the same of journals that were damaged at random: the same codes at the same places. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveOrigins, archiveSource } from '../../../shared/journal/archive-source.ts'
import type { Verification } from '../../../shared/journal/source.ts'
import { verifyJournals } from '../../../shared/journal/verify.ts'
import { folderFiles } from '../../shared/journal/folder-files.ts'
import { nodeCrypto } from '../../shared/journal/node-crypto.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/journal')
const SEED = 2026
const COPIES = 40

const python = (script: string, args: readonly string[], input = '') =>
  execFileSync('python3', [join(FIXTURES, script), ...args], {
    input,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 2 ** 26,
  }).toString()

const summary = (answer: Verification) =>
  answer.origins.map(({ origin, size, root, problems }) => ({
    origin,
    size,
    root,
    problems: problems.map((problem) => `${problem.code}@${problem.seq}`).sort(),
  }))

test(`${COPIES} copies damaged with seed ${SEED}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-agree-'))
  try {
    python('mutate.py', [String(SEED), String(COPIES), folder])
    const copies = Array.from({ length: COPIES }, (_, n) => join(folder, String(n)))
    const asked = JSON.stringify(copies.map((copy) => ({ folder: copy })))
    const second = JSON.parse(python('verify_all.py', [], asked)) as Verification[]
    let damaged = 0
    for (const [n, copy] of copies.entries()) {
      const files = folderFiles(copy)
      const sources = (await archiveOrigins(files)).map((origin) => archiveSource(files, origin))
      const first = await verifyJournals(await Promise.all(sources), nodeCrypto)
      const other = second[n]
      expect({ n, said: other && summary(other) }).toEqual({ n, said: summary(first) })
      if (!first.ok) damaged++
    }
    // What the origin key's holder changes after the last act, no signature shows.
    expect(damaged).toBeGreaterThan(COPIES * 0.8)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 300_000)
