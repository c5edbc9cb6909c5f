import { expect, test } from 'vitest'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { actMessage } from '../../../shared/journal/act.ts'
import { parseHeader } from '../../../shared/journal/entry.ts'
import type { SignedAct } from '../../../electron/engine/ports.ts'
import { createOperatorKey } from '../../../electron/keys/signers.ts'
import type { JournalError } from '../../../electron/store/journal-error.ts'
import { openReader } from '../../../electron/store/open-reader.ts'
import type { OpenJournal } from '../../../electron/store/writing-journal.ts'
import { filler, noteBy, RUN, scratchConsole, signed } from '../../support/scratch-console.ts'

function headerAt(journal: Pick<OpenJournal, 'raw'>, seq: number) {
  const parsed = parseHeader(new Uint8Array(journal.raw(seq)?.header ?? []))
  if ('code' in parsed) throw new Error(parsed.message)
  return parsed.header
}

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'recorded',
    (error: JournalError) => error.detail ?? error.code,
  )
}

test('a journal begins with genesis and boot, and each start adds a boot', async () => {
  await using console = await scratchConsole()
  const first = await console.open({ version: '1.2.3' })
  expect(first.read({ from: 0 }).map(({ type }) => type)).toEqual(['genesis', 'boot'])
  expect(first.read({ from: 1 })[0]).toMatchObject({ data: { mark: 'new' }, text: { version: '1.2.3' } })
  expect(first.operators()).toMatchObject([{ id: 'anna-lead', name: 'Anna Lead', isAdministrator: true }])
  await first.close()
  const second = await console.open()
  expect(second.read({ from: 2 })).toMatchObject([{ type: 'boot', data: { mark: 'found' } }])
  expect(headerAt(second, 2).boot).not.toBe(headerAt(second, 1).boot)
  expect(second.origin).toBe(first.origin)
})

test('entries carry the clock that was given, and a step of it shows against the monotonic one', async () => {
  await using console = await scratchConsole()
  let now = Date.parse('2026-12-05T22:00:00.000Z')
  let mono = 1000
  const journal = await console.open({ clock: { now: () => now, mono: () => mono } })
  now -= 3_600_000
  mono += 5.9
  await journal.append([filler('after the step')])
  expect(headerAt(journal, 2)).toMatchObject({ at: '2026-12-05T21:00:00.000Z', mono: 1005, seq: 2 })
})

test('what one tick appends shares one transaction and one seal', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const told: number[] = []
  journal.subscribe((entries) => told.push(...entries.map(({ ref }) => ref.seq)))
  const appended = await Promise.all(['a', 'b', 'c'].map((text) => journal.append([filler(text), filler(text)])))
  expect(appended.flat().map(({ ref }) => ref.seq)).toEqual([2, 3, 4, 5, 6, 7])
  expect(told).toEqual([2, 3, 4, 5, 6, 7])
  const database = new Database(join(console.dataDir, 'journal.db'), { readonly: true })
  expect(database.prepare('SELECT size FROM checkpoints ORDER BY size').pluck().all()).toEqual([2, 8])
  database.close()
})

test('a draft that cannot be recorded is refused alone, and leaves no gap', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const refused = [
    journal.append([filler('gone with the other'), { type: 'step.planned', data: {}, text: {} }]),
    journal.append([{ type: 'archive.received', data: { share: 0.5 }, text: {} }]),
    journal.append([{ type: 'archive.received', data: {}, text: { lone: '\ud800' } }]),
    journal.append([{ type: 'archive.received', data: { long: 'x'.repeat(66_000) }, text: {} }]),
    journal.append([{ type: 'Not A Type', data: {}, text: {} }]),
    journal.append([{ type: 'genesis', data: { operators: [] }, text: {} }]),
    journal.append([{ type: 'cell.ended', data: {}, text: {}, cause: 1 }]),
    journal.append([{ type: 'cell.ended', data: {}, text: {}, cause: 99 }]),
    journal.append([{ type: 'cell.ended', data: {}, text: {}, cause: `${journal.origin}#0` }]),
    journal.append([{ type: 'archive.received', data: {}, text: { blobs: [{ name: 'unbound' }] } }]),
  ]
  const kept = journal.append([filler('kept')])
  expect(await Promise.all(refused.map(codeOf))).toEqual([
    'cause-missing',
    'invalid-entry',
    'invalid-entry',
    'invalid-entry',
    'header-invalid',
    'genesis-invalid',
    'cause-not-act',
    'cause-missing',
    'cause-missing',
    'payload-invalid',
  ])
  expect((await kept)[0]?.ref.seq).toBe(2)
  expect(journal.head().size).toBe(3)
})

