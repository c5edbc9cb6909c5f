/** A console on a stage: one log in memory, runs that are played. What the screens ask of it is answered from these. */
import type { ConsoleInfo, EarlierLog, Status } from '../../../shared/api/console.ts'
import type { Progress, VerifyAnswer } from '../../../shared/api/progress.ts'
import type { RunFrame } from '../../../shared/api/runs.ts'
import type { PersonCommand, Refusal } from '../../../shared/model/commands.ts'
import { openOnHosts } from '../../../shared/run/on-hosts.ts'
import { refusal } from '../../../shared/model/commands.ts'
import type { Recorded } from '../../../shared/model/events.ts'
import { questions } from '../../../shared/run/questions.ts'
import { schedule } from '../../../shared/run/schedule.ts'
import { counts, runPhase } from '../../../shared/run/shown.ts'
import { largePlan, ordersPlan } from './orders.ts'
import { type Draft, KEY, ORIGIN, PlayedRun, type Script } from './played-run.ts'
import { stagedEntries } from './staged-entries.ts'

const MINUTE = 60_000

/** The pictures' moment: 2 h 47 min into the window, one host failed, one replica out of sight. */
const asInThePictures: Script = (step, target, attempt, expectedMs) => {
  const share = 0.8 + ((step.length * 7 + target.length * 3 + Number(target.slice(-2))) % 10) / 25
  const afterMs = Math.round(expectedMs * (Number.isFinite(share) ? share : 1))
  if (step === 'install-84' && target === 'ord-app-07' && attempt === 1) {
    return { outcome: { kind: 'exit', code: 1, ok: false }, afterMs: 11 * MINUTE }
  }
  if (step === 'install-84' && target === 'ord-app-08')
    return { outcome: { kind: 'exit', code: 0, ok: true }, afterMs: 70 * MINUTE }
  if (step === 'base-backup') return { outcome: { kind: 'exit', code: 0, ok: true }, afterMs: 55 * MINUTE }
  if (step === 'replicas' && target === 'ord-db-3')
    return { outcome: { kind: 'exit', code: 0, ok: true }, afterMs: 80 * MINUTE }
  if (step === 'analyze') return { outcome: { kind: 'exit', code: 0, ok: true }, afterMs: 60 * MINUTE }
  if (step === 'replicas' && target === 'ord-db-2' && attempt === 1) {
    return { outcome: { kind: 'lost', code: 'link-lost' }, afterMs: 28 * MINUTE }
  }
  return { outcome: { kind: 'exit', code: 0, ok: true }, afterMs }
}

const STDOUT = Array.from(
  { length: 60 },
  (_, line) => `install-84: unpack ${line} of 60, orders-8.4.tar.zst to /opt/orders/8.4\n`,
).join('')
const STDERR =
  'tar: lib/driver-15.2.so: Cannot write: No space left on device\ntar: Exiting with failure status due to previous errors\n'

/** A verify finds that the work is not there: what it looked at stays unknown. */
const quick: Script = (_step, _target, _attempt, expectedMs, purpose) => ({
  outcome: purpose === 'verify' ? { kind: 'exit', code: 1, ok: false } : { kind: 'exit', code: 0, ok: true },
  afterMs: Math.min(4000, expectedMs / 100),
})

const ROOT_HASH = '5b0e91c4'.repeat(8)
type Problem = VerifyAnswer['origins'][number]['problems'][number]

export class StagedConsole {
  readonly log: Recorded[] = []
  readonly runs = new Map<string, PlayedRun>()
  readonly hostKeys: Extract<RunFrame, { kind: 'host-keys' }>['waiting'] = []
  secrets: string[] = []
  asked: Status['asked'] = []
  earlier: readonly EarlierLog[] = []
  output = { stdout: STDOUT, stderr: STDERR }
  needsSetup: boolean
  archivePath: string | null = null
  archiveProblem: string | null = null
  receipt: Status['archive']['receipt'] = null
  /** Earlier logs that a sync leaves behind. */
  left: Extract<Progress, { kind: 'synced' }>['left'] = []
  /** What a verification finds. */
  problems: readonly Problem[] = []
  setupRefusal: Refusal | null = null
  /** Which console this is: another than the one that drives the run, where a test says so. */
  origin = ORIGIN
  readonly entryAt = stagedEntries(this.log)
  private readonly listeners = new Set<() => void>()
  private isReal = false

  constructor(options: { needsSetup?: boolean; isEmpty?: boolean }) {
    this.needsSetup = options.needsSetup === true
    if (options.isEmpty !== true && !this.needsSetup) this.playOrders()
    this.isReal = true
  }

  private playOrders(): void {
    const nowMs = Date.now()
    const startMs = nowMs - 167 * MINUTE
    const { plan, words } = ordersPlan(startMs)
    const played = new PlayedRun('orders-db-15-3', {
      plan,
      words,
      mode: 'live',
      isPractice: false,
      append: (drafts, atMs) => this.append(drafts, atMs),
      script: (...args) => (this.isReal ? quick(...args) : asInThePictures(...args)),
      atMs: startMs - 30 * MINUTE,
    })
    this.runs.set('orders-db-15-3', played)
    played.act({ do: 'startRun' }, startMs)
    played.play(startMs, nowMs, (step) => (step === 'business' || step === 'final-go' ? null : 3 * MINUTE))
  }

