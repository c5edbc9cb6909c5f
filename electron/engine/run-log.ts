/**
 * One run, decided, recorded and folded, one thought at a time. Commands queue; what engine commands decide in one turn is
 * one append; a person's act is an append of its own. The state here is always the fold of what is on disk.
 */
import { authorityOf, decide } from '../../shared/run/decide.ts'
import { foresee } from '../../shared/run/advance.ts'
import { fold } from '../../shared/run/fold.ts'
import type { Run } from '../../shared/run/state.ts'
import { foldWords, NO_WORDS, type RunWords } from '../../shared/run/wording.ts'
import {
  type EngineCommand,
  isRefusal,
  type PersonCommand,
  type Refusal,
  refusal,
} from '../../shared/model/commands.ts'
import { asRunEvent, type Recorded, type RunEvent } from '../../shared/model/events.ts'
import type { Instant } from '../../shared/model/words.ts'
import type { Draft, Journal, SignedAct } from './ports.ts'

export type RunCommand = Exclude<PersonCommand, { do: 'planRun' }>
type Answer = readonly Recorded[] | Refusal

export type RunLog = {
  readonly id: string
  state(): Run
  words(): RunWords
  /** Resolves when what it decided is on disk and folded. Rejects when the journal cannot be written. */
  engine(command: EngineCommand): Promise<Answer>
  /** `sign` is called outside the queue, over what would be recorded first; asked again where that changed meanwhile. */
  person(command: RunCommand, sign: (lead: RunEvent) => Promise<SignedAct>): Promise<Answer>
  /** Called after each append, once folded. */
  onChange(listener: (events: readonly Recorded[]) => void): () => void
  /** Resolves when nothing is queued. */
  idle(): Promise<void>
}

type Job =
  | {
      readonly kind: 'engine'
      readonly command: EngineCommand
      readonly resolve: (answer: Answer) => void
      readonly reject: (cause: unknown) => void
    }
  | {
      readonly kind: 'person'
      readonly command: RunCommand
      readonly at: Instant
      readonly lead: string
      readonly act: SignedAct
      readonly resolve: (answer: Answer | 'changed') => void
      readonly reject: (cause: unknown) => void
    }

/** @param history all entries of this run, in order; the first is its plan */
export function openRunLog(options: { journal: Journal; history: readonly Recorded[]; now: () => Instant }): RunLog {
  const { journal, now } = options
  let run: Run | null = null
  let words = NO_WORDS
  const take = (entries: readonly Recorded[]): void => {
    for (const entry of entries) {
      const event = asRunEvent(entry)
      if (event === null) continue
      run = fold(run, event)
      words = foldWords(words, event)
    }
  }
  take(options.history)
  const first = state()
  function state(): Run {
    if (run === null) throw new Error('A run begins with its plan.')
    return run
  }

  const listeners = new Set<(events: readonly Recorded[]) => void>()
  const queue: Job[] = []
  let working: Promise<void> | null = null

  function enqueue(job: Job): void {
    queue.push(job)
    working ??= drain()
  }

  async function drain(): Promise<void> {
    // One turn of the loop lets what was asked in the same tick share a commit.
    await Promise.resolve()
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      if (job.kind === 'person') await personTurn(job).catch(job.reject)
      else await engineTurn([job, ...takeEngineJobs()])
    }
    // In the same breath as the last look at the queue: what is asked a moment later begins anew, and is not forgotten.
    working = null
  }

  function takeEngineJobs(): Extract<Job, { kind: 'engine' }>[] {
    const jobs: Extract<Job, { kind: 'engine' }>[] = []
    while (queue[0]?.kind === 'engine' && jobs.length < 256) {
      const job = queue.shift()
      if (job?.kind === 'engine') jobs.push(job)
    }
    return jobs
  }

  async function engineTurn(jobs: readonly Extract<Job, { kind: 'engine' }>[]): Promise<void> {
    const at = now()
    const before = state()
    let ahead = before
    const drafts: Draft[] = []
    const answered: { job: (typeof jobs)[number]; from: number; to: number }[] = []
    for (const job of jobs) {
      try {
        const decided = decide(ahead, job.command, at)
        if (isRefusal(decided)) {
          job.resolve(decided)
          continue
        }
        const cause = authorityOf(before, job.command)
        ahead = foresee(ahead, decided, at)
        const from = drafts.length
        for (const event of decided)
          drafts.push(draftOf(event, cause.origin === journal.origin ? cause.seq : `${cause.origin}#${cause.seq}`))
        answered.push({ job, from, to: drafts.length })
      } catch (defect) {
        job.reject(defect)
      }
    }
    try {
      const entries = drafts.length === 0 ? [] : await commit(drafts)
      for (const { job, from, to } of answered) job.resolve(entries.slice(from, to))
    } catch (cause) {
      for (const { job } of answered) job.reject(cause)
    }
  }

  async function personTurn(job: Extract<Job, { kind: 'person' }>): Promise<void> {
    const decided = decide(state(), job.command, job.at)
    if (isRefusal(decided)) return job.resolve(decided)
    const [lead, ...others] = decided
    if (lead === undefined || canonicalOf(lead) !== job.lead) return job.resolve('changed')
    try {
      job.resolve(
        await commit([
          { ...draftOf(lead, undefined), act: job.act },
          ...others.map((event) => draftOf(event, 'first')),
        ]),
      )
    } catch (cause) {
      job.reject(cause)
    }
  }

  async function commit(drafts: readonly Draft[]): Promise<readonly Recorded[]> {
    const entries = await journal.append(drafts)
    take(entries)
    for (const listener of listeners) listener(entries)
    return entries
  }

  async function person(command: RunCommand, sign: (lead: RunEvent) => Promise<SignedAct>): Promise<Answer> {
    for (let round = 0; round < 4; round += 1) {
      const at = now()
      const decided = decide(state(), command, at)
      if (isRefusal(decided)) return decided
      const lead = decided[0]
      if (lead === undefined) return refusal('nothing-to-do', 'This changes nothing.')
      const act = await sign(lead)
      const answer = await new Promise<Answer | 'changed'>((resolve, reject) =>
        enqueue({ kind: 'person', command, at, lead: canonicalOf(lead), act, resolve, reject }),
      )
      if (answer !== 'changed') return answer
    }
    return refusal('changed', 'The run changed while this was being signed. Look again, then decide.')
  }

  return {
    id: first.id,
    state,
    words: () => words,
    engine: (command) => new Promise((resolve, reject) => enqueue({ kind: 'engine', command, resolve, reject })),
    person,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async idle() {
      while (working !== null) await working
    },
  }
}

function draftOf(event: RunEvent, cause: Draft['cause'] | undefined): Draft {
  const { type, data, text } = event
  return { type, data, text, ...(cause === undefined ? {} : { cause }) }
}

/** Equal texts are equal decisions: both come from the same code in the same order of keys. */
function canonicalOf(event: RunEvent): string {
  return JSON.stringify([event.type, event.data])
}
