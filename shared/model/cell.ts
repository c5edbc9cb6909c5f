/** What a cell and its attempts can be. The stored states are few; what a screen shows is derived by `shownState`. */
import { z } from 'zod'
import { FailureCode } from './words.ts'

/** As recorded for the forward work of a cell. */
export const CellState = z.enum([
  'waiting',
  'ready',
  'running',
  'passed',
  'warned',
  'failed',
  'skipped',
  'unknown',
  'cancelled',
])
export type CellState = z.infer<typeof CellState>

/** A backout is a cell of its own. */
export const BackoutState = z.enum(['waiting', 'ready', 'running', 'passed', 'failed', 'unknown', 'given-up'])
export type BackoutState = z.infer<typeof BackoutState>

/** As shown to people: the forward state, overlaid by the backout's. */
export const ShownState = z.enum([...CellState.options, 'backing-out', 'backed-out', 'backout-failed'])
export type ShownState = z.infer<typeof ShownState>

/** How one attempt ended. `lost` is the only one whose effect on the host is not known. */
export const Outcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exit'), code: z.int().min(0).max(255), ok: z.boolean() }),
  z.strictObject({ kind: z.literal('signal'), signal: z.string().regex(/^[A-Z0-9+]{1,16}$/) }),
  /** The time limit was reached, the process tree was ended, and nothing of it survived. */
  z.strictObject({ kind: z.literal('timeout') }),
  /** A walkthrough went past this without touching a host. */
  z.strictObject({ kind: z.literal('walked') }),
  /** The script was not started: certain, so it may be tried again. */
  z.strictObject({ kind: z.literal('not-started'), code: FailureCode }),
  z.strictObject({ kind: z.literal('lost'), code: FailureCode }),
])
export type Outcome = z.infer<typeof Outcome>
