/**
 * Appends to the journal. The only writer of `entries`: what one tick appends is sealed and committed together, and an
 * append that returns is on disk.
 */
import { chainNext, CHAIN_START, prevOf } from '../../shared/journal/chain.ts'
import type { ChainEnd } from '../../shared/journal/chain.ts'
import { hexOf } from '../../shared/journal/bytes.ts'
import { signCheckpoint } from '../../shared/journal/checkpoint.ts'
import { encodePayload, farCause } from '../../shared/journal/entry.ts'
import type { Header } from '../../shared/journal/entry.ts'
import { leadAfter, NO_LEAD } from '../../shared/journal/entry-rules.ts'
import type { Lead } from '../../shared/journal/entry-rules.ts'
import type { ActContent, ActReason } from '../../shared/journal/act.ts'
import { edgeAt, edgeTree, leafHash, rootAt } from '../../shared/journal/merkle.ts'
import type { FullTree } from '../../shared/journal/merkle.ts'
import type { SignEd25519 } from '../../shared/journal/note.ts'
import type { JournalCrypto } from '../../shared/journal/source.ts'
import type { Recorded } from '../../shared/model/events.ts'
import type { Draft } from '../engine/ports.ts'
import { checkAct } from './act-check.ts'
import { checkForm, invalidEntry } from './entry-check.ts'
import type { EntryIndex } from './entry-index.ts'
import { JournalError, journalErrorOf } from './journal-error.ts'
import type { NewRow, Rows } from './rows.ts'
import { recordedOf } from './stored-entry.ts'
import type { Text } from './stored-entry.ts'

/** The console's own key; its public part (32 bytes) is bound by genesis. */
export type OriginKey = { readonly publicKey: Uint8Array; readonly sign: SignEd25519 }

export type Clock = {
  /** ms since 1970. */
  now(): number
  /** ms of a clock that never goes back. */
  mono(): number
}

export type WriterParts = {
  readonly rows: Rows
  readonly origin: string
  readonly originKey: OriginKey
  readonly boot: string
  readonly clock: Clock
  readonly random: (bytes: number) => Uint8Array
  readonly crypto: JournalCrypto
  /** Tree and index of what the database holds; they grow with it. */
  readonly tree: FullTree
  readonly index: EntryIndex
  /** Called after each commit, before anyone is told. */
  readonly onCommit: (isAct: boolean) => void
}

export type JournalWriter = {
  readonly append: (drafts: readonly Draft[]) => Promise<readonly Recorded[]>
  readonly nonce: () => Promise<string>
  readonly subscribe: (listener: (entries: readonly Recorded[]) => void) => () => void
  /** Resolves when everything appended so far is settled. Nothing can be appended afterwards. */
  readonly end: () => Promise<void>
}

/** Unused ones are lost at a restart, so few. */
const NONCES_AT_ONCE = 16

type Request = {
  readonly drafts: readonly Draft[]
  readonly resolve: (recorded: readonly Recorded[]) => void
  readonly reject: (cause: JournalError) => void
}
type NewEntry = { readonly row: NewRow; readonly header: Header; readonly text: Text }
type Prepared = { readonly request: Request; readonly entries: readonly NewEntry[] }

