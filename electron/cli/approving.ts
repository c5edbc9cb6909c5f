/** Approvals given beforehand, each signed with the approver's own key: a file, one that an agent holds, or practice's. */
import { dirname, isAbsolute, resolve } from 'node:path'
import { isRefusal, type Refusal } from '../../shared/model/commands.ts'
import type { Answer } from '../../shared/runbook/answers.ts'
import { approve, type ApproverKey, type Vote } from '../services/run-service.ts'
import type { Drive } from './drive-parts.ts'

export type GivenApproval = NonNullable<Extract<Answer, { question: 'gate' }>['approvals']>[number]

/** @param answersPath file names of keys are relative to the answers that name them */
export function approverKey({ as, key }: Pick<GivenApproval, 'as' | 'key'>, answersPath: string | null): ApproverKey {
  if (key === 'practice') return { kind: 'practice' }
  if (key === 'agent') return { kind: 'agent', name: as, key: null }
  const fingerprint = /^agent:(SHA256:[A-Za-z0-9+/]{43})$/.exec(key)?.[1]
  if (fingerprint !== undefined) return { kind: 'agent', name: as, key: fingerprint }
  const path = isAbsolute(key) || answersPath === null ? key : resolve(dirname(answersPath), key)
  return { kind: 'file', name: as, path }
}

/** A locked key file is unlocked by whoever sits at the terminal; without one it is refused. */
export async function giveApproval(
  { context, terminal, progress, answersPath }: Drive,
  run: string,
  gate: string,
  approval: GivenApproval,
): Promise<{ done: true } | Refusal> {
  const key = approverKey(approval, answersPath)
  const vote: Vote = {
    run,
    gate,
    role: approval.role,
    answer: approval.decide ?? 'approve',
    reason: approval.reason,
    key,
  }
  const answer = await approve(context, vote)
  if (!isRefusal(answer) || answer.code !== 'passphrase-needed' || key.kind !== 'file' || !terminal.isInteractive)
    return answer
  progress.end()
  const passphrase = await terminal.ask(`Passphrase of ${approval.as}’s key ${key.path}: `, true)
  return approve(context, { ...vote, key: { ...key, passphrase } })
}
