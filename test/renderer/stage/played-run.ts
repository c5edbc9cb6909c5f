/**
 * A run played without hosts: the same decide and fold, attempts that end after a drawn time. In virtual time up to a
 * moment, for pictures and tests of screens that need a long history; then in real time, so that acts have consequences.
 */
import type { Outcome } from '../../../shared/model/cell.ts'
import { type EngineCommand, isRefusal, type PersonCommand, type Refusal } from '../../../shared/model/commands.ts'
import type { Recorded, RecordedRunEvent, RunEvent } from '../../../shared/model/events.ts'
import type { Mode, Purpose } from '../../../shared/model/words.ts'
import type { Plan, PlanWords } from '../../../shared/model/plan.ts'
import { actOf } from '../../../shared/model/commands.ts'
import { decide } from '../../../shared/run/decide.ts'
import { fold } from '../../../shared/run/fold.ts'
import { planRun } from '../../../shared/run/plan-run.ts'
import { questions } from '../../../shared/run/questions.ts'
import { dueAttempts } from '../../../shared/run/rules.ts'
import type { Run } from '../../../shared/run/state.ts'
import { foldWords, NO_WORDS, type RunWords } from '../../../shared/run/wording.ts'

export const ORIGIN = 'holdpoint/6f0c1d2e-0000-4000-8000-00000000d021/00000002'
export const KEY = `SHA256:8QmT${'x'.repeat(35)}1fYk`

/** One person answers for one role: each approver has a key of their own. */
export function approverKey(role: string): string {
  return `SHA256:${role.replaceAll('-', '').padEnd(43, 'A').slice(0, 43)}`
}

export type Draft = RunEvent & { readonly act: Recorded['act']; readonly cause: number | null }
export type Append = (drafts: readonly Draft[], atMs: number) => readonly Recorded[]

export type Played = { readonly outcome: Outcome; readonly afterMs: number }
export type Script = (step: string, target: string, attempt: number, expectedMs: number, purpose: Purpose) => Played

type Running = {
  readonly step: string
  readonly target: string
  readonly purpose: Purpose
  readonly try: number
  readonly startMs: number
  readonly endMs: number
  readonly outcome: Outcome
}

export class PlayedRun {
  run: Run
  words: RunWords
  readonly running: Running[] = []
  private readonly append: Append
  private readonly script: Script

  constructor(
    id: string,
    options: {
      plan: Plan
      words: PlanWords
      mode: Mode
      isPractice: boolean
      append: Append
      script: Script
      atMs: number
    },
  ) {
    this.append = options.append
    this.script = options.script
    const events = planRun(id, {
      do: 'planRun',
      version: 'ab'.repeat(32),
      mode: options.mode,
      practice: options.isPractice,
      plan: options.plan,
      words: options.words,
      variables: { version: '15.4' },
      files: {},
      blobs: [],
      epoch: { number: 1, origin: ORIGIN },
    })
    if (isRefusal(events)) throw new Error(events.message)
    const first = { run: null as Run | null, words: NO_WORDS }
    const recorded = this.append(
      events.map((event) => ({ ...event, act: null, cause: 0 })),
      options.atMs,
    )
    for (const entry of recorded) {
      first.run = fold(first.run, entry as RecordedRunEvent)
      first.words = foldWords(first.words, entry as RecordedRunEvent)
    }
    if (first.run === null) throw new Error('nothing was planned')
    this.run = first.run
    this.words = first.words
  }

  act(command: Exclude<PersonCommand, { do: 'planRun' }>, atMs: number, by = 'Katrin Vogel'): Refusal | null {
    const events = decide(this.run, command, new Date(atMs).toISOString())
    if (isRefusal(events)) return events
    const subject = 'step' in command ? `${command.step} ${command.target}` : 'gate' in command ? command.gate : 'run'
    const act = { act: actOf(command), subject, role: 'lead', name: by, key: KEY }
    this.take(
      events.map((event, index) => ({ ...event, act: index === 0 ? act : null, cause: null })),
      atMs,
    )
    return null
  }

