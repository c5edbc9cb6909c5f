/** A console's data folder, state folder and lead, in a scratch place that goes away with the test. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Draft, Journal, SignedAct, Signer } from '../../electron/engine/ports.ts'
import { signAct } from '../../electron/engine/signing.ts'
import type { ActWords } from '../../electron/engine/signing.ts'
import { JOURNAL_CRYPTO } from '../../electron/keys/journal-crypto.ts'
import { originKeysIn } from '../../electron/keys/origin-key.ts'
import { createOperatorKey } from '../../electron/keys/signers.ts'
import type { JournalOptions } from '../../electron/store/journal-options.ts'
import { isJournalRefusal } from '../../electron/store/journal-refusal.ts'
import type { JournalRefusal } from '../../electron/store/journal-refusal.ts'
import { openJournal } from '../../electron/store/open-journal.ts'
import type { OpenJournal } from '../../electron/store/writing-journal.ts'

export type ScratchConsole = AsyncDisposable & {
  readonly folder: string
  readonly dataDir: string
  readonly stateDir: string
  readonly lead: Signer
  readonly options: JournalOptions
  /** Opens the journal, which must work. Closed with the console if the test does not. */
  open(changes?: Partial<JournalOptions>): Promise<OpenJournal>
  /** Opens the journal, which must be refused. */
  refusal(changes?: Partial<JournalOptions>): Promise<JournalRefusal>
}

export async function scratchConsole(): Promise<ScratchConsole> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'))
  const dataDir = join(folder, 'data')
  const stateDir = join(folder, 'state')
  const lead = await createOperatorKey(join(folder, 'lead'), 'Anna Lead')
  const people = [{ name: lead.name, publicKey: lead.publicKey, isAdministrator: true }]
  const options: JournalOptions = {
    dataDir,
    stateDir,
    crypto: JOURNAL_CRYPTO,
    originKey: originKeysIn(dataDir),
    people,
  }
  const opened: OpenJournal[] = []
  return {
    folder,
    dataDir,
    stateDir,
    lead,
    options,
    async open(changes) {
      const journal = await openJournal({ ...options, ...changes })
      if (isJournalRefusal(journal)) throw new Error(`refused: ${journal.code}: ${journal.message}`)
      opened.push(journal)
      return journal
    },
    async refusal(changes) {
      const answer = await openJournal({ ...options, ...changes })
      if (isJournalRefusal(answer)) return answer
      await answer.close()
      throw new Error('the journal was opened, and should have been refused')
    },
    async [Symbol.asyncDispose]() {
      for (const journal of opened) await journal.close()
      // A console does not wait for output that it could not bind: the last of it may still be put into the folder.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    },
  }
}

/** Signs a draft. */
export function signed(
  journal: Journal,
  signer: Signer,
  entry: Pick<Draft, 'type' | 'data'>,
  words: Partial<ActWords> = {},
): Promise<SignedAct> {
  const run = typeof entry.data['run'] === 'string' ? entry.data['run'] : null
  const plain = { act: 'note', subject: 'a test', role: 'lead', run, reason: null }
  const parts = { journal, sha256: JOURNAL_CRYPTO.sha256, random: (bytes: number) => randomBytes(bytes) }
  return signAct(parts, signer, entry, { ...plain, ...words })
}

export const RUN = 'run-2026-12-05'

/** An act of a run as a draft. */
export async function noteBy(journal: Journal, signer: Signer, note = 'seen', run = RUN): Promise<Draft> {
  const entry = { type: 'note.recorded', data: { run, subject: 'a test' } }
  return { ...entry, text: { note }, act: await signed(journal, signer, entry, { reason: 'because' }) }
}

/** What needs no act: for filling a journal. */
export function filler(text: string): Draft {
  return { type: 'archive.received', data: {}, text: { text } }
}
