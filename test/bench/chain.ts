/** Walking the chain against hashing the same bytes. Both in memory; per second of processor time, so that one core is meant. */
import { createHash, hash } from 'node:crypto'
import { chainNext, CHAIN_START } from '../../shared/journal/chain.ts'
import { sha256 } from '../../electron/store/sha256.ts'
import { chainWalker } from '../../shared/journal/verify-chain.ts'
import { compared, inTurn, type Row, type Size, worked } from './measure.ts'

export async function chain(size: Size): Promise<readonly Row[]> {
  const rounds = size.rounds(9)
  const count = size.count(200_000)
  const headers = makeHeaders(count)
  const bytes = headers.reduce((sum, header) => sum + header.length, 0)
  const each = Math.round(bytes / count)
  const perSecond = (ms: number) => (count / ms) * 1000
  const walk = async () => perSecond(await worked(() => walkAll(headers)))
  const hashed = await inTurn(rounds, {
    ours: walk,
    theirs: async () => perSecond(await worked(() => hashEach(headers))),
  })
  const streamed = await inTurn(rounds, {
    ours: walk,
    theirs: async () => perSecond(await worked(() => hashOnce(headers))),
  })
  const ourWork = `${count.toLocaleString('en')} headers of ${each} bytes each: canonical form, seq, prev, SHA-256 of each`
  return [
    compared(
      {
        name: 'verify the chain alone',
        unit: 'per CPU-s',
        ourWork,
        theirWork: 'node:crypto, SHA-256 of each of the same headers (crypto.hash), nothing else',
      },
      hashed,
    ),
    compared(
      {
        name: 'verify the chain alone, against one hash',
        unit: 'per CPU-s',
        ourWork,
        theirWork:
          'node:crypto, one createHash, updated with each of the same headers: what no chain can be verified by',
      },
      streamed,
    ),
  ]
}

function walkAll(headers: readonly Uint8Array[]): void {
  const walker = chainWalker(sha256)
  for (const header of headers) {
    const fault = walker.next(header)
    if (fault !== null) throw new Error(`${fault.code} at ${fault.seq}`)
  }
  if (walker.size() !== headers.length) throw new Error('not all were walked')
}

function hashEach(headers: readonly Uint8Array[]): void {
  for (const header of headers) hash('sha256', header, 'buffer')
}

function hashOnce(headers: readonly Uint8Array[]): void {
  const all = createHash('sha256')
  for (const header of headers) all.update(header)
  all.digest()
}

/** Headers of a run as the engine records them: intents, ends and output of attempts in turn. */
function makeHeaders(count: number): readonly Uint8Array[] {
  const headers: Uint8Array[] = []
  let end = CHAIN_START
  for (let at = 0; at < count; at++) {
    const run = 'orders-db-15-2026-12-05-1'
    const attempt = { run, step: 'upgrade', target: `db${at % 200}`, purpose: 'main', try: 1 + Math.floor(at / 200) }
    const event = EVENTS[at % EVENTS.length]
    if (event === undefined) throw new RangeError('there are no events')
    const [type, more] = event
    const next = chainNext(sha256, end, {
      origin: 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee',
      at: new Date(Date.UTC(2026, 11, 5, 22) + at * 7).toISOString(),
      mono: 1000 + at * 7,
      boot: '00c0ffee00c0ffee',
      type,
      data: { ...attempt, ...more },
      cause: 0,
      payload: 'b'.repeat(64),
    })
    headers.push(next.bytes)
    end = next.end
  }
  return headers
}

const EVENTS: readonly [string, object][] = [
  ['attempt.started', { epoch: { number: 1, origin: 'holdpoint/5b0e2f7a-6c1d-4e8f-9a3b-0c5d7e9f1a2b/00c0ffee' } }],
  ['output.bound', { stream: 'stdout', segment: 0, raw: { from: 0, to: 8192 }, stored: { from: 0, to: 8192 } }],
  ['attempt.finished', { outcome: { kind: 'exit', code: 0, ok: true }, verdict: null, durationMs: 1234 }],
]
