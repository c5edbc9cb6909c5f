/** Asks a person at the terminal: what is asked, what each choice will do to which hosts, then the reason. */
import { isRefusal } from '../../shared/model/commands.ts'
import { cellName, NO_HOST } from '../../shared/model/words.ts'
import { effectsOf } from '../../shared/run/effects.ts'
import { tally } from '../../shared/run/kinds/gate.ts'
import type { Option, Question } from '../../shared/run/question.ts'
import type { Run } from '../../shared/run/state.ts'
import { act, approve } from '../services/run-service.ts'
import type { Drive } from './drive-parts.ts'

/**
 * A refusal is told and asked again; nothing is lost by a wrong key.
 * @param urgent something else has to be asked first: the question is put off, unless it is being answered
 */
export async function askPerson(parts: Drive, run: Run, question: Question, urgent: AbortSignal): Promise<void> {
  const { terminal, progress, handle } = parts
  const words = handle.log.words()
  const title = words.steps[question.step ?? '']?.title ?? words.title
  const where = question.target === null || question.target === NO_HOST ? '' : ` on ${question.target}`
  progress.say(`\n${ASKED[question.kind]}: ${title}${where}`)
  const instructions = words.steps[question.step ?? '']?.instructions
  if (instructions !== undefined) progress.say(instructions.trimEnd())
  if (question.kind === 'gate' && question.step !== null && (await collectApprovals(parts, run, question.step, urgent)))
    return
  for (const [at, option] of question.options.entries())
    progress.say(`  ${at + 1}  ${option.key}${effectOf(run, option, parts.nowMs())}`)
  const said = await terminal.ask('Which? ', false, urgent)
  if (said === '' && urgent.aborted) return
  const chosen = question.options[Number(said) - 1]
  if (chosen === undefined) return progress.say('That is none of the choices; nothing was done.')
  const command = await withReason(parts, chosen)
  if (command === null) return progress.say('A reason is needed; nothing was done.')
  const answer = await act(parts.context, run.id, command)
  if (isRefusal(answer)) progress.say(answer.message)
}

const ASKED: Readonly<Record<Question['kind'], string>> = {
  start: 'Start',
  gate: 'Hold point',
  'no-go': 'No-go was decided',
  manual: 'To do',
  failure: 'Failed',
  unknown: 'Not known how it ended',
  'backout-manual': 'To undo',
  'backout-failed': 'Backing out failed',
  'backout-unknown': 'Not known how backing out ended',
  held: 'The run is held',
  stuck: 'Nothing can go on by itself',
  close: 'Everything has come to an end',
}

function effectOf(run: Run, option: Option, nowMs: number): string {
  const effect = effectsOf(run, option.command, nowMs)
  if (isRefusal(effect)) return ''
  const undone = effect.backsOut.map(({ step, target }) => cellName(step, target))
  if (undone.length > 0) return `: undoes ${undone.join(', ')}`
  const starts = effect.startsNext.map(({ step, target }) => `${step} on ${target}`)
  return starts.length === 0 ? '' : `: starts ${starts.join(', ')}`
}

async function withReason({ terminal }: Drive, option: Option): Promise<Option['command'] | null> {
  const { command } = option
  if (!option.needsReason) return command
  const text = (await terminal.ask('Reason: ')).trim()
  if (text === '') return null
  return 'condition' in command ? { ...command, condition: text } : { ...command, reason: text }
}

/** @returns true when something was signed, or has to be asked first, so that the question is asked anew */
async function collectApprovals(parts: Drive, run: Run, gate: string, urgent: AbortSignal): Promise<boolean> {
  const plan = run.steps[gate]
  const missing = plan === undefined ? [] : tally(run, plan).filter(({ needed, given }) => given < needed)
  const first = missing[0]
  if (first === undefined) return false
  parts.progress.say(
    `Approvals are missing: ${missing.map(({ role, needed, given }) => `${role} ${given} of ${needed}`).join(', ')}.`,
  )
  const said = await parts.terminal.ask(
    `Key file of the ${first.role} (empty: decide without)${run.isPractice ? ', or "practice"' : ''}: `,
    false,
    urgent,
  )
  if (said === '' && urgent.aborted) return true
  const path = said.trim()
  if (path === '') return false
  const name = path === 'practice' ? 'practice' : (await parts.terminal.ask('Name of the approver: ')).trim()
  const passphrase = path === 'practice' ? '' : await parts.terminal.ask('Passphrase (empty: none): ', true)
  const answer = await approve(parts.context, {
    run: run.id,
    gate,
    role: first.role,
    answer: 'approve',
    key:
      path === 'practice'
        ? { kind: 'practice' }
        : { kind: 'file', name, path, ...(passphrase === '' ? {} : { passphrase }) },
  })
  if (isRefusal(answer)) parts.progress.say(answer.message)
  return true
}
