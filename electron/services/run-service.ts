/** runs.*: plan, watch, act, approve; what one person at one console does to one run. */
import type { RunFrame } from '../../shared/api/runs.ts'
import { isRefusal, type Refusal, refusal } from '../../shared/model/commands.ts'
import type { Recorded } from '../../shared/model/events.ts'
import type { Mode, Purpose } from '../../shared/model/words.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { Console, Hand } from '../engine/console.ts'
import type { Signer } from '../engine/ports.ts'
import type { Station } from '../engine/station.ts'
import type { RunCommand } from '../engine/run-log.ts'
import type { RunHandle } from '../engine/run-handle.ts'
import { boundedStream } from './bounded-stream.ts'
import { type Context, consoleOf, DONE, handOf, isConsole } from './context.ts'
import { folderOf } from './runbook-service.ts'

type Done = { readonly done: true }

export async function planRun(
  context: Context,
  input: { runbook: string; mode: Mode; variables: Record<string, string>; secrets: Record<string, string> },
): Promise<{ run: string } | Refusal> {
  const console = consoleOf(context.station)
  if (!isConsole(console)) return console
  const hand = handOf(context.station)
  if ('refused' in hand) return hand
  const folder = await folderOf(context, input.runbook)
  if (isRefusal(folder)) return folder
  const handle = await console.plan({ folder, ...input }, hand)
  return isRefusal(handle) ? handle : { run: handle.log.id }
}

function found(context: Context, run: string): { console: Console; handle: RunHandle } | Refusal {
  const console = consoleOf(context.station)
  if (!isConsole(console)) return console
  const handle = console.run(run)
  return handle === null ? refusal('no-such-run', `There is no run ${run} in this log.`) : { console, handle }
}

export async function act(context: Context, run: string, command: RunCommand): Promise<Done | Refusal> {
  const at = found(context, run)
  if (isRefusal(at)) return at
  if (command.do === 'approve' || command.do === 'refuse' || command.do === 'withdraw') {
    return refusal('use-approve', 'An approval is signed with the approver’s own key: use runs.approve.')
  }
  const hand = handOf(context.station)
  if ('refused' in hand) return hand
  return at.console.act(run, command, hand)
}

export type ApproverKey =
  | { kind: 'operator' }
  | { kind: 'practice' }
  | { kind: 'file'; name: string; path: string; passphrase?: string | undefined }
  /** null: the only key that the agent holds, or the one whose comment is the approver's name. */
  | { kind: 'agent'; name: string; key: string | null }

export type Vote = {
  run: string
  gate: string
  role: string
  answer: 'approve' | 'refuse' | 'withdraw'
  reason?: string | undefined
  key: ApproverKey
}

export async function approve(context: Context, vote: Vote): Promise<Done | Refusal> {
  const at = found(context, vote.run)
  if (isRefusal(at)) return at
  const operator = handOf(context.station)
  if ('refused' in operator) return operator
  const signer = await approverOf(context, vote, operator)
  if (isRefusal(signer)) return signer
  const refused = await at.console.introduce(signer, operator.signer)
  if (refused !== null) return refused
  const { gate, role, answer, reason } = vote
  const why = (reason ?? '').trim()
  if (answer === 'refuse' && why === '') return refusal('reason-missing', 'A refusal needs its reason.')
  const command: RunCommand =
    answer === 'refuse'
      ? { do: 'refuse', gate, role, key: signer.fingerprint, reason: why }
      : { do: answer, gate, role, key: signer.fingerprint, ...(why === '' ? {} : { reason: why }) }
  return at.console.act(vote.run, command, { signer, role })
}

async function approverOf({ station }: Context, { role, key }: Vote, operator: Hand): Promise<Signer | Refusal> {
  try {
    switch (key.kind) {
      case 'operator':
        return operator.signer
      case 'practice': {
        const practice = station.keys.practice(role)
        return practice === null
          ? refusal('not-practice', 'Practice approvers sign only under --practice.')
          : await practice
      }
      case 'file':
        return await station.keys.fromFile(key.path, key.name, key.passphrase)
      case 'agent': {
        const found = await keyInAgent(station, key)
        return typeof found === 'string' ? await station.keys.fromAgent(found, key.name) : found
      }
    }
  } catch (cause) {
    if (cause instanceof Error && errorCode(cause) !== '') return refusal(errorCode(cause), cause.message)
    throw cause
  }
}