  plan(mode: 'live' | 'rehearsal' | 'walkthrough'): string {
    const id = `orders-db-15-${this.runs.size + 3}`
    const { plan, words } = ordersPlan(Date.now())
    const append = (drafts: readonly Draft[], atMs: number) => this.append(drafts, atMs)
    this.runs.set(
      id,
      new PlayedRun(id, { plan, words, mode, isPractice: true, append, script: quick, atMs: Date.now() }),
    )
    this.tell()
    return id
  }

  /** A run that is planned and not started: as many steps as asked, each on every host. */
  planLarge(steps: number, hosts: number): string {
    const id = 'large-1'
    const { plan, words } = largePlan(steps, hosts, Date.now())
    const append = (drafts: readonly Draft[], atMs: number) => this.append(drafts, atMs)
    this.runs.set(
      id,
      new PlayedRun(id, { plan, words, mode: 'rehearsal', isPractice: true, append, script: quick, atMs: Date.now() }),
    )
    this.tell()
    return id
  }

  act(run: string, command: PersonCommand): Refusal | null {
    const played = this.runs.get(run)
    if (played === undefined || command.do === 'planRun') return refusal('no-such-run', `There is no run ${run}.`)
    const refused = played.act(command, Date.now())
    this.tell()
    return refused
  }

  /** Lets time pass in every run. */
  tick(): void {
    const before = this.log.length
    for (const played of this.runs.values()) played.tick(Date.now())
    if (this.log.length !== before) this.tell()
  }

  sync(): Progress {
    this.archiveProblem = null
    this.receipt = { size: this.log.length, root: ROOT_HASH, at: new Date().toISOString() }
    this.tell()
    return { kind: 'synced', size: this.log.length, root: ROOT_HASH, left: this.left }
  }

  verified(): VerifyAnswer {
    const origin = { origin: ORIGIN, size: this.log.length, root: ROOT_HASH, problems: [...this.problems] }
    return { ok: this.problems.length === 0, trust: 'self-asserted', origins: [origin] }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  tell(): void {
    for (const listener of this.listeners) listener()
  }

  eventsOf(run: string, from: number): Recorded[] {
    return this.log.filter((entry) => entry.ref.seq >= from && entry.data['run'] === run)
  }

  info(): ConsoleInfo {
    const operator = { name: 'Katrin Vogel', key: KEY, source: 'file' as const, isUnlocked: true }
    return {
      version: '0.1.0',
      needsSetup: this.needsSetup,
      isPractice: true,
      refusal: null,
      origin: this.needsSetup ? null : this.origin,
      operator: this.needsSetup ? null : operator,
      dataDir: '/home/katrin/.local/share/holdpoint',
      suggestedName: 'Katrin Vogel',
    }
  }

  status(): Status {
    const nowMs = Date.now()
    const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
    return {
      log: { size: this.log.length, root: ROOT_HASH, sealedAt: iso(nowMs - 2000) },
      archive: this.archive(),
      asked: this.asked,
      hosts:
        this.runs.size === 0 ? { connected: 0, total: 0, lost: [] } : { connected: 14, total: 15, lost: ['ord-db-2'] },
      runs: [...this.runs].map(([id, { run, words }]) => ({
        run: id,
        title: words.title,
        runbook: run.runbook.id,
        version: run.runbook.version,
        mode: run.mode,
        isPractice: run.isPractice,
        phase: runPhase(run),
        result: run.result,
        window: run.window,
        counts: counts(run),
        questions: questions(run, nowMs).map((question) => ({
          kind: question.kind,
          step: question.step ?? 'run',
          target: question.target ?? '-',
          title: question.step === null ? words.title : (words.steps[question.step]?.title ?? question.step),
          since: iso(question.sinceMs) ?? '',
        })),
        lead: 'Katrin Vogel',
        plannedAt: iso(run.plannedAtMs) ?? '',
        startedAt: iso(run.startedAtMs),
        closedAt: iso(run.closedAtMs),
        openOnHosts: openOnHosts(run).length,
        expectedFinish: iso(schedule(run, nowMs).finishMs),
      })),
    }
  }

  private archive(): Status['archive'] {
    const { archivePath: path, receipt, archiveProblem: message } = this
    const state = path === null ? 'none' : message === null ? 'idle' : 'failed'
    return { path, state, receipt, behind: path === null ? 0 : this.log.length - (receipt?.size ?? 0), message }
  }

  private append(drafts: readonly Draft[], atMs: number): Recorded[] {
    const entries = drafts.map(
      (draft, index): Recorded => ({
        ref: { origin: ORIGIN, seq: this.log.length + index },
        at: new Date(atMs).toISOString(),
        type: draft.type,
        data: draft.data,
        text: draft.text,
        act: draft.act,
        cause: draft.cause,
      }),
    )
    this.log.push(...entries)
    return entries
  }
}
