/** What a procedure answers that has nothing more to say than that it was done. */
import { z } from 'zod'

export const Done = z.strictObject({ done: z.literal(true) })
