/**
 * Sees a run to its end: shows what happens, answers what is asked from what was prepared or from a person at the terminal,
 * and stops when nothing goes on without somebody.
 */
import { isRefusal } from '../../shared/model/commands.ts'
import type { Question } from '../../shared/run/question.ts'
import { questions } from '../../shared/run/questions.ts'
import type { Run } from '../../shared/run/state.ts'
import type { Answer } from '../../shared/runbook/answers.ts'
import { act } from '../services/run-service.ts'
import { commandOf } from './answering.ts'
import { giveApproval } from './approving.ts'
import { askPerson } from './ask-person.ts'
import { answerOnTheWay, hostKeysAsked, isAskedOnTheWay } from './asked-on-the-way.ts'
import type { Drive } from './drive-parts.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { leave } from './leave.ts'
import { must } from './must.ts'
import { changesOf, isUnderWay, unknownCells } from './under-way.ts'

export async function drive(parts: Drive): Promise<ExitCode> {
  const { handle, progress } = parts
  const changes = changesOf(handle)
  const stop = handle.watch({
    events: (events) => {
      progress.show(events, handle.log.state(), handle.log.words())
      changes.tell()
    },
    needs: changes.tell,
  })
  const stopAsking = parts.context.asking.onChange(changes.tell)
  try {
    for (;;) {
      await handle.log.idle()
      if (handle.broken() !== null) throw handle.broken()
      const run = handle.log.state()
      if (run.phase === 'closed') return closed(parts, run)
      const seen = changes.count()
      const isAnswered = await answerOne(parts, run)
      if (isAnswered || changes.count() !== seen) continue
      if (!isUnderWay(handle, run, parts.nowMs())) return waits(parts, run)
      await changes.after(seen)
    }
  } catch (cause) {
    throw await leave(parts, changes, cause)
  } finally {
    stop()
    stopAsking()
    progress.end()
  }
}

/** One question for each unknown cell: answers are given cell by cell. */
function eachAsked(run: Run, nowMs: number): Question[] {
  return questions(run, nowMs).flatMap((question) =>
    question.kind === 'unknown'
      ? question.cells.map((cell) => ({
          ...question,
          step: cell.step,
          target: cell.target,
          cells: [cell],
        }))
      : [question],
  )
}

/** @returns true when something was answered, or asked of a person: then all is looked at anew */
async function answerOne(parts: Drive, run: Run): Promise<boolean> {
  const { context, prepared, terminal } = parts
  if (await answerOnTheWay(parts, run)) return true
  const asked = eachAsked(run, parts.nowMs())
  for (const question of asked) {
    if (question.kind === 'start') {
      must(await act(context, run.id, { do: 'startRun' }))
      return true
    }
    const answer = prepared.take(question)
    if (answer === null) continue
    await carryOut(parts, run, question, answer)
    return true
  }
  const close = asked.find((question) => question.kind === 'close')
  if (close !== undefined && !terminal.isInteractive) {
    // Nobody said how to close it: as what it plainly is.
    const first = close.options[0]?.command
    if (first !== undefined) must(await act(context, run.id, first))
    return true
  }
  const [first] = asked
  if (first === undefined || !terminal.isInteractive) return false
  // Also while scripts run: what a person does in the meantime may be what the rest waits for.
  await askUnlessUrgent(parts, run, first)
  return true
}

/** A question may stand for hours; what other hosts wait for meanwhile is asked before it, and it again after that. */
async function askUnlessUrgent(parts: Drive, run: Run, question: Question): Promise<void> {
  const { handle, context } = parts
  const urgent = new AbortController()
  const look = (): void => {
    if (handle.broken() !== null || isAskedOnTheWay(parts, handle.log.state())) urgent.abort()
  }
  const stops = [handle.watch({ events: look, needs: look }), context.asking.onChange(look)]
  try {
    look()
    await askPerson(parts, run, question, urgent.signal)
  } finally {
    for (const stop of stops) stop()
  }
}

async function carryOut(parts: Drive, run: Run, question: Question, answer: Answer): Promise<void> {
  if (answer.question === 'gate') {
    for (const one of answer.approvals ?? []) must(await giveApproval(parts, run.id, answer.step, one))
  }
  const command = commandOf(answer, question, parts.handle.log.state())
  if (command === null) return
  must(isRefusal(command) ? command : await act(parts.context, run.id, command))
}

function closed({ prepared, terminal }: Drive, run: Run): ExitCode {
  const left = prepared.leftOver()
  if (left.length > 0) {
    terminal.err(`The answers file has answers that were not asked for:\n${left.map((one) => `  ${one}\n`).join('')}`)
    return EXIT.usage
  }
  return run.result === 'done' ? EXIT.done : EXIT.notRight
}

function waits(parts: Drive, run: Run): ExitCode {
  const { handle, terminal, nowMs } = parts
  const words = handle.log.words()
  const asked = eachAsked(run, nowMs())
  const secrets = handle.missingSecrets()
  terminal.err(`The run ${run.id} waits for a person. Go on with: holdpoint resume ${run.id}\n`)
  if (handle.whyNotDriven !== null) terminal.err(`  ${handle.whyNotDriven}\n`)
  for (const name of secrets) terminal.err(`  the value of the secret ${name}\n`)
  for (const { host, fingerprint, isNew } of hostKeysAsked(parts, run)) {
    const how = isNew ? 'is met for the first time' : 'has another key than the one that is known'
    terminal.err(`  host-key: ${host} ${how}, ${fingerprint} (accept, refuse)\n`)
  }
  for (const question of asked) {
    const title = words.steps[question.step ?? '']?.title ?? 'the run'
    const where = question.target === null || question.target === '-' ? '' : ` on ${question.target}`
    terminal.err(`  ${question.kind}: ${title}${where} (${question.options.map((option) => option.key).join(', ')})\n`)
  }
  return unknownCells(run).length > 0 ? EXIT.unknown : EXIT.waiting
}
