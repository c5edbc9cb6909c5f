/** Verifies a data folder: every entry, seal, act and blob, and that it has not fallen behind its high-water marks. */
import { createHash } from 'node:crypto'
import type { JournalCrypto, JournalSource, Verification, VerifyOptions } from '../../shared/journal/source.ts'
import type { Mark, Pin } from '../../shared/journal/trust.ts'
import { verifyJournals } from '../../shared/journal/verify.ts'
import { openSources } from './data-folder-source.ts'
import type { BlobReader } from './data-folder-source.ts'
import { readMark } from './high-water-mark.ts'

export type VerifyDataFolder = {
  readonly dataDir: string
  readonly stateDir: string
  readonly crypto: JournalCrypto
  readonly blobs: BlobReader
  /** Pinned from outside; absent: the answer is self-asserted. */
  readonly trust?: readonly Pin[]
  readonly onProgress?: VerifyOptions['onProgress']
}

/** @throws JournalError where there is no journal (and none is pinned), or it cannot be read at all */
export async function verifyDataFolder(request: VerifyDataFolder): Promise<Verification> {
  // Marks first: a writer that goes on meanwhile only ever gets ahead of them.
  const marks = marksOf(request)
  const open = openSources(request.dataDir, { blobs: request.blobs, mayLack: request.trust !== undefined })
  try {
    const sources: JournalSource[] = open.map(({ source }) => source)
    return await verifyJournals(sources, request.crypto, {
      marks,
      ...(request.trust ? { trust: request.trust } : {}),
      ...(request.onProgress ? { onProgress: request.onProgress } : {}),
    })
  } finally {
    for (const one of open) one.close()
  }
}

function marksOf({ dataDir, stateDir, trust }: VerifyDataFolder): readonly Mark[] {
  const open = openSources(dataDir, { mayLack: trust !== undefined })
  try {
    return open.map(({ source }) => readMark(stateDir, source.origin)).filter((mark) => typeof mark === 'object')
  } finally {
    for (const one of open) one.close()
  }
}

/** What a reviewer pins: one for each journal of the folder. @throws JournalError as above */
export function trustPins(dataDir: string): readonly Pin[] {
  const open = openSources(dataDir)
  try {
    return open.flatMap(({ source, rows }) => {
      const genesis = rows.entry(0)
      const last = rows.lastCheckpoint()
      if (genesis === null || last === null) return []
      const hash = createHash('sha256').update(genesis.header).digest('hex')
      return [{ origin: source.origin, genesis: hash, size: last.size, root: last.root.toString('hex') }]
    })
  } finally {
    for (const one of open) one.close()
  }
}
