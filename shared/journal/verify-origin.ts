/** Walks one journal from its first entry to its last and says what is wrong where. FORMAT.md section 11. */
import { base64Of, hexOf, sameBytes } from './bytes.ts'
import { NO_PREV } from './chain.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { Header, Payload } from './entry.ts'
import { farCause, parseHeader, parsePayload } from './entry.ts'
import { leadAfter, missingAuthority, NO_LEAD } from './entry-rules.ts'
import { GenesisData, NoncesData, OperatorAddedData, OperatorRevokedData, RedactedData } from './genesis.ts'
import { fullTree, leafHash, rootAt } from './merkle.ts'
import type { FullTree } from './merkle.ts'
import type { Note } from './note.ts'
import { isSignedBy, parseVkey } from './note.ts'
import { operators } from './operators.ts'
import type { JournalCrypto, JournalSource, Problem, Report, SourceEntry } from './source.ts'
import { TILE_WIDTH, encodeTile, tilesOf } from './tiles.ts'
import { actChecker } from './verify-act.ts'
import { blobChecker } from './verify-blob.ts'

/** More problems than this of one journal help nobody. */
const MAX_PROBLEMS = 1000

export type WalkedJournal = {
  readonly origin: string
  readonly size: number
  readonly problems: readonly Problem[]
  /** Plain SHA-256 of entry 0, hex; null when it is absent. */
  readonly genesis: string | null
  readonly previous: { readonly origin: string; readonly size: number; readonly root: string } | null
  readonly farCauses: readonly { readonly at: number; readonly origin: string; readonly seq: number }[]
  /** hex; null where entries before that size are missing */
  rootAt(size: number): string | null
  /** Whether the entry carries an act, as far as it could be read. */
  mayBeAct(seq: number): boolean
}