async function keyInAgent(station: Station, wanted: { name: string; key: string | null }): Promise<string | Refusal> {
  if (wanted.key !== null) return wanted.key
  const held = (await station.candidates()).filter((one) => one.source === 'agent')
  const named = held.filter((one) => one.comment === wanted.name)
  const [only, ...others] = named.length > 0 ? named : held
  if (only === undefined) return refusal('agent-missing', 'There is no ssh-agent here, or it holds no key.')
  if (others.length === 0) return only.key
  const list = held.map((one) => `${one.key} (${one.comment})`).join(', ')
  return refusal(
    'agent-key-unclear',
    `ssh-agent holds several keys, and it is not plain which is ${wanted.name}’s: ${list}. Name one by its fingerprint.`,
  )
}

export async function approvers(context: Context, run: string, gate: string) {
  const at = found(context, run)
  if (isRefusal(at)) return []
  const roles = Object.keys(at.handle.log.state().steps[gate]?.approvals ?? {})
  const operator = context.station.signer()
  const listed: { role: string; name: string; key: string; source: 'operator' | 'practice' }[] = []
  for (const role of roles) {
    const practice = context.station.keys.practice(role)
    if (practice !== null) {
      const signer = await practice
      listed.push({ role, name: signer.name, key: signer.fingerprint, source: 'practice' })
    }
    if (operator !== null) listed.push({ role, name: operator.name, key: operator.fingerprint, source: 'operator' })
  }
  return listed
}

/** Events in pieces of this many; about 1 MB as JSON. */
const PIECE = 500

/** Weight of a frame that waits: about its bytes. */
function weightOf(frame: RunFrame): number {
  switch (frame.kind) {
    case 'live':
      return frame.base64.length + 200
    case 'events':
      return frame.events.length * 1000
    default:
      return 200
  }
}

const MOST_WAITING = 16 * 1024 * 1024

/** History first, at the pace of its reader; then what happens, as it happens. Each event once, in order. */
export async function* watchRun(
  context: Context,
  run: string,
  from: number,
  signal?: AbortSignal,
): AsyncGenerator<RunFrame, void> {
  const at = found(context, run)
  if (isRefusal(at)) return
  const { journal } = at.console
  let next = from
  for (;;) {
    if (signal?.aborted === true) return
    const events = journal.read({ from: next, run, limit: PIECE })
    const last = events.at(-1)
    if (last === undefined) break
    next = last.ref.seq + 1
    yield { kind: 'events', events: [...events] }
  }
  yield* follow(at.console, at.handle, next, signal)
}

function follow(
  console: Console,
  handle: RunHandle,
  from: number,
  signal?: AbortSignal,
): AsyncGenerator<RunFrame, void> {
  return boundedStream<RunFrame>({
    limit: MOST_WAITING,
    weigh: weightOf,
    // Output that a screen misses is a gap in `from`, fetched by range.
    mayDrop: (frame) => frame.kind === 'live',
    signal,
    start(push) {
      let next = from
      // What is on disk may be read before it is told of: nobody is told twice.
      const tell = (events: readonly Recorded[]): void => {
        const fresh = events.filter((event) => event.ref.seq >= next)
        next = Math.max(next, (events.at(-1)?.ref.seq ?? -1) + 1)
        if (fresh.length > 0) push({ kind: 'events', events: fresh })
      }
      const stop = handle.watch({
        events: tell,
        live: ({ step, target, purpose, try: number, stream, from: offset, bytes }) =>
          push({
            kind: 'live',
            step,
            target,
            purpose,
            try: number,
            stream,
            from: offset,
            base64: Buffer.from(bytes).toString('base64'),
          }),
        needs: () => pushNeeds(handle, push),
      })
      // While the last piece was on its way more may have happened.
      tell(console.journal.read({ from: next, run: handle.log.id }))
      push({ kind: 'current' })
      pushNeeds(handle, push)
      return stop
    },
    overflow: { kind: 'resync' },
  })
}

