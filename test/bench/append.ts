/** Appending to the journal against a bare commit of the same bytes to a database of its own on the same disk. */
import Database from 'better-sqlite3'
import { join } from 'node:path'
import type { Draft, Journal } from '../../electron/engine/ports.ts'
import { JOURNAL_FILE, openForReading } from '../../electron/store/database.ts'
import { noteBy, RUN, scratchConsole } from '../support/scratch-console.ts'
import { compared, inTurn, type Row, type Size, timed } from './measure.ts'

const BATCH = 100

export async function append(size: Size): Promise<readonly Row[]> {
  const rounds = size.rounds(9)
  const singles = size.count(300)
  const batches = size.count(20)
  await using console = await scratchConsole()
  const journal = await console.open()
  const [act] = await journal.append([await noteBy(journal, console.lead)])
  if (act === undefined) throw new Error('nothing was recorded')
  const draft = drafts(act.ref.seq)

  const bytes = await bytesOfOneCommit(journal, console.dataDir, draft)
  const bare = openBare(join(console.folder, 'bare.db'))
  try {
    const rate = (count: number, ms: number) => (count / ms) * 1000
    const single = await inTurn(rounds, {
      ours: async () =>
        rate(
          singles,
          await timed(async () => {
            for (let left = singles; left > 0; left--) await journal.append([draft()])
          }),
        ),
      theirs: async () =>
        rate(
          singles,
          await timed(() => {
            for (let left = singles; left > 0; left--) bare.one(bytes.commit)
          }),
        ),
    })
    const batched = await inTurn(rounds, {
      ours: async () =>
        rate(
          batches * BATCH,
          await timed(async () => {
            for (let left = batches; left > 0; left--) await journal.append(Array.from({ length: BATCH }, draft))
          }),
        ),
      theirs: async () =>
        rate(
          batches * BATCH,
          await timed(() => {
            for (let left = batches; left > 0; left--) bare.many(Array.from({ length: BATCH }, () => bytes.entry))
          }),
        ),
    })
    return [
      compared(
        {
          name: 'append, one at a time',
          unit: '/s',
          ourWork: `${singles} times: append one entry (output.bound, ${bytes.header} bytes of header, ${bytes.payload} of payload) and wait until it is on disk: checked, encoded (JCS), chained, hashed into the tree, sealed by a signed checkpoint, both rows in one transaction (WAL, synchronous=FULL)`,
          theirWork: `${singles} times: better-sqlite3, one INSERT of one blob of the same ${bytes.commit.length} bytes (header, payload, leaf, root, note), committed by itself (WAL, synchronous=FULL), same disk`,
        },
        single,
      ),
      compared(
        {
          name: 'append, 100 at a time',
          unit: '/s',
          ourWork: `${batches} times: append ${BATCH} such entries at once, one transaction, one checkpoint`,
          theirWork: `${batches} times: ${BATCH} INSERTs of one blob of the same ${bytes.entry.length} bytes (header, payload, leaf) in one transaction`,
        },
        batched,
      ),
    ]
  } finally {
    bare.close()
  }
}

/** What the engine records most: a segment of output, bound. */
function drafts(cause: number): () => Draft {
  let segment = 0
  return () => {
    const from = segment * 1_048_576
    const range = { from, to: from + 1_048_576 }
    const at = { run: RUN, step: 'upgrade', target: 'db1', purpose: 'main', try: 1, stream: 'stdout' }
    const digest = (segment + 2 ** 32).toString(16).padStart(64, 'a')
    const blob = { name: `stdout.${segment}`, sha256: digest, size: 1_048_576, chunk: 65_536, tree: digest }
    const data = { ...at, segment: segment++, raw: range, stored: range }
    return { type: 'output.bound', data, text: { blobs: [blob] }, cause }
  }
}

type Bytes = { readonly header: number; readonly payload: number; readonly entry: Buffer; readonly commit: Buffer }

/** Appends one entry and reads back all that was written for it. */
async function bytesOfOneCommit(journal: Journal, dataDir: string, draft: () => Draft): Promise<Bytes> {
  await journal.append([draft()])
  const { size } = journal.head()
  const { database, close } = openForReading(join(dataDir, JOURNAL_FILE))
  try {
    const row = database
      .prepare<[number], { header: Buffer; payload: Buffer; leaf: Buffer; root: Buffer; note: string }>(
        'SELECT header, payload, leaf, root, note FROM entries JOIN checkpoints ON size = seq + 1 WHERE seq = ?',
      )
      .get(size - 1)
    if (row === undefined) throw new Error('the entry is not there')
    const entry = Buffer.concat([row.header, row.payload, row.leaf])
    const commit = Buffer.concat([entry, row.root, Buffer.from(row.note)])
    return { header: row.header.length, payload: row.payload.length, entry, commit }
  } finally {
    close()
  }
}

function openBare(path: string) {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE bytes (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)')
  const insert = database.prepare<[Buffer]>('INSERT INTO bytes (bytes) VALUES (?)')
  const many = database.transaction((all: readonly Buffer[]) => {
    for (const bytes of all) insert.run(bytes)
  })
  return {
    one: (bytes: Buffer) => void insert.run(bytes),
    many: (all: readonly Buffer[]) => many.immediate(all),
    close: () => database.close(),
  }
}
