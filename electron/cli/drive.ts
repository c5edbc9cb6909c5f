/**
 * Sees a run to its end: shows what happens, answers what is asked from what was prepared or from a person at the terminal,
 * and stops when nothing goes on without somebody.
 */
import { isRefusal, type Refusal } from '../../shared/model/commands.ts'
import { dueAttempts, dueConditions, nextWakeMs, backoutsOf, cellsOf } from '../../shared/run/rules.ts'
import { type Question, questions } from '../../shared/run/questions.ts'
import { shownState } from '../../shared/run/shown.ts'
import type { Run } from '../../shared/run/state.ts'
import type { Answer } from '../../shared/runbook/answers.ts'
import type { RunHandle } from '../engine/run-handle.ts'
import type { Context } from '../services/context.ts'
import { act, answerHostKey, approve } from '../services/run-service.ts'
import { commandOf, type Prepared } from './answering.ts'
import { askPerson } from './ask-person.ts'
import type { Terminal } from './doors.ts'
import { EXIT, type ExitCode, Stop } from './exit-codes.ts'
import type { Progress } from './progress.ts'

export type Drive = {
  readonly context: Context
  readonly handle: RunHandle
  readonly prepared: Prepared
  readonly terminal: Terminal
  readonly progress: Progress
  nowMs(): number
}

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
  try {
    for (;;) {
      await handle.log.idle()
      if (handle.broken() !== null) throw brokenStop(handle.broken())
      const run = handle.log.state()
      if (run.phase === 'closed') return closed(parts, run)
      const seen = changes.count()
      const step = await answerOne(parts, run)
      if (step === 'answered') continue
      if (step === 'waiting' && !isUnderWay(handle, run, parts.nowMs())) return waits(parts, run)
      await changes.after(seen)
    }
  } finally {
    stop()
    progress.end()
  }
}

function changesOf(handle: RunHandle) {
  let count = 0
  let wake: (() => void) | null = null
  return {
    count: () => count,
    tell(): void {
      count += 1
      wake?.()
    },
    /** Resolves when something changed since `seen`, or when the clock may have made something due. */
    async after(seen: number): Promise<void> {
      await handle.log.idle()
      if (count > seen) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wake = null
    },
  }
}

/** Something runs, or will without anybody: an attempt, a condition, a retry's delay. */
function isUnderWay(handle: RunHandle, run: Run, nowMs: number): boolean {
  const isOpen = run.order.some((id) =>
    cellsOf(run, id).some((cell) => cell.open !== null && run.steps[id]?.kind !== 'manual'),
  )
  const isUndoing = backoutsOf(run).some(
    (backout) => backout.open !== null && run.steps[backout.step]?.backout?.by === 'script',
  )
  if (isOpen || isUndoing) return true
  if (handle.whyNotDriven !== null) return false
  const lacking = handle.missingSecrets().length > 0
  return (
    (!lacking && dueAttempts(run, nowMs).length > 0) ||
    dueConditions(run, nowMs).length > 0 ||
    nextWakeMs(run, nowMs) !== null
  )
}

type Asked = Question & { readonly isSplit?: true }

/** One question for each unknown cell: answers are given cell by cell. */
function eachAsked(run: Run, nowMs: number): Asked[] {
  return questions(run, nowMs).flatMap((question): Asked[] =>
    question.kind === 'unknown'
      ? question.cells.map((cell) => ({
          ...question,
          step: cell.step,
          target: cell.target,
          cells: [cell],
          isSplit: true,
        }))
      : [question],
  )
}

