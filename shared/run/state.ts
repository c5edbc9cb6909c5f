/**
 * The state of a run: what fold makes of its events. Plain readonly data, so that it can be compared, sent and kept.
 * Structure only: nothing here comes from a payload, so redaction changes no state. Words live in `wording.ts`.
 */
import type { BackoutState, CellState, Outcome } from '../model/cell.ts'
import type { BackoutScope, Epoch, RunResult } from '../model/events.ts'
import type { PlanWindow, StepPlan } from '../model/plan.ts'
import type { EntryRef, FailureCode, HostName, Mode, Purpose, StepId, Target, Verdict } from '../model/words.ts'

/** An attempt whose intent is recorded and whose end is not. */
export type OpenAttempt = {
  readonly purpose: Purpose
  readonly try: number
  readonly startedAtMs: number
  readonly epoch: Epoch
}

/** The last known end of an attempt. */
export type Ended = {
  readonly purpose: Purpose
  readonly try: number
  readonly outcome: Outcome
  readonly verdict: Verdict | null
  readonly durationMs: number
  readonly atMs: number
}

export type Cell = {
  readonly step: StepId
  readonly target: Target
  /** 0-based wave. */
  readonly wave: number
  readonly state: CellState
  /** When the state was entered, ms since 1970. */
  readonly sinceMs: number
  /** Highest try of the main attempt; 0: never started. */
  readonly tries: number
  readonly checkTries: number
  readonly verifyTries: number
  /** A person wants its verify to be run, and it has not begun. */
  readonly isVerifyAsked: boolean
  readonly diagnosticsTries: number
  readonly open: OpenAttempt | null
  readonly last: Ended | null
  readonly firstStartMs: number | null
  readonly endedMs: number | null
  readonly failure: FailureCode | null
  /** Failed, but a person said that the run goes on. */
  readonly isAccepted: boolean
  readonly isExcluded: boolean
  /** Retries that the policy has used since a person last said retry. */
  readonly policyRetries: number
  readonly notBeforeMs: number | null
  /** Its latest start in the order of all starts, 0-based: what is there to undo is from then. null: never started. */
  readonly startedNth: number | null
  /** The entry that last changed it. */
  readonly ref: EntryRef | null
  /** The act that authorised what it does now. */
  readonly cause: EntryRef | null
}

export type Backout = {
  readonly step: StepId
  readonly target: Target
  readonly state: BackoutState
  readonly sinceMs: number
  /** Newest work first; equal numbers may run together. */
  readonly order: number
  readonly tries: number
  readonly checkTries: number
  readonly open: OpenAttempt | null
  readonly last: Ended | null
  readonly failure: FailureCode | null
  readonly startedMs: number | null
  readonly endedMs: number | null
  readonly ref: EntryRef | null
  readonly cause: EntryRef | null
}

export type Approval = {
  readonly role: string
  readonly key: string
  readonly atMs: number
  readonly state: 'given' | 'refused' | 'withdrawn'
}

/** Two records contradict each other; a person has to look. Never settled by the last writer. */
export type Conflict = { readonly ref: EntryRef; readonly type: string; readonly message: string }

export type RunDecision = {
  readonly ref: EntryRef
  readonly atMs: number
  /** The command's word: go, no-go, skip, retry, back-out, … */
  readonly act: string
  readonly subject: string
  readonly by: string
}

export type Run = {
  readonly id: string
  readonly runbook: { readonly id: string; readonly version: string }
  readonly mode: Mode
  readonly isPractice: boolean
  readonly phase: 'planned' | 'running' | 'closed'
  readonly result: RunResult | null
  readonly plannedAtMs: number
  readonly startedAtMs: number | null
  readonly closedAtMs: number | null
  /** Added to each time of the plan. */
  readonly shiftMs: number
  readonly window: PlanWindow | null
  readonly outage: { readonly start: string; readonly end: string } | null
  readonly workstreams: readonly string[]
  readonly expectedSteps: number
  readonly sets: Readonly<Record<string, readonly HostName[]>>
  readonly steps: Readonly<Record<StepId, StepPlan>>
  /** Steps in the order of the runbook. */
  readonly order: readonly StepId[]
  readonly cells: Readonly<Record<StepId, Readonly<Record<Target, Cell>>>>
  readonly backouts: Readonly<Record<StepId, Readonly<Record<Target, Backout>>>>
  readonly conditions: Readonly<Record<StepId, boolean | null>>
  readonly approvals: Readonly<Record<StepId, readonly Approval[]>>
  readonly gates: Readonly<Record<StepId, 'go' | 'conditional-go' | 'no-go'>>
  readonly excluded: readonly HostName[]
  /** `isForwardOnly`: something was backed out during the hold; that goes on, the rest stays held. */
  readonly held: {
    readonly sinceMs: number
    readonly by: 'person' | 'policy'
    readonly ref: EntryRef
    readonly isForwardOnly: boolean
  } | null
  /** A backout of the whole run was decided: no forward work starts any more. */
  readonly backingOut: { readonly scope: BackoutScope; readonly sinceMs: number; readonly ref: EntryRef } | null
  readonly noReturn: { readonly step: StepId; readonly atMs: number } | null
  readonly deviations: readonly { readonly ref: EntryRef; readonly subject: string }[]
  readonly decisions: readonly RunDecision[]
  readonly epoch: Epoch
  readonly conflicts: readonly Conflict[]
  /** Main attempts begun so far. */
  readonly starts: number
  /** The start act, or the plan: what authorises what the rules do. */
  readonly cause: EntryRef
  readonly lastRef: EntryRef
  readonly lastAtMs: number
}
