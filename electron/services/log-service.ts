/** log.*: entries by page, the proof of one, and verifying all of it. */
import type { EntryProof } from '../../shared/api/log.ts'
import type { Progress } from '../../shared/api/progress.ts'
import { actText, parseAct } from '../../shared/journal/act.ts'
import { bytesOfBase64, hexOf, textOf, utf8Of } from '../../shared/journal/bytes.ts'
import { prevOf } from '../../shared/journal/chain.ts'
import { clockStep } from '../../shared/journal/clock-step.ts'
import { type Header, parseHeader } from '../../shared/journal/entry.ts'
import { armor, parseSshSig, verifySshSig } from '../../shared/journal/sshsig.ts'
import { ACT_NAMESPACE } from '../../shared/journal/act.ts'
import type { JournalCrypto, Verification } from '../../shared/journal/verify.ts'
import { type Refusal, refusal } from '../../shared/model/commands.ts'
import type { Recorded } from '../../shared/model/events.ts'
import { plain } from './archive-service.ts'
import { type Context, consoleOf, isConsole } from './context.ts'
import { progressStream, type Told } from './progress-stream.ts'

export type LogParts = {
  readonly crypto: JournalCrypto
  /** Where the high-water marks lie, outside the data folder. */
  readonly marksFolder: string
  verifyLog(told: Told): Promise<Verification>
}

export type PageQuery = {
  before: number | null
  limit: number
  show: 'all' | 'acts' | 'decisions' | 'outcomes'
  find: string
}

const DECISIONS = new Set([
  'gate.decided',
  'backout.planned',
  'cells.skipped',
  'cell.accepted',
  'cells.settled',
  'run.held',
  'run.resumed',
  'run.closed',
  'host.excluded',
  'backout.givenUp',
])
const OUTCOMES = new Set(['attempt.finished', 'cell.ended', 'backout.ended', 'cells.settled', 'cell.verified'])
/** Entries read at once while looking for those that match. */
const STRIDE = 500

export function page(context: Context, query: PageQuery): { entries: Recorded[]; next: number | null } {
  const console = consoleOf(context.station)
  if (!isConsole(console)) return { entries: [], next: null }
  const entries: Recorded[] = []
  const find = query.find.trim().toLowerCase()
  for (let to = query.before ?? console.journal.head().size; to > 0; to -= STRIDE) {
    for (const entry of console.journal.read({ from: Math.max(0, to - STRIDE), to }).toReversed()) {
      if (!isShown(entry, query.show) || (find !== '' && !matches(entry, find))) continue
      if (entries.length === query.limit) return { entries, next: entry.ref.seq + 1 }
      entries.push(entry)
    }
  }
  return { entries, next: null }
}

function isShown(entry: Recorded, show: PageQuery['show']): boolean {
  switch (show) {
    case 'all':
      return true
    case 'acts':
      return entry.act !== null
    case 'decisions':
      return entry.act !== null && DECISIONS.has(entry.type)
    case 'outcomes':
      return OUTCOMES.has(entry.type)
  }
}

function matches(entry: Recorded, find: string): boolean {
  if (String(entry.ref.seq) === find || entry.type.includes(find)) return true
  if (entry.act !== null && `${entry.act.name} ${entry.act.act} ${entry.act.subject}`.toLowerCase().includes(find))
    return true
  return `${JSON.stringify(entry.data)} ${JSON.stringify(entry.text)}`.toLowerCase().includes(find)
}

export async function proof(context: Context, { crypto }: LogParts, seq: number): Promise<EntryProof | Refusal> {
  const console = consoleOf(context.station)
  if (!isConsole(console)) return console
  const raw = console.journal.raw(seq)
  if (raw === null) return refusal('no-such-entry', `There is no entry ${seq} in this log.`)
  const previous = seq === 0 ? null : (console.journal.raw(seq - 1)?.header ?? null)
  const read = parseHeader(raw.header)
  const header = 'header' in read ? read.header : null
  const expected = prevOf(crypto.sha256, previous)
  return {
    seq,
    hash: hexOf(crypto.sha256(raw.header)),
    previousHash: expected,
    header: textOf(raw.header) ?? '',
    payload: raw.payload === null ? null : textOf(raw.payload),
    chainIsGood: header?.prev === expected,
    clockStepMs: stepBetween(previous, header),
    signature: header === null ? null : await signatureOf(context, crypto, seq),
  }
}

function stepBetween(previous: Uint8Array | null, header: Header | null): number | null {
  const before = previous === null ? null : parseHeader(previous)
  return header === null || before === null || !('header' in before) ? null : clockStep(before.header, header)
}

async function signatureOf(context: Context, crypto: JournalCrypto, seq: number): Promise<EntryProof['signature']> {
  const journal = context.station.console()?.journal
  const raw = journal?.raw(seq)
  const read = raw == null ? null : parseHeader(raw.header)
  if (journal === undefined || read === null || !('header' in read)) return null
  const { sig } = read.header
  const act = parseAct(read.header.act)
  const blob = sig === undefined ? null : bytesOfBase64(sig)
  const parsed = blob === null ? null : parseSshSig(blob)
  if (act === null || blob === null || parsed === null) return null
  const text = actText(act)
  const seen = journal.read({ from: seq, to: seq + 1 })[0]?.act ?? null
  return {
    isGood: await verifySshSig(parsed, ACT_NAMESPACE, utf8Of(text), crypto, crypto.verifySsh),
    name: seen?.name ?? 'unknown',
    key: seen?.key ?? '',
    text,
    armoured: armor(blob),
    command: `ssh-keygen -Y verify -f allowed_signers -n ${ACT_NAMESPACE} -I ${seen?.name.replaceAll(' ', '-') ?? 'signer'} -s ${seq}.sig < ${seq}.act`,
  }
}

export function verifyLog(context: Context, parts: LogParts, signal?: AbortSignal): AsyncGenerator<Progress> {
  const { nowMs } = context
  return progressStream({ nowMs, signal, code: 'verify-failed', lookAgain: 'Verify again.' }, async (told) => {
    const beganMs = nowMs()
    const answer = plain(await parts.verifyLog(told))
    const tookMs = Math.max(0, Math.round(nowMs() - beganMs))
    return { kind: 'verified', answer, tookMs, marksFolder: parts.marksFolder }
  })
}