  private must(command: Exclude<PersonCommand, { do: 'planRun' }>, atMs: number, by?: string): void {
    const refused = this.act(command, atMs, by)
    if (refused !== null) throw new Error(`${command.do}: ${refused.message}`)
  }

  engine(command: EngineCommand, atMs: number): void {
    const events = decide(this.run, command, new Date(atMs).toISOString())
    if (!isRefusal(events))
      this.take(
        events.map((event) => ({ ...event, act: null, cause: this.run.cause.seq })),
        atMs,
      )
  }

  /** Begins what is due and ends what is over by `atMs`. @returns the next moment at which something ends, or null */
  tick(atMs: number): number | null {
    for (const one of this.running.toSorted((a, b) => a.endMs - b.endMs)) {
      if (one.endMs > atMs) break
      this.running.splice(this.running.indexOf(one), 1)
      this.engine(
        { do: 'finishAttempt', ...one, verdict: verdictOf(one.outcome), durationMs: one.endMs - one.startMs } as never,
        one.endMs,
      )
    }
    this.engine({ do: 'advance' }, atMs)
    for (const due of dueAttempts(this.run, atMs)) {
      const before = this.run
      this.engine({ do: 'beginAttempt', ...due, epoch: this.run.epoch }, atMs)
      if (this.run === before) continue
      const open = (due.purpose.startsWith('backout') ? this.run.backouts : this.run.cells)[due.step]?.[due.target]
        ?.open
      if (open == null) continue
      const plan = this.run.steps[due.step]
      const expectedMs =
        due.purpose === 'backout' ? (plan?.backout?.expectedMs ?? 60_000) : (plan?.expectedMs ?? 60_000)
      const played = this.script(due.step, due.target, open.try, expectedMs, due.purpose)
      this.running.push({
        ...due,
        try: open.try,
        startMs: atMs,
        endMs: atMs + played.afterMs,
        outcome: played.outcome,
      })
    }
    return this.running.length === 0 ? null : Math.min(...this.running.map((one) => one.endMs))
  }

  /** Virtual time: answers hold points and manual steps as a calm lead would, until `untilMs`. */
  play(fromMs: number, untilMs: number, answers: (step: string) => number | null): void {
    let nowMs = fromMs
    while (nowMs < untilMs) {
      const next = this.tick(nowMs)
      const asked = this.answerDue(nowMs, answers)
      if (asked === 'acted') continue
      const wake = Math.min(next ?? Number.POSITIVE_INFINITY, asked)
      if (!Number.isFinite(wake)) return
      nowMs = Math.max(nowMs + 1000, wake)
    }
    this.tick(untilMs)
  }

  private answerDue(nowMs: number, answers: (step: string) => number | null): number | 'acted' {
    let wake = Number.POSITIVE_INFINITY
    for (const question of questions(this.run, nowMs)) {
      const { step, target } = question
      if (step === null || target === null || (question.kind !== 'gate' && question.kind !== 'manual')) continue
      const waitMs = answers(step)
      if (waitMs === null) continue
      const dueMs = question.sinceMs + waitMs
      if (dueMs > nowMs) {
        wake = Math.min(wake, dueMs)
        continue
      }
      if (question.kind === 'manual') {
        this.must({ do: 'recordOutcome', step, target, outcome: 'passed', phase: 'forward', evidence: 'seen' }, nowMs)
      } else {
        for (const role of Object.keys(this.run.steps[step]?.approvals ?? {})) {
          this.must({ do: 'approve', gate: step, role, key: approverKey(role) }, nowMs, `Approver ${role}`)
        }
        this.must(
          { do: 'decideGate', gate: step, decision: 'go', reason: 'All checks passed; one warned, accepted.' },
          nowMs,
        )
      }
      return 'acted'
    }
    return wake
  }

  private take(drafts: readonly Draft[], atMs: number): void {
    for (const entry of this.append(drafts, atMs)) {
      this.run = fold(this.run, entry as RecordedRunEvent) ?? this.run
      this.words = foldWords(this.words, entry as RecordedRunEvent)
    }
  }
}

function verdictOf(outcome: Outcome): 'pass' | 'fail' | null {
  return outcome.kind === 'exit' ? (outcome.ok ? 'pass' : 'fail') : null
}
