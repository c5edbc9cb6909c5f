import { expect, test } from 'vitest'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { directoryArchive } from '../../../electron/archive/directory.ts'
import { blobStore } from '../../../electron/blobs/blob-store.ts'
import type { Archive } from '../../../electron/engine/ports.ts'
import { syncToArchive } from '../../../electron/engine/sync.ts'
import type { SyncRequest } from '../../../electron/engine/sync.ts'
import { verifyArchive } from '../../../electron/engine/verify-archive.ts'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { readMark } from '../../../electron/store/high-water-mark.ts'
import { openReader } from '../../../electron/store/open-reader.ts'
import type { OpenJournal } from '../../../electron/store/writing-journal.ts'
import { filler, scratchConsole } from '../../support/scratch-console.ts'
import type { ScratchConsole } from '../../support/scratch-console.ts'

/** A journal of `size` entries, a blob with every hundredth and with the last. */
async function filled(console: ScratchConsole, size: number): Promise<OpenJournal> {
  const journal = await console.open()
  const blobs = blobStore(console.dataDir)
  const drafts = []
  for (let at = 2; at < size; at++) {
    const hasBlob = at % 100 === 0 || at === size - 1
    const bound = hasBlob ? [await blobs.put(`blob ${at}`, Buffer.alloc(70_000, `blob ${at} `))] : []
    drafts.push({ ...filler(`entry ${at}`), text: { at: String(at), blobs: bound } })
  }
  await journal.append(drafts)
  expect(journal.head().size).toBe(size)
  return journal
}

function requestOf(console: ScratchConsole, journal: OpenJournal, archive: Archive): SyncRequest {
  return { journal, blobs: blobStore(console.dataDir), archive, crypto: JOURNAL_CRYPTO, receipts: journal }
}

async function problemsOf(archive: Archive) {
  const verdict = await verifyArchive(archive, { crypto: JOURNAL_CRYPTO })
  return verdict.origins.map(({ size, problems }) => ({ size, problems }))
}

/** Counts writes, and cuts the sync at the one of this number: before it, or with the file half-written. */
function cutArchive(archive: Archive, cutAt: number): { readonly archive: Archive; writes(): number } {
  let writes = 0
  const cut = async (path: string, content: Uint8Array | AsyncIterable<Uint8Array>) => {
    if (writes++ !== cutAt) return archive.write(path, content)
    // A real cut leaves what a temporary file holds, and nothing under the final name.
    const half = async function* () {
      if (content instanceof Uint8Array) yield content.subarray(0, content.length >> 1)
      else for await (const piece of content) yield piece
      throw new Error('the link was cut')
    }
    return archive.write(path, half())
  }
  return { archive: { ...archive, write: cut, reopen: () => Promise.resolve(archive) }, writes: () => writes }
}

test('a journal is brought, read back, and a receipt of exactly that is recorded', async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 600)
  const archive = directoryArchive(join(console.folder, 'archive'))
  const steps: string[] = []
  const head = journal.head()
  const answer = await syncToArchive({
    ...requestOf(console, journal, archive),
    onProgress: ({ what }) => steps.push(what),
  })
  expect(answer).toMatchObject({ synced: true, ...head, receipt: 600 })
  expect(journal.read({ from: 600 })).toMatchObject([
    { type: 'archive.received', data: { ...head, origin: journal.origin } },
  ])
  expect(await problemsOf(archive)).toEqual([{ size: 600, problems: [] }])
  const order = ['blob', 'payload', 'tile/entries', 'tile', 'journal.jsonl', 'vkey', 'checkpoint', 'reading back']
  const phases = steps.map((step) => order.find((phase) => step.startsWith(phase)))
  expect(phases.filter((phase, at) => phase !== phases[at - 1])).toEqual(order)
})

