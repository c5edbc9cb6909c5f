/**
 * Tampered copies of the golden journal, each read by both verifiers. What they must say is written here by hand, from
 * FORMAT.md; test/fixtures/journal/tamper.py makes the copies. Problems are written `code@seq`.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blobStore } from '../../../electron/blobs/blob-store.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { verifyDataFolder } from '../../../electron/store/verify-data-folder.ts'
import { archiveOrigins, archiveSource } from '../../../shared/journal/archive-source.ts'
import type { Verification } from '../../../shared/journal/source.ts'
import { parseMark, parseTrust } from '../../../shared/journal/trust.ts'
import { verifyJournals } from '../../../shared/journal/verify.ts'
import { folderFiles } from '../../shared/journal/folder-files.ts'
import { nodeCrypto } from '../../shared/journal/node-crypto.ts'
import { dataFolderSource } from './data-folder-source.ts'

const ROOT = join(import.meta.dirname, '../../..')
const FIXTURES = join(ROOT, 'test/fixtures/journal')
const FIRST = 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee'
const GENESIS = 'c959fab3ea7539b7c710ac0869978ceeb2c63af25c14ad71675813dfe2bcd2dc'
const ROOT_AT_283 = 'a43920d3af56f4ea047e7b9a2e2bae722fa50a3ea61890e7ed687ba95025c385'
const ROOT_AT_270 = '43943f2ecc5711318018a9035cdc54a4e7158089e883b36ea03723012ce19c1d'
const OTHER_ROOT = '0123456789abcdef'.repeat(4)

type Pins = { readonly trust?: string; readonly mark?: string }
const pinned = (size: number, root: string): Pins => ({
  trust: `# holdpoint trust v1\n${FIRST} ${GENESIS} ${size} ${root}\n`,
})
const marked = (size: number, root: string): Pins => ({ mark: JSON.stringify({ origin: FIRST, size, root }) })

/** name → what must be said, in no order */
type Expected = Readonly<Record<string, readonly string[]>>

// Without any key: one file of the archive is changed.
const ARCHIVE: Expected = {
  untouched: [],
  // Entry 12 still reads, but its hash is another: the next prev, the leaf, the tile above, every root from there on.
  'header-value': [
    'chain-broken@13',
    'tile-mismatch@12',
    'tile-mismatch@0',
    'jsonl-mismatch@12',
    'act-after-mismatch@19',
    'root-mismatch@282',
  ],
  'header-form': [
    'header-not-canonical@12',
    'chain-broken@13',
    'tile-mismatch@12',
    'tile-mismatch@0',
    'jsonl-mismatch@12',
    'act-after-mismatch@19',
    'root-mismatch@282',
  ],
  payload: ['payload-mismatch@14'],
  'payload-dropped': ['payload-missing@14'],
  // Two segments of output bind these bytes.
  blob: ['blob-mismatch@25', 'blob-mismatch@268'],
  'blob-gone': ['blob-missing@25', 'blob-missing@268'],
  tile: ['tile-mismatch@100'],
  'tile-upper': ['tile-mismatch@0'],
  'tile-gone': ['tile-missing@256'],
  'tile-short': ['tile-mismatch@0'],
  'checkpoint-signature': ['checkpoint-signature@282'],
  'checkpoint-root': ['checkpoint-signature@282', 'root-mismatch@282'],
  // 282 entries: there is no bundle of that width.
  'checkpoint-size': ['checkpoint-signature@281', 'seq-gap@256'],
  'checkpoint-origin': ['checkpoint-invalid@null'],
  'checkpoint-gone': ['checkpoint-missing@null'],
  'checkpoint-other-key': ['checkpoint-signature@282'],
  'checkpoint-and-vkey-other-key': ['checkpoint-signature@282', 'vkey-mismatch@null'],
  'vkey-gone': ['vkey-mismatch@null'],
  'tail-dropped': ['seq-gap@280'],
  'bundle-dropped': ['seq-gap@0'],
  // The first bundle holds 255 entries, and from 100 on each is the next one's.
  'middle-dropped': ['seq-mismatch@100', 'chain-broken@100', 'jsonl-mismatch@100', 'seq-gap@255'],
  swapped: [
    'seq-mismatch@100',
    'seq-mismatch@101',
    'chain-broken@100',
    'chain-broken@101',
    'chain-broken@102',
    'tile-mismatch@100',
    'tile-mismatch@0',
    'jsonl-mismatch@100',
    'act-after-mismatch@272',
    'root-mismatch@282',
  ],
  line: ['jsonl-mismatch@12'],
  'lines-gone': ['jsonl-mismatch@0'],
  'bundle-longer': ['bundle-mismatch@256'],
  fork: ['fork-present@null'],
}

