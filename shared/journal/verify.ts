/**
 * Verifies journals, streaming, by FORMAT.md section 11. Pure: hash and signature functions and the source are passed in.
 *
 * Exported by shared/journal, for store, writer, archive, keys and CLI:
 *   canonical.ts   canonicalText(value) canonicalBytes(value) faultOf(value) parseCanonical(bytes) isCanonical(bytes)
 *   entry.ts       Header encodeHeader(header) parseHeader(bytes) encodePayload(salt, text, act?) parsePayload(bytes)
 *                  textOfPayload(payload) farCause(cause) BoundBlob BLOB_CHUNK_BYTES
 *   chain.ts       CHAIN_START prevOf(hash, previousBytes) chainNext(hash, end, header) → { header, bytes, end }
 *   merkle.ts      leafHash nodeHash edgeTree(hash, from?) fullTree(hash) rootAt edgeAt nodesCompletedBy(index)
 *                  inclusionProof consistencyProof verifyInclusion verifyConsistency blobTree(hash, chunkBytes)
 *   note.ts        formatVkey parseVkey signNote parseNote isSignedBy SignEd25519 VerifyEd25519
 *   checkpoint.ts  signCheckpoint(hash, { origin, size, root }, { publicKey, sign }) → Promise<note> parseCheckpoint(note)
 *   ssh-wire.ts    parseKeyLine formatKeyLine fingerprintOf(hash, blob) plainSignature(hash, keyBlob, data, signature)
 *   sshsig.ts      signedData(namespace, message, hash, hashes) encodeSshSig parseSshSig verifySshSig armor dearmor
 *                  sigOfArmor(armored) → header.sig   VerifySsh = (keyType, publicKeyBlob, data, signature) → boolean
 *   act.ts         ActLine parseAct actMessage(line) → bytes to sign, documentDigest(hash, document) ACT_NAMESPACE
 *   entry-rules.ts authorityOf(type) missingAuthority(header, lead) leadAfter(lead, seq, header)
 *   tiles.ts       originFolder tilePath entriesPath payloadPath blobPath tilesBetween(from, to) bundlesBetween(from, to)
 *                  encodeTile encodeEntries encodePayloads decodeEntries decodePayloads
 *   trust.ts       Pin Mark formatTrust parseTrust formatMark parseMark
 *   archive-source.ts  archiveOrigins(files) archiveSource(files, origin) → Promise<JournalSource>
 *   verify.ts      verifyJournals(sources, crypto, options) → Promise<Verification>
 *   verify-chain.ts    chainWalker(hash).next(headerBytes) → fault | null   chain only, constant memory
 */
import type { JournalCrypto, JournalSource, OriginVerdict, Problem, Verification, VerifyOptions } from './source.ts'
import { hexOf } from './bytes.ts'
import type { WalkedJournal } from './verify-origin.ts'
import { walkJournal } from './verify-origin.ts'

export type { JournalCrypto, Verification }

/** Whether anything is wrong with journals that belong together, what, and where. */
export async function verifyJournals(
  sources: readonly JournalSource[],
  crypto: JournalCrypto,
  options: VerifyOptions = {},
): Promise<Verification> {
  const walked: WalkedJournal[] = []
  for (const source of sources) walked.push(await walkJournal(watched(source, options.onProgress), crypto))
  const byOrigin = new Map(walked.map((journal) => [journal.origin, journal] as const))
  const origins = walked.map((journal) => verdictOf(journal, byOrigin, options))
  const pinned = [...(options.trust ?? []), ...(options.marks ?? [])].map((pin) => pin.origin)
  const expected = new Set([...pinned, ...(options.expected ?? [])])
  for (const origin of expected) if (!byOrigin.has(origin)) origins.push(absent(origin, crypto))
  origins.sort((a, b) => (a.origin < b.origin ? -1 : 1))
  return {
    ok: origins.every((verdict) => verdict.problems.length === 0),
    trust: options.trust ? 'pinned' : 'self-asserted',
    origins,
  }
}

const PROGRESS_EVERY = 1000

