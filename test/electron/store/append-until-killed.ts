/** A program that appends until it is killed, and says of each entry that it was acknowledged, after it was. */
import { writeSync } from 'node:fs'
import { JOURNAL_CRYPTO } from '../../../electron/keys/journal-crypto.ts'
import { originKeysIn } from '../../../electron/keys/origin-key.ts'
import { isJournalRefusal } from '../../../electron/store/journal-refusal.ts'
import { openJournal } from '../../../electron/store/open-journal.ts'

const [dataDir = '', stateDir = '', label = ''] = process.argv.slice(2)
const journal = await openJournal({ dataDir, stateDir, crypto: JOURNAL_CRYPTO, originKey: originKeysIn(dataDir) })
if (isJournalRefusal(journal)) throw new Error(`${journal.code}: ${journal.message}`)

// Several at once, so that a kill lands between any two of: signing, committing, acknowledging.
await Promise.all(
  [0, 1, 2].map(async (lane) => {
    for (let at = 0; ; at++) {
      const text = `${label}-${lane}-${at}`
      const [entry] = await journal.append([{ type: 'archive.received', data: {}, text: { text } }])
      writeSync(1, `${entry?.ref.seq} ${text}\n`)
    }
  }),
)
