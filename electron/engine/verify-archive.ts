/** Verifies an archive by re-reading every byte of it. FORMAT.md section 11. */
import { archiveOrigins, archiveSource } from '../../shared/journal/archive-source.ts'
import type { JournalCrypto, JournalSource, Verification, VerifyOptions } from '../../shared/journal/source.ts'
import { verifyJournals } from '../../shared/journal/verify.ts'
import type { Archive } from './ports.ts'

export async function verifyArchive(
  archive: Archive,
  request: VerifyOptions & { readonly crypto: JournalCrypto },
): Promise<Verification> {
  const { crypto, ...options } = request
  const sources: JournalSource[] = []
  for (const origin of await archiveOrigins(archive)) sources.push(await archiveSource(archive, origin))
  return verifyJournals(sources, crypto, options)
}
