/** Measures on a host and judges what was measured. What cannot be read was not measured: unknown, never a pass. */
import { readProbeOutput, recordedValues } from '../../../shared/criteria/reading.ts'
import { judge } from '../../../shared/criteria/verdict.ts'
import type { ProbeJob } from '../jobs.ts'
import type { AttemptContext, AttemptReport } from './attempt.ts'

/** More than this is not a measurement. */
const MOST_OUTPUT = 1024 * 1024

export async function runProbe(job: ProbeJob, context: AttemptContext): Promise<AttemptReport> {
  const { name, session, sha256 } = context
  const pieces: Uint8Array[] = []
  let size = 0
  const end = await session.run(
    {
      name,
      script: job.script,
      sha256: sha256(job.script),
      variables: job.variables,
      secrets: {},
      timeoutMs: job.timeoutMs,
    },
    async (stream, bytes) => {
      if (stream === 'stdout' && size < MOST_OUTPUT) {
        pieces.push(bytes.slice())
        size += bytes.length
      }
      await context.output(stream, bytes)
    },
  )
  const { outcome, durationMs } = end
  if (outcome.kind !== 'exit' || outcome.code !== 0) {
    const message =
      end.message ??
      (outcome.kind === 'exit' ? `The probe ended with exit code ${outcome.code}; nothing was measured.` : undefined)
    const judged = outcome.kind === 'exit' ? { ...outcome, ok: false } : outcome
    return { outcome: judged, verdict: 'unknown', durationMs, ...(message === undefined ? {} : { message }) }
  }
  const reading = readProbeOutput(job.definition, textOf(pieces))
  const { verdict, because } = judge(job.definition, job.require, reading)
  return {
    outcome: { ...outcome, ok: true },
    verdict,
    durationMs,
    ...(because === '' ? {} : { message: because }),
    values: recordedValues(job.definition, reading),
  }
}

function textOf(pieces: readonly Uint8Array[]): string {
  const decoder = new TextDecoder()
  return pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode()
}
