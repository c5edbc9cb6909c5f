/** log.*: entries by page, the proof of one, and verifying all of it. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { Refusal } from '../model/commands.ts'
import { Recorded } from '../model/events.ts'
import { Count } from '../model/words.ts'
import { Progress } from './progress.ts'

export const EntryProof = z.strictObject({
  seq: Count,
  hash: z.string(),
  previousHash: z.string(),
  header: z.string(),
  /** null when redacted. */
  payload: z.string().nullable(),
  signature: z
    .strictObject({
      isGood: z.boolean(),
      name: z.string(),
      key: z.string(),
      text: z.string(),
      armoured: z.string(),
      command: z.string(),
    })
    .nullable(),
  chainIsGood: z.boolean(),
  /** By how much the clock was set since the entry before it, ms; negative: back. null: it was not, or the console was started in between. */
  clockStepMs: z.int().nullable(),
})
export type EntryProof = z.infer<typeof EntryProof>

export const logProcedures = {
  /** Newest first, before `before` (exclusive); null: from the end. `find` matches type, step, host, person, text. */
  page: oc
    .input(
      z.strictObject({
        before: Count.nullable(),
        limit: z.int().min(1).max(500),
        show: z.enum(['all', 'acts', 'decisions', 'outcomes']),
        find: z.string(),
      }),
    )
    .output(z.strictObject({ entries: z.array(Recorded), next: Count.nullable() })),
  entry: oc.input(z.strictObject({ seq: Count })).output(z.union([EntryProof, Refusal])),
  verify: oc.output(eventIterator(Progress)),
}