test('cut at every single write, and run again, it ends well each time', { timeout: 120_000 }, async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 262)
  const root = join(console.folder, 'archive')
  // First to 262 entries, then on to 514: partial tiles grow, and new ones are begun.
  const base = directoryArchive(join(console.folder, 'base'))
  const counted = cutArchive(base, -1)
  expect(await syncToArchive({ ...requestOf(console, journal, counted.archive), receipts: null })).toMatchObject({
    synced: true,
  })
  const firstWrites = counted.writes()
  for (let cutAt = 0; cutAt < firstWrites; cutAt++) {
    rmSync(root, { recursive: true, force: true })
    const archive = directoryArchive(root)
    const request = { ...requestOf(console, journal, archive), receipts: null }
    const cut = await syncToArchive({ ...request, archive: cutArchive(archive, cutAt).archive })
    expect(cut).toMatchObject({ synced: false, code: 'archive-failed' })
    // The checkpoint comes last: whatever is there, nothing vouches for it yet.
    expect(existsSync(join(root, journal.origin.slice('holdpoint/'.length), 'checkpoint'))).toBe(false)
    expect(await syncToArchive(request)).toMatchObject({ synced: true, size: 262 })
    expect(await problemsOf(archive)).toEqual([{ size: 262, problems: [] }])
  }
  await journal.append(Array.from({ length: 252 }, (_, at) => filler(`later ${at}`)))
  for (let cutAt = 0; ; cutAt++) {
    rmSync(root, { recursive: true, force: true })
    cpSync(join(console.folder, 'base'), root, { recursive: true })
    const archive = directoryArchive(root)
    const request = { ...requestOf(console, journal, archive), receipts: null }
    const cutting = cutArchive(archive, cutAt)
    const cut = await syncToArchive({ ...request, archive: cutting.archive })
    if (cut.synced) {
      expect(cutAt).toBe(cutting.writes())
      expect(cutAt).toBeGreaterThan(5)
      break
    }
    // Cut anywhere, the archive still proves what it had.
    expect(await problemsOf(archive)).toEqual([{ size: 262, problems: [] }])
    expect(await syncToArchive(request)).toMatchObject({ synced: true, size: 514 })
    expect(await problemsOf(archive)).toEqual([{ size: 514, problems: [] }])
  }
})

test('brought again it writes nothing but what is new', async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 300)
  const counted = cutArchive(directoryArchive(join(console.folder, 'archive')), -1)
  const request = { ...requestOf(console, journal, counted.archive), receipts: null }
  expect(await syncToArchive(request)).toMatchObject({ synced: true })
  const writes = counted.writes()
  expect(await syncToArchive(request)).toMatchObject({ synced: true, files: 0, bytes: 0 })
  expect(counted.writes()).toBe(writes)
})

test('an archive that has more of the same journal is left as it is', async () => {
  await using console = await scratchConsole()
  const first = await filled(console, 40)
  await first.close()
  const older = join(console.folder, 'older')
  cpSync(console.dataDir, older, { recursive: true })
  const journal = await console.open()
  await journal.append([filler('more')])
  const archive = directoryArchive(join(console.folder, 'archive'))
  expect(await syncToArchive(requestOf(console, journal, archive))).toMatchObject({ synced: true })
  const before = await problemsOf(archive)
  using reader = openReader({ dataDir: older })
  const request = { ...requestOf(console, journal, archive), journal: reader, receipts: null }
  expect(await syncToArchive(request)).toMatchObject({ synced: false, code: 'archive-ahead', size: 40 })
  expect(await problemsOf(archive)).toEqual(before)
})

