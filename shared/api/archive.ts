/** archive.*: which it is, what it has, bringing the log there and verifying it. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { Refusal } from '../model/commands.ts'
import { Count, Instant } from '../model/words.ts'
import { Progress } from './progress.ts'

export const ArchiveStatus = z.strictObject({
  /** null: none is set. */
  path: z.string().nullable(),
  state: z.enum(['none', 'idle', 'sending', 'failed']),
  /** What the last receipt proves the archive holds. */
  receipt: z.strictObject({ size: Count, root: z.string(), at: Instant }).nullable(),
  behind: Count,
  message: z.string().nullable(),
})
export type ArchiveStatus = z.infer<typeof ArchiveStatus>

export const archiveProcedures = {
  status: oc.output(ArchiveStatus),
  set: oc.input(z.strictObject({ path: z.string().min(1) })).output(z.union([ArchiveStatus, Refusal])),
  sync: oc.output(eventIterator(Progress)),
  verify: oc.output(eventIterator(Progress)),
}
