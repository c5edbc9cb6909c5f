/**
 * The console: its journal, its runs, and the acts of the people at it. Screens and the command line both stand on this.
 * It orders effects and does none itself: whatever touches a disk, a host or a key comes in through the ports.
 */
import type { Sha256 } from '../../shared/journal/bytes.ts'
import { hexOf } from '../../shared/journal/bytes.ts'
import { isRefusal, type PersonCommand, type Refusal, refusal } from '../../shared/model/commands.ts'
import type { Recorded } from '../../shared/model/events.ts'
import type { RunId } from '../../shared/model/words.ts'
import { documentDigest } from '../../shared/journal/act.ts'
import { freeOperatorId } from '../../shared/journal/operator-id.ts'
import { type ApprovalScope, approvalScope, type PlannedText } from '../../shared/run/approval-scope.ts'
import { planRun } from '../../shared/run/plan-run.ts'
import { waitingForKey } from '../../shared/run/on-hosts.ts'
import type { Run } from '../../shared/run/state.ts'
import { freeze, materialOf, type PlanRequest, type Practice } from './freeze.ts'
import type { BlobStore, HostKey, Journal, OutputStore, Signer, Transport } from './ports.ts'
import { openRunHandle, type RunHandle } from './run-handle.ts'
import { openRunLog, type RunCommand } from './run-log.ts'
import { recoveryOf } from './recovery.ts'
import { type ActWords, signAct, wordsOf } from './signing.ts'

export type KnownOperator = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly isAdministrator: boolean
}

export type ConsoleParts = {
  readonly journal: Journal & { operators(): readonly KnownOperator[] }
  readonly blobs: BlobStore
  readonly outputs: OutputStore
  readonly transport: Transport
  readonly practice: Practice | null
  readonly sha256: Sha256
  /** A text as it may be written down: without any of these secrets, in whatever form. */
  mask(text: string, secrets: readonly string[]): string
  random(bytes: number): Uint8Array
  nowMs(): number
}

/** Who signs, and in which role. */
export type Hand = { readonly signer: Signer; readonly role: string | null }

export type Console = {
  readonly journal: ConsoleParts['journal']
  readonly blobs: BlobStore
  readonly practice: Practice | null
  runs(): readonly RunHandle[]
  run(id: RunId): RunHandle | null
  plan(request: PlanRequest, hand: Hand): Promise<RunHandle | Refusal>
  act(run: RunId, command: RunCommand, hand: Hand): Promise<{ readonly done: true } | Refusal>
  /** Accepts a host's key: journaled as an act first, then written to known_hosts. */
  acceptHostKey(run: RunId, host: string, fingerprint: string, hand: Hand): Promise<{ readonly done: true } | Refusal>
  /** Makes the key of an approver known to the log: an administrator's act by `by`. Nothing happens where it is known. */
  introduce(signer: Signer, by: Signer): Promise<Refusal | null>
  onRuns(listener: () => void): () => void
  close(): Promise<void>
}

const ACT_DONE = { done: true } as const