export function journalWriter(parts: WriterParts): JournalWriter {
  const { rows, origin, tree, index, crypto } = parts
  const listeners = new Set<(entries: readonly Recorded[]) => void>()
  const pool: string[] = []
  const handedOut = new Set<string>()
  let refill: Promise<void> | null = null
  let queue: Request[] = []
  let flushing: Promise<void> | null = null
  let isEnded = false
  let chain: ChainEnd = chainEndOf(parts)

  const context = {
    origin,
    crypto,
    index,
    nonces: handedOut,
    rootAt: (size: number) => (size > tree.size() ? null : hexOf(rootAt(crypto.sha256, size, tree.node))),
  }

  async function prepare(
    draft: Draft,
    end: ChainEnd,
    before: readonly NewEntry[],
  ): Promise<NewEntry & { end: ChainEnd }> {
    const cause = draft.cause === 'first' ? end.seq - before.length : draft.cause
    checkCause(cause, end, before)
    const checked = draft.act && (await checkAct(draft, draft.act, context))
    const documents = draft.act && {
      content: draft.act.content as ActContent,
      reason: draft.act.reason as ActReason | null,
    }
    const payload = encodePayload(hexOf(parts.random(16)), draft.text, documents)
    const next = chainNext(crypto.sha256, end, {
      origin,
      at: new Date(parts.clock.now()).toISOString(),
      mono: Math.floor(parts.clock.mono()),
      boot: parts.boot,
      type: draft.type,
      data: draft.data,
      ...(cause === undefined ? {} : { cause }),
      ...(checked ? { act: checked.line, sig: checked.sig } : {}),
      payload: hexOf(crypto.sha256(payload)),
    })
    checkForm(next.header, draft.text, leadOf(before))
    if (draft.type === 'operator.added' && index.operatorOf(String(draft.data['key'])) !== null) {
      throw invalidEntry('the key is an operator’s already', 'data-invalid')
    }
    const text = documents?.reason ? { ...draft.text, reason: documents.reason.text } : draft.text
    const row = { seq: end.seq, header: next.bytes, payload, leaf: leafHash(crypto.sha256, next.bytes) }
    return { row, header: next.header, text, end: next.end }
  }

  function checkCause(cause: number | string | undefined, end: ChainEnd, before: readonly NewEntry[]): void {
    if (typeof cause === 'string' && farCause(cause)?.origin === origin)
      throw invalidEntry('its cause is of this journal', 'cause-missing')
    if (typeof cause !== 'number') return
    if (cause < 0 || cause >= end.seq) throw invalidEntry(`its cause ${cause} is not an earlier entry`, 'cause-missing')
    const own = before[cause - (end.seq - before.length)]
    const isAct = own === undefined ? index.isAct(cause) : own.header.act !== undefined
    if (!isAct) throw invalidEntry(`its cause ${cause} is no act`, 'cause-not-act')
  }

  /** Builds on `end`; a request that cannot be recorded is refused alone and leaves `end` as it was. */
  async function prepareAll(batch: readonly Request[]): Promise<{ prepared: Prepared[]; end: ChainEnd }> {
    const prepared: Prepared[] = []
    const spent = new Set<string>()
    let end = chain
    for (const request of batch) {
      const entries: NewEntry[] = []
      const nonces: string[] = []
      let own = end
      try {
        for (const draft of request.drafts) {
          const entry = await prepare(draft, own, entries)
          const nonce = draft.act?.line.nonce
          if (nonce !== undefined) {
            if (spent.has(nonce) || nonces.includes(nonce))
              throw invalidEntry('two acts with one nonce', 'nonce-reused')
            nonces.push(nonce)
          }
          own = entry.end
          entries.push(entry)
        }
      } catch (cause) {
        request.reject(refusalOf(cause))
        continue
      }
      for (const nonce of nonces) spent.add(nonce)
      end = own
      prepared.push({ request, entries })
    }
    return { prepared, end }
  }

  async function commit(batch: readonly Request[]): Promise<void> {
    const { prepared, end } = await prepareAll(batch)
    const entries = prepared.flatMap((one) => one.entries)
    if (entries.length > 0) {
      try {
        const edge = edgeTree(crypto.sha256, { size: tree.size(), edge: edgeAt(tree.size(), tree.node) })
        for (const { row } of entries) edge.append(row.leaf)
        const root = edge.root()
        const note = await signCheckpoint(crypto.sha256, { origin, size: end.seq, root }, parts.originKey)
        rows.commit(
          entries.map(({ row }) => row),
          { size: end.seq, root, note },
        )
      } catch (cause) {
        // The transaction was rolled back and nothing here has moved: the next append builds on the same end.
        const error = journalErrorOf(cause, 'recording')
        for (const { request } of prepared) request.reject(error)
        return
      }
    }
    chain = end
    for (const { row, header, text } of entries) {
      tree.append(row.leaf)
      index.absorb(header, text)
      if (typeof header.act?.['nonce'] === 'string') handedOut.delete(header.act['nonce'])
    }
    if (entries.length > 0) parts.onCommit(entries.some(({ header }) => header.act !== undefined))
    for (const one of prepared) {
      const recorded = one.entries.map(({ header, text }) => recordedOf(header, text, index))
      for (const listener of listeners) tell(listener, recorded)
      one.request.resolve(recorded)
    }
  }

  async function flush(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue
      queue = []
      await commit(batch)
    }
    flushing = null
  }

  function append(drafts: readonly Draft[]): Promise<readonly Recorded[]> {
    if (isEnded) return Promise.reject(new JournalError('closed', 'The journal is closed.'))
    if (drafts.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      queue.push({ drafts, resolve, reject })
      flushing ??= new Promise((done) => setImmediate(done)).then(flush)
    })
  }

  async function issueNonces(): Promise<void> {
    const nonces = Array.from({ length: NONCES_AT_ONCE }, () => hexOf(parts.random(16)))
    await append([{ type: 'nonce.issued', data: { nonces }, text: {} }])
    pool.push(...nonces)
  }

  return {
    append,
    async nonce() {
      for (;;) {
        const nonce = pool.pop()
        if (nonce !== undefined) {
          handedOut.add(nonce)
          return nonce
        }
        refill ??= issueNonces().finally(() => {
          refill = null
        })
        await refill
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async end() {
      isEnded = true
      while (flushing !== null) await flushing
    },
  }
}

/** What a person did is recorded in one go with the act that says so: an act of before does not lead it. */
function leadOf(entries: readonly NewEntry[]): Lead {
  return entries.reduce((lead, { row, header }) => leadAfter(lead, row.seq, header), NO_LEAD)
}

/** A listener's fault is its own: what was recorded is recorded. */
function tell(listener: (entries: readonly Recorded[]) => void, recorded: readonly Recorded[]): void {
  try {
    listener(recorded)
  } catch (fault) {
    queueMicrotask(() => {
      throw fault
    })
  }
}

function chainEndOf({ rows, tree, crypto }: WriterParts): ChainEnd {
  const size = tree.size()
  if (size === 0) return CHAIN_START
  return { seq: size, prev: prevOf(crypto.sha256, rows.entry(size - 1)?.header ?? null) }
}

/** Encoders throw TypeError and RangeError for what has no canonical form or is too long. */
function refusalOf(cause: unknown): JournalError {
  if (cause instanceof TypeError || cause instanceof RangeError) return invalidEntry(cause.message)
  return journalErrorOf(cause, 'preparing an entry')
}