// With the origin key: chain, tree and checkpoint are made good again. What operators signed is what stands in the way,
// and the next act shows that its signer saw another log.
const FORGED: Expected = {
  'signature-stripped': ['act-signature-missing@278', 'act-after-mismatch@279'],
  'act-stripped': ['act-missing@278', 'act-after-mismatch@279'],
  'act-for-cause': ['act-missing@278', 'act-after-mismatch@279'],
  'act-moved': ['nonce-reused@278', 'act-content-mismatch@278', 'act-reason-mismatch@278', 'act-after-mismatch@279'],
  'signature-of-another': ['act-signature-bad@278', 'act-after-mismatch@279'],
  'act-of-another-journal': [
    'nonce-foreign@278',
    'act-after-mismatch@278',
    'act-content-mismatch@278',
    'act-reason-mismatch@278',
  ],
  'nonce-unknown': ['nonce-unknown@278', 'act-after-mismatch@279'],
  'nonce-issued-again': ['nonce-reused@281'],
  'signer-unknown': ['signer-unknown@278', 'act-after-mismatch@279'],
  'signer-revoked': ['signer-unknown@283'],
  'signer-not-revoked': [],
  'signer-not-administrator': ['signer-not-administrator@280'],
  'namespace-other': ['act-signature-bad@278', 'act-after-mismatch@279'],
  'subject-changed': ['act-signature-bad@278', 'act-after-mismatch@279'],
  'act-line-invalid': ['act-invalid@278', 'act-after-mismatch@279'],
  'act-of-another-run': ['act-invalid@278', 'act-after-mismatch@279'],
  'data-changed': ['act-content-mismatch@278', 'act-after-mismatch@279'],
  'reason-changed': ['act-reason-mismatch@278', 'act-after-mismatch@279'],
  'reason-stripped': ['act-reason-mismatch@278', 'act-after-mismatch@279'],
  'cause-stripped': ['cause-missing@274', 'act-after-mismatch@276'],
  'cause-no-act': ['cause-not-act@274', 'act-after-mismatch@276'],
  'cause-later': ['cause-missing@274', 'act-after-mismatch@276'],
  'cause-own-in-full': ['cause-missing@274', 'act-after-mismatch@276'],
  // What a person did is signed, or follows at once from what is: an earlier act of another matter does not do.
  'retry-unsigned': ['act-missing@283'],
  'outcome-unsigned': ['act-missing@283'],
  'backout-retry-unsigned': ['act-missing@283'],
  'backout-outcome-unsigned': ['act-missing@283'],
  'outcome-without-cause': ['act-missing@283'],
  'outcome-of-another-journal': ['act-missing@283'],
  'outcome-of-no-act': ['act-missing@283', 'cause-not-act@283'],
  'outcome-led': [],
  'backout-retry-led': [],
  'outcome-after-another': ['act-missing@285'],
  'retries-led': [],
  'retries-apart': ['act-missing@286'],
  'retries-apart-by-another-cause': ['act-missing@286'],
  // An entry that cannot be read may be the very act, or one that follows from it: it is the problem, not what stands after.
  'retries-of-a-spoilt-act': ['header-invalid@283'],
  'retries-with-a-spoilt-one': ['header-invalid@284'],
  'not-by-policy': ['act-missing@271', 'act-after-mismatch@272'],
  'redaction-of-less': ['payload-missing@277', 'act-content-mismatch@279', 'act-after-mismatch@280'],
  'redaction-malformed': [
    'payload-missing@277',
    'blob-missing@276',
    'data-invalid@279',
    'act-content-mismatch@279',
    'act-after-mismatch@280',
  ],
  'header-key-unknown': ['header-invalid@282'],
  'payload-without-salt': ['payload-invalid@282'],
  'blob-size-wrong': ['blob-mismatch@268', 'act-after-mismatch@272'],
  'genesis-twice': ['genesis-invalid@282'],
  'origin-of-another': ['origin-mismatch@282'],
}