test('an act is recorded with who signed it, and what it causes refers to it', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const note = await noteBy(journal, console.lead, 'disk is fine')
  const [act, ended] = await journal.append([
    note,
    { type: 'cell.ended', data: { run: RUN }, text: {}, cause: 'first' },
  ])
  expect(act).toMatchObject({
    type: 'note.recorded',
    text: { note: 'disk is fine', reason: 'because' },
    act: { act: 'note', subject: 'a test', role: 'lead', name: 'Anna Lead', key: console.lead.fingerprint },
    cause: null,
  })
  expect(ended).toMatchObject({ act: null, cause: act?.ref.seq })
  expect(journal.read({ from: 0, run: RUN })).toEqual([act, ended])
})

test('an act that a verifier would call bad is refused, and the next good one is recorded', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const stranger = await createOperatorKey(join(console.folder, 'mallory'), 'Mallory')
  const entry = { type: 'note.recorded', data: { run: RUN, subject: 'a test' } }
  const refusedAs = async (change: (act: SignedAct) => SignedAct | Promise<SignedAct>) => {
    const act = await change(await signed(journal, console.lead, entry, { reason: 'why' }))
    return codeOf(journal.append([{ ...entry, text: {}, act }]))
  }
  const resign = async (act: SignedAct, line: Partial<SignedAct['line']>): Promise<SignedAct> => {
    const changed = { ...act.line, ...line }
    return { ...act, line: changed, signature: await console.lead.sign(actMessage(changed), 'holdpoint-act') }
  }
  const zeros = '0'.repeat(64)
  const elsewhere = journal.origin.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
  expect(await refusedAs((act) => resign(act, { run: 'another-run' }))).toBe('act-invalid')
  expect(await refusedAs((act) => resign(act, { origin: elsewhere }))).toBe('nonce-foreign')
  expect(await refusedAs((act) => resign(act, { nonce: '0'.repeat(32) }))).toBe('nonce-unknown')
  expect(await refusedAs((act) => resign(act, { after: { size: 1, root: zeros } }))).toBe('act-after-mismatch')
  expect(await refusedAs((act) => resign(act, { after: { size: 99, root: zeros } }))).toBe('act-after-mismatch')
  expect(await refusedAs((act) => ({ ...act, content: { ...act.content, more: 1 } }))).toBe('act-content-mismatch')
  expect(await refusedAs((act) => ({ ...act, reason: null }))).toBe('act-reason-mismatch')
  expect(await refusedAs((act) => ({ ...act, line: { ...act.line, subject: 'other' } }))).toBe('act-signature-bad')
  expect(await refusedAs((act) => ({ ...act, signature: 'none' }))).toBe('act-signature-bad')
  expect(await refusedAs(() => signed(journal, stranger, entry))).toBe('signer-unknown')
  const size = journal.head().size
  const note = await noteBy(journal, console.lead)
  await journal.append([note])
  expect(await codeOf(journal.append([note]))).toBe('nonce-unknown')
  const twice = await noteBy(journal, console.lead)
  expect(await Promise.all([journal.append([twice]), codeOf(journal.append([twice]))])).toMatchObject([
    [{}],
    'nonce-reused',
  ])
  expect(journal.head().size).toBe(size + 2)
})

test('a key is an operator’s only after an administrator’s act, and only once', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const bert = await createOperatorKey(join(console.folder, 'bert'), 'Bert')
  const added = { type: 'operator.added', data: { id: 'bert', key: bert.publicKey.split(' ').slice(0, 2).join(' ') } }
  const enrol = async (by = console.lead) => ({
    ...added,
    text: { name: 'Bert Two' },
    act: await signed(journal, by, added),
  })
  expect(await codeOf(journal.append([await noteBy(journal, bert)]))).toBe('signer-unknown')
  await journal.append([await enrol()])
  expect(await codeOf(journal.append([await enrol()]))).toBe('data-invalid')
  expect((await journal.append([await noteBy(journal, bert)]))[0]?.act?.name).toBe('Bert Two')
  const revoked = { type: 'operator.revoked', data: { id: 'anna-lead' } }
  const byBert = { ...revoked, text: {}, act: await signed(journal, bert, revoked) }
  expect(await codeOf(journal.append([byBert]))).toBe('signer-not-administrator')
  expect(journal.operators().map(({ name }) => name)).toEqual(['Anna Lead', 'Bert Two'])
})