function pushNeeds(handle: RunHandle, push: (frame: RunFrame) => void): void {
  push({ kind: 'needs', secrets: [...handle.missingSecrets()] })
  push({
    kind: 'host-keys',
    waiting: handle.hostKeysWaiting().flatMap(({ host, failure }) =>
      failure.hostKey === undefined
        ? []
        : [
            {
              host,
              isChanged: failure.code === 'host-key-changed',
              isRevoked: failure.code === 'host-key-revoked',
              offered: { type: failure.hostKey.offered.type, fingerprint: failure.hostKey.offered.fingerprint },
              known: failure.hostKey.known.map(({ type, fingerprint, source }) => ({
                type,
                fingerprint,
                source: source ?? '',
              })),
            },
          ],
    ),
  })
}

export function events(context: Context, run: string, from: number, limit: number): Recorded[] {
  const at = found(context, run)
  return isRefusal(at) ? [] : [...at.console.journal.read({ from, run, limit })]
}

export function giveSecrets(context: Context, run: string, values: Record<string, string>): Done {
  const at = found(context, run)
  if (!isRefusal(at)) at.handle.giveSecrets(values)
  return DONE
}

export async function answerHostKey(
  context: Context,
  input: { run: string; host: string; fingerprint: string; accept: boolean },
): Promise<Done | Refusal> {
  const at = found(context, input.run)
  if (isRefusal(at)) return at
  // A key that is not accepted changes nothing: its cells stay failed, and say so.
  if (!input.accept) return DONE
  const hand = handOf(context.station)
  if ('refused' in hand) return hand
  return at.console.acceptHostKey(input.run, input.host, input.fingerprint, hand)
}

export type OutputRange = {
  run: string
  step: string
  target: string
  purpose: Purpose
  try: number
  stream: 'stdout' | 'stderr'
  from: number
  limit: number
}

/** Stored output of one attempt by range: bound segments from their blobs, what is not bound yet from memory. */
export async function output(
  context: Context,
  range: OutputRange,
): Promise<{ from: number; base64: string; total: number }> {
  const at = found(context, range.run)
  if (isRefusal(at)) return { from: range.from, base64: '', total: 0 }
  const { handle, console } = at
  const { from, limit, step, target, purpose, stream } = range
  const attempt = `${purpose}-${range.try}`
  const segments = (handle.log.words().cells[step]?.[target]?.attempts[attempt]?.output ?? []).filter(
    (one) => one.stream === stream,
  )
  const tail = handle.tail(`${range.run}/${step}/${target}/${attempt}`, stream)
  const bound = segments.at(-1)?.storedTo ?? 0
  const total = Math.max(bound, tail === null ? 0 : tail.from + tail.bytes.length)
  const parts: Uint8Array[] = []
  let offset = from
  const until = Math.min(total, from + limit)
  for (const segment of segments) {
    if (segment.storedTo <= offset || offset >= until) continue
    const bytes = await console.blobs.read(segment.sha256, {
      from: offset - segment.storedFrom,
      to: Math.min(until, segment.storedTo) - segment.storedFrom,
    })
    if (bytes === null) break
    parts.push(bytes)
    offset += bytes.length
  }
  if (tail !== null && offset < until && offset >= tail.from)
    parts.push(tail.bytes.subarray(offset - tail.from, until - tail.from))
  return { from, base64: Buffer.concat(parts).toString('base64'), total }
}

export function refusePlan(): Refusal {
  return refusal('use-plan', 'A run is planned from a runbook: use runs.plan.')
}

/** A run with its events as the report reads them. */
export function handleOf(context: Context, run: string): { events(): readonly Recorded[] } | Refusal {
  const at = found(context, run)
  return isRefusal(at) ? at : { events: () => at.console.journal.read({ from: 0, run }) }
}