/** Opens every run of the journal; what was under way when the console stopped is in doubt and held. */
export async function openConsole(parts: ConsoleParts): Promise<Console> {
  const { journal } = parts
  const handles = new Map<RunId, RunHandle>()
  const listeners = new Set<() => void>()
  const now = () => new Date(parts.nowMs()).toISOString()
  const signing = { journal, sha256: parts.sha256, random: parts.random }

  async function openRun(id: RunId): Promise<RunHandle | null> {
    const history = journal.read({ from: 0, run: id })
    if (!history.some((entry) => entry.type === 'run.planned')) return null
    const log = openRunLog({ journal, history, now })
    for (const command of recoveryOf(log.state(), parts.nowMs())) await log.engine(command)
    const found = await drivable(log.state())
    const handle = openRunHandle({
      log,
      ...found,
      transport: parts.transport,
      outputs: parts.outputs,
      mask: parts.mask,
      nowMs: parts.nowMs,
      sha256: (bytes) => hexOf(parts.sha256(bytes)),
    })
    handles.set(id, handle)
    handle.watch({ events: tell })
    tell()
    return handle
  }

  async function drivable(run: Run): Promise<Pick<RunHandle, 'material' | 'whyNotDriven'>> {
    if (run.phase === 'closed') return { material: null, whyNotDriven: null }
    if (run.isPractice !== (parts.practice !== null)) {
      const whyNotDriven = run.isPractice
        ? 'This run is on practice hosts. Start the console with --practice to go on with it.'
        : 'This run is on real hosts. Start the console without --practice to go on with it.'
      return { material: null, whyNotDriven }
    }
    if (run.epoch.origin !== journal.origin) {
      return {
        material: null,
        whyNotDriven: `Another console drives this run (${run.epoch.origin}). Taking it over is an act.`,
      }
    }
    const material = await materialOf(journal, parts.blobs, run.id, parts.practice)
    return isRefusal(material) ? { material: null, whyNotDriven: material.message } : { material, whyNotDriven: null }
  }

  function tell(): void {
    for (const listener of listeners) listener()
  }

  async function introduce(signer: Signer, by: Signer): Promise<Refusal | null> {
    const [type, blob] = signer.publicKey.split(' ')
    const key = `${type} ${blob}`
    const known = journal.operators()
    if (known.some((operator) => operator.key === key)) return null
    if (signer.fingerprint === by.fingerprint) {
      return refusal(
        'signer-unknown',
        'This key is not one of this console’s operators. Enrolling a key is an administrator’s act.',
      )
    }
    const id = freeOperatorId(signer.name, new Set(known.map((operator) => operator.id)))
    const entry = { type: 'operator.added', data: { id, key } }
    const words: ActWords = { act: 'enrol', subject: id, role: 'administrator', run: null, reason: null }
    const act = await signAct(signing, by, entry, words)
    await journal.append([{ ...entry, text: { name: signer.name }, act }])
    return null
  }

  async function act(id: RunId, command: RunCommand, hand: Hand): Promise<{ readonly done: true } | Refusal> {
    const handle = handles.get(id)
    if (handle === undefined) return refusal('no-such-run', `There is no run ${id} in this log.`)
    const planned = journal.read({ from: 0, run: id, limit: 1 })[0]?.text ?? null
    if (command.do === 'approve' && planned === null)
      return refusal('plan-redacted', 'The plan of this run was redacted: nobody can say what would be approved.')
    const answer = await handle.log.person(command, (lead) => {
      const words = wordsOf(id, command, hand.role)
      const covers = command.do === 'approve' ? { covers: scopeOf(handle.log.state(), command.gate, planned) } : {}
      return signAct(signing, hand.signer, lead, { ...words, more: { ...words.more, ...covers } })
    })
    return isRefusal(answer) ? answer : ACT_DONE
  }

  function scopeOf(run: Run, gate: string, planned: Recorded['text']): ApprovalScope {
    return approvalScope(run, gate, planned as PlannedText, (document) => documentDigest(parts.sha256, document))
  }

  for (const id of journal.runs()) await openRun(id)

  return {
    journal,
    blobs: parts.blobs,
    practice: parts.practice,
    runs: () => [...handles.values()],
    run: (id) => handles.get(id) ?? null,
    async plan(request, hand) {
      const frozen = await freeze(request, parts.blobs, parts.practice)
      if (isRefusal(frozen)) return frozen
      const id = runId(frozen.plan.runbook, parts.nowMs(), parts.random(3))
      const command: Extract<PersonCommand, { do: 'planRun' }> = {
        do: 'planRun',
        mode: request.mode,
        practice: parts.practice !== null,
        epoch: { number: 1, origin: journal.origin },
        ...frozen,
      }
      const events = planRun(id, command)
      if (isRefusal(events)) return events
      const [lead, ...others] = events
      if (lead === undefined) return refusal('no-steps', 'The runbook has no steps.')
      const signed = await signAct(signing, hand.signer, lead, wordsOf(id, command, hand.role))
      await journal.append([
        { ...lead, act: signed },
        ...others.map((event) => ({ ...event, cause: 'first' as const })),
      ])
      const handle = await openRun(id)
      if (handle === null) return refusal('no-such-run', 'The run was recorded and cannot be read back.')
      handle.giveSecrets(request.secrets)
      return handle
    },
    async act(id, command, hand) {
      return act(id, command, hand)
    },
    async acceptHostKey(id, host, fingerprint, hand) {
      const handle = handles.get(id)
      const waiting = handle?.hostKeysWaiting().find((one) => one.host === host)
      const offered: HostKey | undefined = waiting?.failure.hostKey?.offered
      const reach = handle?.material?.host(host)
      if (handle === undefined || offered === undefined || reach == null) {
        return refusal('no-key-waiting', `No key of ${host} waits to be accepted.`)
      }
      if (offered.fingerprint !== fingerprint) {
        return refusal('key-differs', `${host} offers ${offered.fingerprint} now, not ${fingerprint}. Look again.`)
      }
      // Where the mark stands in a file of the user's, accepting would be written to the log and change nothing.
      if (waiting?.failure.code === 'host-key-revoked') return refusal('host-key-revoked', waiting.failure.message)
      const entry = { type: 'host-key.accepted', data: { run: id, host, key: offered.publicKey } }
      const words: ActWords = {
        act: 'accept-host-key',
        subject: host,
        role: hand.role ?? 'lead',
        run: id,
        reason: null,
      }
      const signed = await signAct(signing, hand.signer, entry, words)
      await journal.append([{ ...entry, text: { address: reach.address, fingerprint }, act: signed }])
      await parts.transport.acceptHostKey(reach, offered)
      const reason = `The key of ${host} was accepted.`
      const { steps, backouts } = waitingForKey(handle.log.state(), host)
      for (const step of backouts) {
        const retried = await act(id, { do: 'retryBackout', step, target: host, reason }, hand)
        if (isRefusal(retried)) return retried
      }
      const cells = steps.map((step) => ({ step, target: host }))
      if (cells.length > 0) return act(id, { do: 'retry', cells, reason }, hand)
      return ACT_DONE
    },
    introduce,
    onRuns(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await Promise.all([...handles.values()].map((handle) => handle.close()))
      await journal.close()
    },
  }
}

/** `orders-db-15-20261124-4f3a21`: sorts by day, is told over the phone, fits a path. */
function runId(runbook: string, nowMs: number, random: Uint8Array): RunId {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '')
  return `${runbook.slice(0, 40)}-${day}-${hexOf(random)}`
}
