/** A journal on disk that tells one long run, every entry of it chained, sealed and, where it is an act, signed. */
import type { Draft } from '../../electron/engine/ports.ts'
import { settingsIn } from '../../electron/library/settings-file.ts'
import type { RecordedRunEvent } from '../../shared/model/events.ts'
import { type ScratchConsole, scratchConsole, signed } from '../support/scratch-console.ts'
import { longRun } from './long-run.ts'

export type LongJournal = ScratchConsole & { readonly run: string; readonly firstSeq: number; readonly size: number }

const STEPS = 200
const HOSTS = 50
const PIECE = 500

/** @param entries of the whole journal; nearly all are of the run */
export async function longJournal(entries: number): Promise<LongJournal> {
  const console = await scratchConsole()
  const journal = await console.open()
  // The nonces of both acts are issued here: from now on every entry is one of the run.
  await journal.nonce()
  const firstSeq = journal.head().size
  const id = 'orders-1'
  const place = { origin: journal.origin, firstSeq, id }
  const { events } = longRun({ ...place, steps: STEPS, hosts: HOSTS, events: entries - firstSeq })
  let waiting: Draft[] = []
  const write = async () => {
    if (waiting.length > 0) await journal.append(waiting)
    waiting = []
  }
  for (const event of events) {
    if (event.act !== null) {
      await write()
      waiting.push(await actOf(console, journal, event))
      await write()
    } else waiting.push(draftOf(event))
    if (waiting.length >= PIECE) await write()
  }
  await write()
  const { size } = journal.head()
  await journal.close()
  const operator = { name: console.lead.name, source: 'file', path: `${console.folder}/lead` } as const
  await settingsIn(console.dataDir).write({
    operator: { ...operator, key: console.lead.fingerprint },
    archive: null,
    runbooks: [],
  })
  return { ...console, run: id, firstSeq, size }
}

function draftOf({ type, data, text, cause }: RecordedRunEvent): Draft {
  return { type, data, text: text ?? {}, ...(cause === null ? {} : { cause }) }
}

async function actOf(
  { lead }: ScratchConsole,
  journal: Parameters<typeof signed>[0],
  event: RecordedRunEvent,
): Promise<Draft> {
  const { act = 'note', subject = '', role = 'lead' } = event.act ?? {}
  const draft = draftOf(event)
  return { ...draft, act: await signed(journal, lead, draft, { act, subject, role, run: event.data.run }) }
}