export async function walkJournal(source: JournalSource, crypto: JournalCrypto): Promise<WalkedJournal> {
  const problems: Problem[] = []
  const report: Report = (code, seq, message) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ code, seq, message })
  }
  const { sha256 } = crypto
  const latest = source.checkpoint === null ? null : readCheckpoint(source.checkpoint, source.origin)
  const sealed = latest?.checkpoint.size ?? null
  const tree = fullTree(sha256)
  const known = operators()
  const acts = new Set<number>()
  const unread = new Set<number>()
  const farCauses: { at: number; origin: string; seq: number }[] = []
  const redacted: RedactedData[] = []
  const lackPayload: number[] = []
  const state: {
    isIncomplete: boolean
    vkey: string | null
    genesis: string | null
    previous: WalkedJournal['previous']
  } = { isIncomplete: false, vkey: null, genesis: null, previous: null }
  const checkAct = actChecker(source.origin, crypto, known, tree, report)
  const blobs = blobChecker(source, crypto, report)
  const lines = linesOf(source, report)

  let next = 0
  let lead = NO_LEAD
  let previousHash = NO_PREV
  let seqDifference = 0
  for await (const entry of source.entries(0)) {
    const at = entry.seq
    // What follows an absent entry is not read: its place in chain and tree cannot be known.
    if (at !== next || (sealed !== null && at >= sealed)) break
    await lines.compare(at, entry.header)
    const leaf = leafHash(sha256, entry.header)
    tree.append(leaf)
    if (entry.leaf && !sameBytes(entry.leaf, leaf)) {
      report('leaf-mismatch', at, 'the stored leaf hash is not that of the header')
    }
    const hash = hexOf(sha256(entry.header))
    if (at === 0) state.genesis = hash
    await readEntry(entry, previousHash)
    previousHash = hash
    next = at + 1
  }

  const size = sealed ?? source.size ?? next
  if (next < size) {
    report('seq-gap', next, `entry ${next} is not there`)
  }
  if (source.size !== null && sealed !== null && source.size > sealed) {
    report('checkpoint-size', sealed, `the last checkpoint covers ${sealed} of ${source.size} entries`)
  }
  await lines.end()
  reportDropped()
  await checkSeals()
  if (source.tile) await checkTiles(source.tile.bind(source), Math.min(size, tree.size()), size, tree, report)
  if (await source.hasFork?.()) report('fork-present', null, 'an inconsistent copy of this journal was brought here')
  for (const fault of source.faults?.() ?? []) report(fault.code, fault.seq, fault.message)

  return {
    origin: source.origin,
    size,
    problems,
    genesis: state.genesis,
    previous: state.previous,
    farCauses,
    rootAt: (at) => (at <= tree.size() ? hexOf(rootAt(sha256, at, tree.node)) : null),
    mayBeAct: (seq) => acts.has(seq) || unread.has(seq) || seq >= next,
  }

  async function readEntry(entry: SourceEntry, expectedPrev: string): Promise<void> {
    const at = entry.seq
    const parsed = parseHeader(entry.header)
    if (!('header' in parsed)) {
      report(parsed.code, at, parsed.message)
      unread.add(at)
      lead = leadAfter(lead, at, null)
      state.isIncomplete = true
      return
    }
    const { header } = parsed
    if (header.origin !== source.origin) report('origin-mismatch', at, `the header is of ${header.origin}`)
    const difference = header.seq - at
    if (difference !== 0 && difference !== seqDifference)
      report('seq-mismatch', at, `the header is of entry ${header.seq}`)
    seqDifference = difference
    if (header.prev !== expectedPrev) report('chain-broken', at, 'prev is not the hash of the header before')
    const payload = await readPayload(entry, header)
    checkCause(header, at)
    lead = leadAfter(lead, at, header)
    if (header.act !== undefined) {
      acts.add(at)
      await checkAct(header, header.act, payload, at, state.isIncomplete)
    }
    takeEffect(header, at)
  }

  async function readPayload(entry: SourceEntry, header: Header): Promise<Payload | null> {
    const at = entry.seq
    if (entry.payload === null) {
      lackPayload.push(at)
      return null
    }
    if (hexOf(sha256(entry.payload)) !== header.payload) {
      report('payload-mismatch', at, 'the payload is not the one that the header binds')
      return null
    }
    const payload = parsePayload(entry.payload)
    if (!payload)
      report('payload-invalid', at, 'the payload is not canonical, or lacks its salt, or its blobs are not described')
    await blobs.check(payload?.blobs ?? [], at)
    return payload
  }

  function checkCause(header: Header, at: number): void {
    const missing = missingAuthority(header, lead)
    if (missing)
      report(missing, at, `${header.type} needs ${missing === 'act-missing' ? 'an act' : 'an act or a cause'}`)
    if (header.cause === undefined) return
    const far = farCause(header.cause)
    if (far && far.origin !== source.origin) {
      farCauses.push({ at, ...far })
    } else if (typeof header.cause !== 'number') {
      report('cause-missing', at, 'an entry of this journal is named by its seq alone')
    } else if (header.cause >= at) {
      report('cause-missing', at, `the cause ${header.cause} is not an earlier entry`)
    } else if (!acts.has(header.cause) && !unread.has(header.cause)) {
      report('cause-not-act', at, `entry ${header.cause} is no act`)
    }
  }

  function takeEffect(header: Header, at: number): void {
    if ((header.type === 'genesis') !== (at === 0)) {
      report(
        'genesis-invalid',
        at,
        at === 0 ? 'the first entry is not a genesis' : 'a genesis is only at the beginning',
      )
      state.isIncomplete ||= at === 0
      return
    }
    switch (header.type) {
      case 'genesis': {
        const genesis = GenesisData.safeParse(header.data)
        const key = genesis.success ? parseVkey(sha256, genesis.data.vkey) : null
        if (!genesis.success || key?.name !== source.origin) {
          report('genesis-invalid', at, 'its data does not name key, operators and administrators as it must')
          state.isIncomplete = true
          return
        }
        known.begin(genesis.data)
        state.vkey = genesis.data.vkey
        state.previous = genesis.data.previous ?? null
        return
      }
      case 'nonce.issued': {
        const issued = NoncesData.safeParse(header.data)
        if (!issued.success) return report('data-invalid', at, 'no list of nonces')
        if (!checkAct.issue(issued.data.nonces)) report('nonce-reused', at, 'a nonce is issued a second time')
        return
      }
      case 'operator.added': {
        const added = OperatorAddedData.safeParse(header.data)
        if (!added.success || !known.add(added.data)) report('data-invalid', at, 'no operator with a new key')
        return
      }
      case 'operator.revoked': {
        const revoked = OperatorRevokedData.safeParse(header.data)
        if (!revoked.success) return report('data-invalid', at, 'no operator is named')
        known.revoke(revoked.data)
        return
      }
      case 'entries.redacted': {
        const data = RedactedData.safeParse(header.data)
        if (!data.success) return report('data-invalid', at, 'no entries are named')
        redacted.push(data.data)
        return
      }
      default:
    }
  }

  /** Only now is it known which payloads and blobs a later act names. */
  function reportDropped(): void {
    const entries = new Set(redacted.flatMap((data) => data.entries))
    const single = new Set(redacted.flatMap((data) => data.blobs.map((blob) => `${blob.seq}/${blob.index}`)))
    for (const seq of lackPayload) {
      if (!entries.has(seq)) report('payload-missing', seq, 'the payload is not there, and no act redacted it')
    }
    for (const { seq, index, sha256: digest } of blobs.missing()) {
      if (!single.has(`${seq}/${index}`))
        report('blob-missing', seq, `blob ${digest} is not there, and no act redacted it`)
    }
  }

  async function checkSeals(): Promise<void> {
    const vkey = state.vkey ?? source.vkey
    const key = vkey === null ? null : parseVkey(sha256, vkey)
    if (state.vkey !== null && source.vkey !== state.vkey) {
      report('vkey-mismatch', null, 'the stored verifier key is not the one that genesis binds')
    }
    if (source.checkpoint === null) report('checkpoint-missing', null, 'there is no checkpoint')
    const rows = source.checkpoints?.() ?? latestOnly()
    for await (const row of rows) {
      const read = readCheckpoint(row.note, source.origin)
      const isRow = read?.checkpoint.size === row.size && sameBytes(read.checkpoint.root, row.root)
      const seq = row.size > 0 ? row.size - 1 : null
      if (!read || !isRow) {
        report('checkpoint-invalid', source.checkpoints ? seq : null, 'not a checkpoint of this journal')
        continue
      }
      await checkSeal(read, seq, key)
    }
  }

  async function checkSeal(read: Sealed, seq: number | null, key: ReturnType<typeof parseVkey>): Promise<void> {
    if (key === null || key.name !== source.origin || !(await isSignedBy(read.note, key, crypto.verifyEd25519))) {
      report('checkpoint-signature', seq, 'the checkpoint is not signed by this journal’s key')
    }
    const { size: covered, root } = read.checkpoint
    if (covered <= tree.size() && !sameBytes(rootAt(sha256, covered, tree.node), root)) {
      report('root-mismatch', seq, `the root of the ${covered} entries is not ${base64Of(root)}`)
    }
  }

  async function* latestOnly() {
    if (source.checkpoint === null) return
    const read = readCheckpoint(source.checkpoint, source.origin)
    yield { size: read?.checkpoint.size ?? 0, root: read?.checkpoint.root ?? new Uint8Array(), note: source.checkpoint }
  }
}

