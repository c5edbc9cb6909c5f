/** What the last verification says of single entries of this console's log. */
import type { VerifyAnswer } from '../../../shared/api/progress.ts'
import type { Job } from '../../store/jobs.ts'

export type Checked = {
  readonly atMs: number
  readonly tookMs: number
  readonly answer: VerifyAnswer
  /** Where the high-water marks lie; null: not told. */
  readonly marksFolder: string | null
  /** Entries below this were read. */
  readonly size: number
  readonly own: VerifyAnswer['origins'][number] | null
  /** By entry: the first thing that is wrong with it. */
  readonly codes: ReadonlyMap<number, string>
}

export function checkedBy(job: Job, origin: string | null): Checked | null {
  if (job.ended === null || job.ended.result.kind !== 'verified') return null
  const { answer, tookMs, marksFolder = null } = job.ended.result
  const own = answer.origins.find((one) => one.origin === origin) ?? null
  const codes = new Map<number, string>()
  for (const { seq, code } of own?.problems ?? []) if (seq !== null && !codes.has(seq)) codes.set(seq, code)
  return { atMs: job.ended.atMs, tookMs, answer, marksFolder, size: own?.size ?? 0, own, codes }
}
