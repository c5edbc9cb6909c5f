/** One attempt on one host: what an executor is given, and what it has to say in the end. */
import type { Outcome } from '../../../shared/model/cell.ts'
import type { MeasuredValue } from '../../../shared/model/events.ts'
import type { Verdict } from '../../../shared/model/words.ts'
import type { Session, StreamName } from '../ports.ts'

export type AttemptContext = {
  /** `<run>/<step>/<target>/<purpose>-<try>` */
  readonly name: string
  readonly session: Session
  /** Keeps output; durable before the attempt is told to have ended. */
  output(stream: StreamName, bytes: Uint8Array): Promise<void>
  sha256(bytes: Uint8Array): string
}

export type AttemptReport = {
  readonly outcome: Outcome
  readonly verdict: Verdict | null
  readonly durationMs: number
  readonly message?: string
  readonly values?: MeasuredValue[]
}