test('a journal that contradicts the archive is put beside it, both stay readable, and that is reported', async () => {
  await using console = await scratchConsole()
  const first = await filled(console, 40)
  await first.close()
  const cloned = join(console.folder, 'cloned')
  cpSync(console.dataDir, cloned, { recursive: true })
  const journal = await console.open()
  await journal.append([filler('here')])
  const archive = directoryArchive(join(console.folder, 'archive'))
  expect(await syncToArchive(requestOf(console, journal, archive))).toMatchObject({ synced: true })
  const other = await console.open({ dataDir: cloned, stateDir: join(console.folder, 'other-state') })
  await other.append([filler('there'), filler('there'), filler('there')])
  const request = { ...requestOf(console, other, archive), blobs: blobStore(cloned) }
  const { size, root } = other.head()
  expect(await syncToArchive(request)).toMatchObject({ synced: false, code: 'archive-forked', size, root })
  expect(other.head().size).toBe(size)
  const originDir = other.origin.slice('holdpoint/'.length)
  expect(await archive.list(`${originDir}/fork`)).toEqual([root])
  expect(await problemsOf(archive)).toMatchObject([{ size: 42, problems: [{ code: 'fork-present', seq: null }] }])
  // The fork by itself is a whole journal.
  const alone = join(console.folder, 'alone')
  mkdirSync(join(alone, originDir, '..'), { recursive: true })
  cpSync(join(console.folder, 'archive', originDir, 'fork', root), join(alone, originDir), { recursive: true })
  expect(await problemsOf(directoryArchive(alone))).toEqual([{ size, problems: [] }])
  expect(await syncToArchive(request)).toMatchObject({ synced: false, code: 'archive-forked' })
})

test('an archive that lies about what it stored gets no receipt', async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 30)
  const folder = join(console.folder, 'archive')
  const archive = directoryArchive(folder)
  const spoils = (pattern: RegExp): Archive => ({
    ...archive,
    async write(path, content) {
      await archive.write(path, content)
      if (!pattern.test(path)) return
      const bytes = readFileSync(join(folder, path))
      bytes[9] = (bytes[9] ?? 0) ^ 1
      writeFileSync(join(folder, path), bytes)
    },
  })
  for (const pattern of [
    /^[^/]+\/[^/]+\/blob\//,
    /\/payload\//,
    /\/tile\/entries\//,
    /\/tile\/0\//,
    /journal\.jsonl$/,
    /vkey$/,
  ]) {
    rmSync(folder, { recursive: true, force: true })
    const answer = await syncToArchive(requestOf(console, journal, spoils(pattern)))
    expect([pattern.source, answer.synced, 'code' in answer && answer.code]).toEqual([
      pattern.source,
      false,
      'read-back-failed',
    ])
  }
  expect(journal.head().size).toBe(30)
})

test('a blob that is neither here nor there is told of; all else is brought', async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 30)
  renameSync(join(console.dataDir, 'blobs'), join(console.dataDir, 'blobs-gone'))
  const archive = directoryArchive(join(console.folder, 'archive'))
  const answer = await syncToArchive(requestOf(console, journal, archive))
  expect(answer).toMatchObject({ synced: false, code: 'blob-missing', problems: [{ code: 'blob-missing', seq: 29 }] })
  expect(await problemsOf(archive)).toMatchObject([{ size: 30, problems: [{ code: 'blob-missing', seq: 29 }] }])
})

test('a blob that was spoilt here gets no name in the archive', async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 30)
  const [folder = ''] = readdirSync(join(console.dataDir, 'blobs'))
  const [name = ''] = readdirSync(join(console.dataDir, 'blobs', folder))
  writeFileSync(join(console.dataDir, 'blobs', folder, name.replace('.zst', '')), Buffer.alloc(70_000, 'other bytes'))
  const archive = directoryArchive(join(console.folder, 'archive'))
  const answer = await syncToArchive(requestOf(console, journal, archive))
  expect(answer).toMatchObject({ synced: false, code: 'blob-missing', problems: [{ code: 'blob-missing', seq: 29 }] })
  expect(await archive.list(`${journal.origin.slice('holdpoint/'.length)}/blob/${folder}`)).toEqual([])
})