// A data folder keeps its older checkpoints: of 3, 4, 10 and 256 entries here.
const DATA: Expected = {
  'data-untouched': [],
  'data-header': [
    'leaf-mismatch@12',
    'chain-broken@13',
    'act-after-mismatch@19',
    'root-mismatch@255',
    'root-mismatch@282',
  ],
  'data-payload': ['payload-mismatch@14'],
  'data-leaf': ['leaf-mismatch@12'],
  'data-tail-dropped': ['seq-gap@280'],
  'data-middle-dropped': ['seq-gap@100'],
  'data-swapped': [
    'seq-mismatch@100',
    'seq-mismatch@101',
    'chain-broken@100',
    'chain-broken@101',
    'chain-broken@102',
    'act-after-mismatch@272',
    'root-mismatch@255',
    'root-mismatch@282',
  ],
  'data-checkpoint-older': ['checkpoint-signature@9'],
  'data-checkpoint-root': ['checkpoint-invalid@9'],
  'data-checkpoint-dropped': ['checkpoint-size@256'],
  'data-checkpoints-dropped': ['checkpoint-missing@null'],
  'data-vkey': ['vkey-mismatch@null'],
  'data-blob': ['blob-mismatch@4'],
  'data-blob-packed-gone': ['blob-missing@25', 'blob-missing@268'],
}

// What nothing in the log itself can show is shown by what was pinned outside. Name, what is pinned, what must be said.
const PINNED: readonly (readonly [string, Pins, readonly string[]])[] = [
  ['untouched', { ...pinned(270, ROOT_AT_270), ...marked(283, ROOT_AT_283) }, []],
  ['data-untouched', { ...pinned(270, ROOT_AT_270), ...marked(283, ROOT_AT_283) }, []],
  ['tail-dropped-and-resealed', {}, []],
  ['tail-dropped-and-resealed', pinned(283, ROOT_AT_283), ['shorter-than-trusted@280']],
  ['tail-dropped-and-resealed', marked(283, ROOT_AT_283), ['behind-high-water-mark@280']],
  ['data-older-copy', {}, []],
  ['data-older-copy', pinned(270, ROOT_AT_270), ['shorter-than-trusted@256']],
  ['data-older-copy', marked(283, ROOT_AT_283), ['behind-high-water-mark@256']],
  // Whoever holds no key that was ever trusted can make a log that agrees with itself.
  ['all-by-others', {}, []],
  ['all-by-others', pinned(270, ROOT_AT_270), ['genesis-mismatch@0', 'inconsistent-with-trusted@269']],
  ['all-by-others', marked(283, ROOT_AT_283), ['inconsistent-with-mark@282']],
  ['untouched', pinned(283, OTHER_ROOT), ['inconsistent-with-trusted@282']],
  ['next-alone', pinned(283, ROOT_AT_283), ['origin-missing@null', 'origin-not-trusted@null']],
]

// Name, what is pinned, what both must say, what only who reads two journals together can say (verify.py leaves it out).
const RUNS: readonly (readonly [string, Pins, readonly string[], readonly string[]])[] = [
  ...Object.entries({ ...ARCHIVE, ...FORGED, ...DATA }).map(([name, said]) => [name, {}, said, []] as const),
  ...PINNED.map(([name, pins, said]) => [name, pins, said, []] as const),
  ['next-after-a-cut-one', {}, [], ['cause-missing@3', 'previous-mismatch@0']],
]

