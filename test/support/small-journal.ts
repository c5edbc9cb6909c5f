/** A small journal with acts, blobs and a run, its archive and its pins: what tampering is tried on. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { directoryArchive } from '../../electron/archive/directory.ts'
import { blobStore } from '../../electron/blobs/blob-store.ts'
import { syncToArchive } from '../../electron/engine/sync.ts'
import { JOURNAL_CRYPTO } from '../../electron/keys/journal-crypto.ts'
import { trustPins } from '../../electron/store/verify-data-folder.ts'
import type { Pin } from '../../shared/journal/trust.ts'
import { filler, noteBy, RUN, scratchConsole, signed } from './scratch-console.ts'
import type { ScratchConsole } from './scratch-console.ts'

export type SmallJournal = ScratchConsole & {
  readonly archiveDir: string
  readonly origin: string
  /** `<uuid>/<incarnation>` */
  readonly originDir: string
  readonly pins: readonly Pin[]
  /** Digests of the blobs that entries 3 and 4 bind. */
  readonly blobs: readonly [string, string]
}

/**
 * Entries: 0 genesis, 1 boot, 2 nonces, 3 an act with a blob, 4 filler with a blob, 5 an act of a run, 6 what it caused,
 * 7 filler. The archive has eight, the data folder a ninth: the receipt.
 */
export async function smallJournal(name = 'small'): Promise<SmallJournal> {
  const console = await scratchConsole()
  const journal = await console.open({ random: countingRandom(name) })
  const blobs = blobStore(console.dataDir)
  const first = await blobs.put('evidence.txt', Buffer.from('the disk is empty\n'))
  const second = await blobs.put('stdout.0', Buffer.alloc(200_000, 'output line\n'))
  const entry = { type: 'note.recorded', data: { run: RUN, subject: 'evidence' } }
  await journal.append([
    { ...entry, text: { note: 'looked', blobs: [first] }, act: await signed(journal, console.lead, entry) },
  ])
  await journal.append([{ ...filler('four'), text: { blobs: [second] } }])
  const act = await noteBy(journal, console.lead, 'five')
  await journal.append([act, { type: 'cell.ended', data: { run: RUN }, text: { message: 'six' }, cause: 'first' }])
  await journal.append([filler('seven')])
  const archiveDir = join(console.folder, 'archive')
  const request = { journal, blobs, archive: directoryArchive(archiveDir), crypto: JOURNAL_CRYPTO, receipts: journal }
  const answer = await syncToArchive(request)
  if (!answer.synced) throw new Error(answer.message)
  await journal.close()
  return {
    ...console,
    archiveDir,
    origin: journal.origin,
    originDir: journal.origin.slice('holdpoint/'.length),
    pins: trustPins(console.dataDir),
    blobs: [first.sha256, second.sha256],
  }
}

/** The same bytes at every call in the same order: two consoles of one name are of one origin. */
function countingRandom(name: string): (bytes: number) => Uint8Array {
  let calls = 0
  return (bytes) => createHash('sha512').update(`${name} ${calls++}`).digest().subarray(0, bytes)
}
