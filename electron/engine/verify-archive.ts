/** Verifies an archive by re-reading every byte of it. FORMAT.md section 11. */
import { archiveOrigins, archiveSource } from '../../shared/journal/archive-source.ts'
import type { JournalCrypto, JournalSource, Verification } from '../../shared/journal/source.ts'
import type { Pin } from '../../shared/journal/trust.ts'
import { verifyJournals } from '../../shared/journal/verify.ts'
import type { Archive } from './ports.ts'

export type VerifyRequest = {
  readonly crypto: JournalCrypto
  /** Pinned from outside; absent: the answer is self-asserted. */
  readonly trust?: readonly Pin[]
  /** Called about every thousand entries. */
  readonly onProgress?: (progress: { readonly origin: string; readonly entries: number }) => void
}

export async function verifyArchive(archive: Archive, request: VerifyRequest): Promise<Verification> {
  const sources: JournalSource[] = []
  for (const origin of await archiveOrigins(archive)) {
    sources.push(watched(await archiveSource(archive, origin), request))
  }
  return verifyJournals(sources, request.crypto, request.trust ? { trust: request.trust } : {})
}

const PROGRESS_EVERY = 1000

function watched(source: JournalSource, { onProgress }: VerifyRequest): JournalSource {
  if (onProgress === undefined) return source
  return {
    ...source,
    async *entries(from) {
      let entries = 0
      for await (const entry of source.entries(from)) {
        if (++entries % PROGRESS_EVERY === 0) onProgress({ origin: source.origin, entries })
        yield entry
      }
    },
  }
}
