/**
 * The words of a run: titles, reasons, measured values, where output lies. Folded from payloads, beside the state and
 * never read by `decide`: a redacted payload leaves a gap here and nothing else.
 */
import type { MeasuredValue, RecordedRunEvent } from '../model/events.ts'
import type { StepWords } from '../model/plan.ts'
import type { BlobRef, EntryRef, StepId, Target } from '../model/words.ts'
import { own } from './lookup.ts'

export type OutputSegment = {
  readonly stream: 'stdout' | 'stderr'
  readonly storedFrom: number
  readonly storedTo: number
  readonly sha256: string
}

/** What was written about one cell, newest last. `attempts` is keyed by `<purpose>-<try>`. */
export type CellWords = {
  readonly attempts: Readonly<
    Record<
      string,
      {
        readonly message: string | null
        readonly values: readonly MeasuredValue[]
        readonly output: readonly OutputSegment[]
      }
    >
  >
  readonly said: readonly Said[]
}

/** A reason or note as a person gave it. */
export type Said = {
  readonly ref: EntryRef
  readonly at: string
  readonly type: string
  readonly by: string | null
  readonly reason: string | null
  readonly message: string | null
  readonly evidence: string | null
  readonly occurredAt: string | null
  readonly doneBy: string | null
  readonly blobs: readonly BlobRef[]
}

export type RunWords = {
  readonly title: string
  readonly owner: string
  readonly ticket: string | null
  readonly workstreams: Readonly<Record<string, { readonly owner: string; readonly deputy?: string | undefined }>>
  readonly variables: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, string>>
  readonly steps: Readonly<Record<StepId, StepWords>>
  readonly cells: Readonly<Record<StepId, Readonly<Record<Target, CellWords>>>>
  /** Reasons and notes about the run as a whole, in order. */
  readonly said: readonly Said[]
}

export const NO_WORDS: RunWords = {
  title: '',
  owner: '',
  ticket: null,
  workstreams: {},
  variables: {},
  files: {},
  steps: {},
  cells: {},
  said: [],
}

const NO_CELL_WORDS: CellWords = { attempts: {}, said: [] }
const NO_ATTEMPT = { message: null, values: [], output: [] } as const

/** Adds one event's words. Total: an event with nothing to say gives the same value back. */
export function foldWords(words: RunWords, event: RecordedRunEvent): RunWords {
  const text = event.text
  if (text === null) return words
  switch (event.type) {
    case 'run.planned':
      return event.text === null
        ? words
        : {
            ...words,
            title: event.text.title,
            owner: event.text.owner,
            ticket: event.text.ticket ?? null,
            workstreams: event.text.workstreams,
            variables: event.text.variables,
            files: event.text.files,
          }
    case 'step.planned':
      return event.text === null ? words : { ...words, steps: { ...words.steps, [event.data.step.id]: event.text } }
    case 'attempt.finished': {
      const { message, values } = event.text ?? {}
      return inAttempt(words, event.data, (was) => ({
        ...was,
        message: message ?? was.message,
        values: values ?? was.values,
      }))
    }
    case 'output.bound': {
      const blob = event.text?.blobs[0]
      if (blob === undefined) return words
      const { stream, stored } = event.data
      const segment = { stream, storedFrom: stored.from, storedTo: stored.to, sha256: blob.sha256 }
      return inAttempt(words, event.data, (was) => ({ ...was, output: [...was.output, segment] }))
    }
    default:
      return say(words, event, saidIn(event, text))
  }
}

function saidIn(event: RecordedRunEvent, text: Readonly<Record<string, unknown>>): Said | null {
  const word = (key: string): string | null => {
    const value = text[key]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const said: Said = {
    ref: event.ref,
    at: event.at,
    type: event.type,
    by: event.act?.name ?? null,
    reason: word('reason') ?? word('note') ?? word('condition'),
    message: word('message'),
    evidence: word('evidence'),
    occurredAt: word('occurredAt'),
    doneBy: word('doneBy'),
    blobs: event.type === 'cell.ended' ? (event.text?.blobs ?? []) : [],
  }
  const isEmpty = said.reason === null && said.message === null && said.evidence === null && said.doneBy === null
  return isEmpty && said.by === null ? null : said
}

function say(words: RunWords, event: RecordedRunEvent, said: Said | null): RunWords {
  if (said === null) return words
  const cells = 'cells' in event.data ? event.data.cells : []
  const one =
    'step' in event.data && 'target' in event.data ? [{ step: event.data.step, target: event.data.target }] : []
  const about = [...one, ...cells]
  if (about.length === 0) return { ...words, said: [...words.said, said] }
  let result = words
  for (const { step, target } of about) {
    const was = cellWords(result, step, target)
    result = withCell(result, step, target, { ...was, said: [...was.said, said] })
  }
  return result
}

function cellWords(words: RunWords, step: StepId, target: Target): CellWords {
  const row = own(words.cells, step)
  return (row === undefined ? undefined : own(row, target)) ?? NO_CELL_WORDS
}

type AttemptKey = { readonly step: StepId; readonly target: Target; readonly purpose: string; readonly try: number }
type AttemptWords = CellWords['attempts'][string]

function inAttempt(words: RunWords, at: AttemptKey, change: (was: AttemptWords) => AttemptWords): RunWords {
  const cell = cellWords(words, at.step, at.target)
  const key = `${at.purpose}-${at.try}`
  const attempts = { ...cell.attempts, [key]: change(own(cell.attempts, key) ?? NO_ATTEMPT) }
  return withCell(words, at.step, at.target, { ...cell, attempts })
}

function withCell(words: RunWords, step: StepId, target: Target, cell: CellWords): RunWords {
  return { ...words, cells: { ...words.cells, [step]: { ...words.cells[step], [target]: cell } } }
}
