/** How far a long piece of work is, and how it ended: verifying, and bringing the log to the archive. */
import { z } from 'zod'
import { Refusal } from '../model/commands.ts'
import { Count } from '../model/words.ts'

export const Problem = z.strictObject({ code: z.string(), seq: Count.nullable(), message: z.string() })

export const VerifyAnswer = z.strictObject({
  ok: z.boolean(),
  trust: z.enum(['pinned', 'self-asserted']),
  origins: z.array(
    z.strictObject({
      origin: z.string(),
      size: Count,
      root: z.string().nullable(),
      /** Of a log in the data folder: whether there was a high-water mark to compare it with. */
      mark: z.enum(['checked', 'missing', 'unreadable']).optional(),
      problems: z.array(Problem),
    }),
  ),
})
export type VerifyAnswer = z.infer<typeof VerifyAnswer>

export const Progress = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), done: Count, total: Count, what: z.string() }),
  z.strictObject({
    kind: z.literal('verified'),
    answer: VerifyAnswer,
    tookMs: Count,
    /** Where the high-water marks lie that were compared. */
    marksFolder: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('synced'),
    size: Count,
    root: z.string(),
    /** Earlier logs of this console that could not be brought, by the names of their files, and why. */
    left: z.array(z.strictObject({ file: z.string(), code: z.string(), message: z.string() })),
  }),
  z.strictObject({ kind: z.literal('refused'), refusal: Refusal }),
])
export type Progress = z.infer<typeof Progress>