function watched(source: JournalSource, onProgress: VerifyOptions['onProgress']): JournalSource {
  if (onProgress === undefined) return source
  const { origin, size } = source
  return {
    ...source,
    async *entries(from) {
      let entries = 0
      for await (const entry of source.entries(from)) {
        if (++entries % PROGRESS_EVERY === 0) onProgress({ origin, entries, size })
        yield entry
      }
    },
  }
}

function absent(origin: string, crypto: JournalCrypto): OriginVerdict {
  const root = hexOf(crypto.sha256(new Uint8Array()))
  return {
    origin,
    size: 0,
    root,
    problems: [{ code: 'origin-missing', seq: null, message: 'it is expected, and not here' }],
  }
}

function verdictOf(
  journal: WalkedJournal,
  others: ReadonlyMap<string, WalkedJournal>,
  options: VerifyOptions,
): OriginVerdict {
  const problems = [
    ...journal.problems,
    ...farProblems(journal, others),
    ...(options.trust ? trustProblems(journal, options.trust) : []),
    ...markProblems(journal, options.marks ?? []),
  ]
  problems.sort((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || 0)
  return { origin: journal.origin, size: journal.size, root: journal.rootAt(journal.size), problems }
}

/** What only another journal of the same go can say: causes in it, and the head that genesis goes on from. */
function farProblems(journal: WalkedJournal, others: ReadonlyMap<string, WalkedJournal>): Problem[] {
  const problems: Problem[] = []
  for (const cause of journal.farCauses) {
    const other = others.get(cause.origin)
    if (!other) continue
    if (cause.seq >= other.size) {
      problems.push({ code: 'cause-missing', seq: cause.at, message: `${cause.origin} has no entry ${cause.seq}` })
    } else if (!other.mayBeAct(cause.seq)) {
      problems.push({ code: 'cause-not-act', seq: cause.at, message: `${cause.origin}#${cause.seq} is no act` })
    }
  }
  const previous = journal.previous
  const other = previous && others.get(previous.origin)
  if (previous && other && isOther(other, previous)) {
    problems.push({ code: 'previous-mismatch', seq: 0, message: `${previous.origin} is not what this goes on from` })
  }
  return problems
}

/** Shorter, or another root at that size. Where entries are missing there is nothing to compare, and that is said already. */
function isOther(journal: WalkedJournal, head: { readonly size: number; readonly root: string }): boolean {
  const root = journal.rootAt(head.size)
  return journal.size < head.size || (root !== null && root !== head.root)
}

function trustProblems(journal: WalkedJournal, trust: NonNullable<VerifyOptions['trust']>): Problem[] {
  const pin = trust.find((one) => one.origin === journal.origin)
  if (!pin) return [{ code: 'origin-not-trusted', seq: null, message: 'the trust file does not name this origin' }]
  const problems: Problem[] = []
  if (journal.genesis !== null && journal.genesis !== pin.genesis) {
    problems.push({
      code: 'genesis-mismatch',
      seq: 0,
      message: `genesis is ${journal.genesis}, pinned is ${pin.genesis}`,
    })
  }
  const { size } = journal
  if (size < pin.size) {
    problems.push({ code: 'shorter-than-trusted', seq: size, message: `${size} entries, ${pin.size} are pinned` })
  } else if (isOther(journal, pin)) {
    problems.push({
      code: 'inconsistent-with-trusted',
      seq: before(pin.size),
      message: `at ${pin.size} entries another root is pinned`,
    })
  }
  return problems
}

function markProblems(journal: WalkedJournal, marks: NonNullable<VerifyOptions['marks']>): Problem[] {
  return marks
    .filter((mark) => mark.origin === journal.origin && isOther(journal, mark))
    .map((mark) =>
      journal.size < mark.size
        ? {
            code: 'behind-high-water-mark',
            seq: journal.size,
            message: `${journal.size} entries, ${mark.size} were there`,
          }
        : {
            code: 'inconsistent-with-mark',
            seq: before(mark.size),
            message: `at ${mark.size} entries the root was another`,
          },
    )
}

function before(size: number): number | null {
  return size === 0 ? null : size - 1
}