test('a sync can be stopped, and goes on later', async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 30)
  const archive = directoryArchive(join(console.folder, 'archive'))
  const stop = new AbortController()
  const request = requestOf(console, journal, archive)
  const stopped = await syncToArchive({
    ...request,
    signal: stop.signal,
    onProgress: ({ what }) => what.startsWith('payload') && stop.abort(),
  })
  expect(stopped).toMatchObject({ synced: false, code: 'cancelled' })
  expect(await syncToArchive(request)).toMatchObject({ synced: true, size: 30 })
})

test('what an earlier incarnation left is brought as well, under its own name', async () => {
  await using console = await scratchConsole()
  const first = await filled(console, 20)
  const origin = first.origin
  await first.close()
  renameSync(join(console.dataDir, 'journal.db'), join(console.dataDir, `journal.${origin.split('/')[2]}.db`))
  const next = await (await console.refusal()).beginIncarnation?.()
  if (next === undefined || 'refused' in next) throw new Error('not begun')
  const archive = directoryArchive(join(console.folder, 'archive'))
  using earlier = openReader({ dataDir: console.dataDir, file: `journal.${origin.split('/')[2]}.db` })
  expect(await syncToArchive({ ...requestOf(console, next, archive), journal: earlier })).toMatchObject({
    synced: true,
    size: 20,
    receipt: 3,
  })
  expect(await syncToArchive(requestOf(console, next, archive))).toMatchObject({ synced: true, size: 4 })
  await next.close()
  expect((await problemsOf(archive)).flatMap(({ problems }) => problems)).toEqual([])
  expect(readdirSync(join(console.folder, 'archive', origin.split('/')[1] ?? ''))).toHaveLength(2)
})

test.each([
  ['empty', () => ''],
  ['cut', (text: string) => text.slice(0, 60)],
  ['of another log', (text: string) => text.replace(/[0-9a-f]{8}\n/, '00000000\n')],
])('a checkpoint in the archive that is %s is no fork: it is named, and nothing is written', async (_name, spoil) => {
  await using console = await scratchConsole()
  const journal = await filled(console, 30)
  const root = join(console.folder, 'archive')
  const archive = directoryArchive(root)
  expect(await syncToArchive(requestOf(console, journal, archive))).toMatchObject({ synced: true })
  const folder = journal.origin.slice('holdpoint/'.length)
  const path = join(root, folder, 'checkpoint')
  const whole = readFileSync(path, 'utf8')
  writeFileSync(path, spoil(whole))
  const counted = cutArchive(archive, -1)
  const answer = await syncToArchive(requestOf(console, journal, counted.archive))
  expect(answer).toMatchObject({ synced: false, code: 'archive-damaged' })
  expect('message' in answer && answer.message).toContain(`${folder}/checkpoint`)
  expect(counted.writes()).toBe(0)
  expect(existsSync(join(root, folder, 'fork'))).toBe(false)
  // As the message says: without the file, all is brought anew.
  rmSync(path)
  expect(await syncToArchive(requestOf(console, journal, archive))).toMatchObject({ synced: true })
  expect((await problemsOf(archive))[0]?.problems).toEqual([])
})

test('the high-water mark covers what is published before it is', async () => {
  await using console = await scratchConsole()
  const journal = await filled(console, 30)
  const archive = directoryArchive(join(console.folder, 'archive'))
  const seen: unknown[] = []
  const looking: Archive = {
    ...archive,
    async write(path, content) {
      if (path.endsWith('/checkpoint')) seen.push(readMark(console.stateDir, journal.origin))
      await archive.write(path, content)
    },
  }
  const head = journal.head()
  // Fillers are no acts, and the second in which the mark would be written by itself is not over.
  expect(readMark(console.stateDir, journal.origin)).not.toMatchObject(head)
  expect(await syncToArchive(requestOf(console, journal, looking))).toMatchObject({ synced: true })
  expect(seen).toEqual([{ origin: journal.origin, ...head }])
})