test('a nonce is handed out once, and after a restart no earlier one is taken', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const nonces = await Promise.all(Array.from({ length: 40 }, () => journal.nonce()))
  expect(new Set(nonces).size).toBe(40)
  const issued = journal.read({ from: 0 }).flatMap(({ data }) => (data['nonces'] as string[] | undefined) ?? [])
  expect(issued).toEqual(expect.arrayContaining(nonces))
  const note = await noteBy(journal, console.lead)
  await journal.close()
  const again = await console.open()
  expect(await codeOf(again.append([note]))).toBe('nonce-unknown')
  expect(issued).not.toContain(await again.nonce())
})

test('a range, a run and a limit are read in order of seq', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  for (const run of ['run-one', 'run-two', 'run-one'])
    await journal.append([await noteBy(journal, console.lead, 'n', run)])
  expect(journal.runs()).toEqual(['run-one', 'run-two'])
  const one = journal.read({ from: 0, run: 'run-one' }).map(({ ref }) => ref.seq)
  expect(one).toHaveLength(2)
  expect(journal.read({ from: (one[0] ?? 0) + 1, run: 'run-one' }).map(({ ref }) => ref.seq)).toEqual(one.slice(1))
  expect(journal.read({ from: 0, run: 'run-one', limit: 1 }).map(({ ref }) => ref.seq)).toEqual(one.slice(0, 1))
  expect(journal.read({ from: 1, to: 3 }).map(({ ref }) => ref.seq)).toEqual([1, 2])
  expect(journal.read({ from: 1, limit: 2 }).map(({ ref }) => ref.seq)).toEqual([1, 2])
  expect(journal.read({ from: 0, run: 'no-run' })).toEqual([])
})

test('a reader beside the writer sees what is committed, as the writer does', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  using reader = openReader(console)
  expect(reader.head()).toEqual(journal.head())
  await journal.append([await noteBy(journal, console.lead)])
  expect(reader.head()).toEqual(journal.head())
  expect(reader.read({ from: 0 })).toEqual(journal.read({ from: 0 }))
  expect(reader.runs()).toEqual([RUN])
  expect(reader.checkpoint()).toBe(journal.checkpoint())
  await journal.close()
  using alone = openReader(console)
  expect(alone.read({ from: 0, run: RUN })).toHaveLength(1)
})

test('a closed journal takes nothing, and closing twice is closing once', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const last = journal.append([filler('under way')])
  await Promise.all([journal.close(), journal.close()])
  expect((await last)[0]?.ref.seq).toBe(2)
  expect(await codeOf(journal.append([filler('late')]))).toBe('closed')
})

test('what a person did is recorded with the act that says so, or not at all', async () => {
  await using console = await scratchConsole()
  const journal = await console.open()
  const passed = { type: 'cell.ended', data: { run: RUN, state: 'passed', by: 'person' }, text: {} }
  const retried = { type: 'backout.retried', data: { run: RUN }, text: {} }
  const [act] = await journal.append([await noteBy(journal, console.lead), { ...passed, cause: 'first' as const }])
  const seq = act?.ref.seq ?? -1
  const size = journal.head().size
  for (const draft of [passed, retried]) {
    expect(await codeOf(journal.append([draft]))).toBe('act-missing')
    expect(await codeOf(journal.append([{ ...draft, cause: seq }]))).toBe('act-missing')
    const lead = await noteBy(journal, console.lead)
    const between = { type: 'something.new', data: {}, text: {}, cause: seq }
    expect(await codeOf(journal.append([lead, between, { ...draft, cause: 'first' as const }]))).toBe('act-missing')
  }
  expect(journal.read({ from: size }).filter(({ type }) => type !== 'nonce.issued')).toEqual([])
})