type Sealed = { readonly checkpoint: { readonly size: number; readonly root: Uint8Array }; readonly note: Note }

function readCheckpoint(text: string, origin: string): Sealed | null {
  const read = parseCheckpoint(text)
  return read?.checkpoint.origin === origin ? read : null
}

/** Compares journal.jsonl with the entries as they go by. */
function linesOf(source: JournalSource, report: Report) {
  const lines = source.lines?.()[Symbol.asyncIterator]()
  let isOver = lines === undefined
  let isReported = false
  const next = async () => {
    const line = isOver ? undefined : await lines?.next()
    if (line?.done !== false) isOver = true
    return line?.done === false ? line.value : null
  }
  return {
    async compare(at: number, header: Uint8Array) {
      if (lines === undefined || isReported) return
      const line = await next()
      if (line !== null && sameBytes(line, header)) return
      isReported = true
      report('jsonl-mismatch', at, 'the line in journal.jsonl is another, or missing')
    },
    async end() {
      await lines?.return?.()
    },
  }
}

async function checkTiles(
  tile: NonNullable<JournalSource['tile']>,
  complete: number,
  size: number,
  tree: FullTree,
  report: Report,
): Promise<void> {
  for (const ref of tilesOf(size)) {
    const span = TILE_WIDTH ** ref.level
    const first = ref.index * TILE_WIDTH * span
    if (first + ref.width * span > complete) continue
    const stored = await tile(ref.level, ref.index, ref.width)
    if (stored === null) {
      report('tile-missing', first, `there is no tile ${ref.level}/${ref.index} of ${ref.width} hashes`)
      continue
    }
    const computed = encodeTile(ref, tree.node)
    const difference = stored.length === computed.length ? firstDifference(stored, computed) : 0
    if (difference === null) continue
    report('tile-mismatch', first + Math.floor(difference / 32) * span, `tile ${ref.level}/${ref.index} is another`)
  }
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  for (let at = 0; at < b.length; at++) if (a[at] !== b[at]) return at
  return null
}