let folder = ''
let python: ReadonlyMap<string, Verification> = new Map()

const keyOf = (name: string, pins: Pins) => `${name} ${JSON.stringify(pins)}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-tamper-'))
  await program('python3', [join(FIXTURES, 'tamper.py'), folder])
  const asked = RUNS.map(([name, pins]) => [name, pins] as const)
  const input = asked.map(([name, pins]) => ({ folder: join(folder, name), ...pins }))
  const { stdout } = await program('python3', [join(FIXTURES, 'verify_all.py')], JSON.stringify(input))
  const answers = JSON.parse(stdout) as Verification[]
  expect(answers.length).toBe(asked.length)
  python = new Map(answers.map((answer, at) => [keyOf(...(asked[at] ?? ['', {}])), answer]))
}, 300_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

function program(file: string, args: readonly string[], input = ''): Promise<{ code: number; stdout: string }> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      if (typeof code === 'number' && stderr === '') resolve({ code, stdout })
      else if (code === 2) resolve({ code, stdout: stderr })
      else reject(new Error(`${file} ended with ${code}: ${stderr}`))
    })
    child.stdin?.end(input)
  })
}

async function byTypeScript(name: string, pins: Pins): Promise<Verification> {
  const trust = pins.trust === undefined ? null : parseTrust(pins.trust)
  const mark = pins.mark === undefined ? null : parseMark(pins.mark)
  if (trust && !('pins' in trust)) throw new Error(trust.message)
  const options = { ...(trust ? { trust: trust.pins } : {}), ...(mark ? { marks: [mark] } : {}) }
  if (existsSync(join(folder, name, 'journal.db'))) {
    using source = dataFolderSource(join(folder, name))
    return await verifyJournals([source], nodeCrypto, options)
  }
  const files = folderFiles(join(folder, name))
  const sources = (await archiveOrigins(files)).map((origin) => archiveSource(files, origin))
  return verifyJournals(await Promise.all(sources), nodeCrypto, options)
}

function byPython(name: string, pins: Pins): Verification {
  const answer = python.get(keyOf(name, pins))
  if (!answer) throw new Error(`verify.py was not asked about ${name}`)
  return answer
}

const problemsOf = (answer: Verification) =>
  answer.origins.flatMap((one) => one.problems.map((problem) => `${problem.code}@${problem.seq}`)).sort()

test.each(RUNS)('%s %j', async (name, pins, both, together) => {
  const original = name.startsWith('data-') ? 'data-untouched' : 'untouched'
  for (const answer of [await byTypeScript(original, {}), byPython(original, {})]) {
    const origins = [{ origin: FIRST, size: 283, root: ROOT_AT_283, problems: [] }]
    expect(answer).toEqual({ ok: true, trust: 'self-asserted', origins })
  }
  const typescript = await byTypeScript(name, pins)
  const second = byPython(name, pins)
  expect(problemsOf(typescript)).toEqual([...both, ...together].sort())
  expect(problemsOf(second)).toEqual([...both].sort())
  for (const answer of [typescript, second]) {
    expect(answer.ok).toBe(problemsOf(answer).length === 0)
    expect(answer.trust).toBe(pins.trust === undefined ? 'self-asserted' : 'pinned')
    expect(answer.origins.map(({ origin, size, root }) => ({ origin, size, root }))).toEqual(
      typescript.origins.map(({ origin, size, root }) => ({ origin, size, root })),
    )
  }
})

test('the second verifier as a program: its answer and exit codes', async () => {
  const verify = (...args: string[]) => program('python3', [join(ROOT, 'resources/verify/verify.py'), ...args])
  const good = await verify(join(FIXTURES, 'golden'), '--trust', join(FIXTURES, 'golden.trust'), '--json')
  expect(good.code).toBe(0)
  expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, trust: 'pinned', origins: [{ size: 283 }, { size: 5 }] })
  await writeFile(join(folder, 'mark'), marked(283, ROOT_AT_283).mark ?? '')
  const bad = await verify(join(folder, 'data-older-copy'), '--mark', join(folder, 'mark'))
  expect(bad.code).toBe(1)
  expect(problemsOf(JSON.parse(bad.stdout) as Verification)).toEqual(['behind-high-water-mark@256'])
  expect((await verify(join(folder, 'not-there'))).code).toBe(2)
  expect((await verify(join(FIXTURES, 'golden'), '--trust', join(folder, 'mark'))).code).toBe(2)
})

test('the second verifier reads what was put aside twice under one incarnation', async () => {
  const twice = join(folder, 'put-aside-twice')
  await cp(join(folder, 'data-untouched'), twice, { recursive: true })
  for (const name of ['journal.00c0ffee.db', 'journal.00c0ffee-2.db'])
    await cp(join(folder, 'data-older-copy', 'journal.db'), join(twice, name))
  const { code, stdout } = await program('python3', [join(ROOT, 'resources/verify/verify.py'), twice, '--json'])
  expect(code).toBe(0)
  const { origins } = JSON.parse(stdout) as Verification
  expect(new Set(origins.map(({ origin }) => origin))).toEqual(new Set([FIRST]))
  expect(origins.map(({ size }) => size).sort((a, b) => a - b)).toEqual([256, 256, 283])
})

const codesOf = (answer: Verification) =>
  answer.origins
    .map(({ origin, size, root, problems }) => ({ origin, size, root, codes: problems.map(({ code }) => code).sort() }))
    .sort((a, b) => (a.origin < b.origin ? -1 : Number(a.origin > b.origin)) || a.codes.length - b.codes.length)

test('an earlier journal that cannot be read is told by its code, the others are verified, and both verifiers agree', async () => {
  const spoilt = join(folder, 'kept-spoilt')
  await cp(join(folder, 'data-untouched'), spoilt, { recursive: true })
  await writeFile(join(spoilt, 'journal.00000000.db'), 'rubbish'.repeat(1000))
  // Begun and never named: it has no origin.
  new Database(join(spoilt, 'journal.11111111.db')).exec('CREATE TABLE meta (key, value)').close()
  // Pages in the middle are gone: what leads to the last entry and to the seals is there.
  const bytes = await readFile(join(spoilt, 'journal.db'))
  await writeFile(join(spoilt, 'journal.22222222.db'), bytes.fill(0xff, 39 * 4096, 70 * 4096))

  const verify = (...args: string[]) => program('python3', [join(ROOT, 'resources/verify/verify.py'), spoilt, ...args])
  const { code, stdout } = await verify('--json')
  expect(code).toBe(1)
  const second = JSON.parse(stdout) as Verification
  expect(second.ok).toBe(false)
  expect(codesOf(second)).toEqual([
    { origin: FIRST, size: 283, root: ROOT_AT_283, codes: [] },
    { origin: FIRST, size: 283, root: null, codes: ['kept-unreadable', 'seq-gap'] },
    { origin: 'journal.00000000.db', size: 0, root: null, codes: ['kept-unreadable'] },
    { origin: 'journal.11111111.db', size: 0, root: null, codes: ['kept-unreadable'] },
  ])
  const first = await verifyDataFolder({
    dataDir: spoilt,
    stateDir: join(folder, 'none'),
    crypto: JOURNAL_CRYPTO,
    blobs: (name) => blobStore(spoilt).stream(name),
  })
  expect(codesOf(first)).toEqual(codesOf(second))

  await writeFile(join(spoilt, 'journal.db'), 'rubbish'.repeat(1000))
  expect((await verify()).code).toBe(2)
})

test('the second verifier stays small enough to be read', async () => {
  const text = await readFile(join(ROOT, 'resources/verify/verify.py'), 'utf8')
  expect(text.split('\n').length - 1).toBeLessThan(300)
})
