/** Runs a script on a host. Its exit code is taken as it is; what it means is the rules' business. */
import type { ScriptJob } from '../jobs.ts'
import type { AttemptContext, AttemptReport } from './attempt.ts'

/** @param secrets environment name → value; masked in output by the output's writer */
export async function runScript(
  job: ScriptJob,
  context: AttemptContext,
  secrets: Readonly<Record<string, string>>,
): Promise<AttemptReport> {
  const { name, session, output, sha256 } = context
  const end = await session.run(
    {
      name,
      script: job.script,
      sha256: sha256(job.script),
      variables: job.variables,
      secrets,
      timeoutMs: job.timeoutMs,
    },
    output,
  )
  const { outcome, durationMs, message } = end
  const judged = outcome.kind === 'exit' ? { ...outcome, ok: job.successExit.includes(outcome.code) } : outcome
  return { outcome: judged, verdict: null, durationMs, ...(message === undefined ? {} : { message }) }
}
