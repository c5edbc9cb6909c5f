/** What the console and the process of the practice hosts say to each other. */
import { z } from 'zod'
import { HostName } from '../../shared/model/words.ts'

export const StartPractice = z.strictObject({
  kind: z.literal('start'),
  /** Absolute path; each host has a folder in it, and `keys/` theirs. */
  folder: z.string().min(1),
  hosts: z.array(HostName).min(1),
})
export type StartPractice = z.infer<typeof StartPractice>

export const PracticeReport = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ready'),
    privateKey: z.string(),
    hosts: z.array(z.strictObject({ name: HostName, port: z.int(), hostKey: z.string() })),
  }),
  z.strictObject({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
])
export type PracticeReport = z.infer<typeof PracticeReport>