async function answerOne(parts: Drive, run: Run): Promise<'answered' | 'waiting' | 'nothing'> {
  const { context, prepared, terminal, handle } = parts
  if (await answerHostKeys(parts, run)) return 'answered'
  const asked = eachAsked(run, parts.nowMs())
  for (const question of asked) {
    if (question.kind === 'start') {
      must(await act(context, run.id, { do: 'startRun' }))
      return 'answered'
    }
    const answer = prepared.take(question)
    if (answer === null) continue
    await carryOut(parts, run, question, answer)
    return 'answered'
  }
  const close = asked.find((question) => question.kind === 'close')
  if (close !== undefined && !terminal.isInteractive) {
    // Nobody said how to close it: as what it plainly is.
    const first = close.options[0]?.command
    if (first !== undefined) must(await act(context, run.id, first))
    return 'answered'
  }
  if (asked.length > 0 && terminal.isInteractive && !isUnderWay(handle, run, parts.nowMs())) {
    const first = asked[0]
    if (first !== undefined) await askPerson(parts, run, first)
    return 'answered'
  }
  return asked.length > 0 || handle.missingSecrets().length > 0 ? 'waiting' : 'nothing'
}

async function answerHostKeys(parts: Drive, run: Run): Promise<boolean> {
  for (const { host, failure } of parts.handle.hostKeysWaiting()) {
    const isWaiting = run.order.some((id) => {
      const cell = run.cells[id]?.[host]
      return cell?.state === 'failed' && cell.failure?.startsWith('host-key') === true
    })
    if (!isWaiting) continue
    const answer = parts.prepared.take({ kind: 'host-key', step: null, target: host })
    if (answer?.question !== 'host-key') continue
    const fingerprint = failure.hostKey?.offered.fingerprint ?? ''
    const accept =
      answer.decide === 'accept' && (answer.fingerprint === undefined || answer.fingerprint === fingerprint)
    must(await answerHostKey(parts.context, { run: run.id, host, fingerprint, accept }))
    return accept
  }
  return false
}

async function carryOut(parts: Drive, run: Run, question: Question, answer: Answer): Promise<void> {
  if (answer.question === 'gate') {
    for (const one of answer.approvals ?? []) {
      must(
        await approve(parts.context, {
          run: run.id,
          gate: answer.step,
          role: one.role,
          answer: one.decide ?? 'approve',
          reason: one.reason,
          key: one.key === 'practice' ? { kind: 'practice' } : { kind: 'file', name: one.as, path: one.key },
        }),
      )
    }
  }
  const command = commandOf(answer, question, parts.handle.log.state())
  if (command !== null) must(await act(parts.context, run.id, command))
}

export function must<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Stop(EXIT.notRight, answer.message)
  return answer
}

function closed({ prepared, terminal }: Drive, run: Run): ExitCode {
  const left = prepared.leftOver()
  if (left.length > 0) {
    terminal.err(`The answers file has answers that were not asked for:\n${left.map((one) => `  ${one}\n`).join('')}`)
    return EXIT.usage
  }
  return run.result === 'done' ? EXIT.done : EXIT.notRight
}

function waits({ handle, terminal, nowMs }: Drive, run: Run): ExitCode {
  const words = handle.log.words()
  const asked = eachAsked(run, nowMs())
  const secrets = handle.missingSecrets()
  terminal.err(`The run ${run.id} waits for a person. Go on with: holdpoint resume ${run.id}\n`)
  if (handle.whyNotDriven !== null) terminal.err(`  ${handle.whyNotDriven}\n`)
  for (const name of secrets) terminal.err(`  the value of the secret ${name}\n`)
  for (const question of asked) {
    const title = words.steps[question.step ?? '']?.title ?? 'the run'
    const where = question.target === null || question.target === '-' ? '' : ` on ${question.target}`
    terminal.err(`  ${question.kind}: ${title}${where} (${question.options.map((option) => option.key).join(', ')})\n`)
  }
  return isUnknown(run) ? EXIT.unknown : EXIT.waiting
}

function isUnknown(run: Run): boolean {
  return run.order.some((id) => cellsOf(run, id).some((cell) => shownState(run, id, cell.target) === 'unknown'))
}

function brokenStop(cause: unknown): Stop {
  if (isRefusal(cause)) return new Stop(EXIT.waiting, cause.message)
  const message = cause instanceof Error ? cause.message : String(cause)
  return new Stop(EXIT.unknown, `The run cannot go on from this console: ${message} What was recorded is kept.`)
}
