/** From the facts of an execution to its outcome, and to words for the person. Pure. */
import type { Outcome } from '../../shared/model/cell.ts'
import type { Host } from '../../shared/model/inventory.ts'
import { FailureCode } from '../../shared/model/words.ts'
import type { AttemptEnd } from '../engine/ports.ts'
import type { EndResult } from './end-program.ts'
import type { Exit, Facts } from './execution.ts'
import { place, seconds } from './failure.ts'

/** Why an attempt is ended before its own end. */
export type Stop = 'timeout' | 'abort'

export function notStarted(code: FailureCode, message: string): AttemptEnd {
  return { outcome: { kind: 'not-started', code }, durationMs: 0, message }
}

/** The script had begun, and its exec is over. */
export function ended(
  link: { readonly host: Host; isOpen(): boolean },
  { exit, outputError, durationMs }: Facts,
  how: 'closed' | 'held-open',
): AttemptEnd {
  if (exit === null) {
    const what = link.isOpen()
      ? 'The host closed the channel without telling how the script ended'
      : 'The link was lost'
    return lost(
      'link-lost',
      `${what} while the script ran on ${place(link.host)}. What became of it is not known.`,
      durationMs,
    )
  }
  const notes = [
    how === 'held-open'
      ? 'Something that the script left running holds its output open; what that still says is not recorded.'
      : '',
    how === 'closed' && !link.isOpen()
      ? `The link to ${place(link.host)} was lost as it ended: the last of its output may be missing.`
      : '',
    outputError === null ? '' : `Its output could not be kept whole: ${outputError.message}.`,
  ].filter((note) => note !== '')
  const outcome: Outcome =
    'signal' in exit ? { kind: 'signal', signal: exit.signal } : { kind: 'exit', code: exit.code, ok: exit.code === 0 }
  return notes.length === 0 ? { outcome, durationMs } : { outcome, durationMs, message: notes.join(' ') }
}

/**
 * The exec is over, and the script was never said to have begun.
 * @param about.isRefusing what is known of the account: it runs no command at all (deaf-host.ts)
 * @param about.said what came instead, as a sentence that may be kept (quoting.ts)
 */
export function neverBegan(
  host: Host,
  { failed, isSent, isHeard, exit }: Facts,
  about: { readonly isRefusing: boolean; readonly said: string },
): AttemptEnd {
  const where = place(host)
  if (failed?.code === 'already-started') {
    return lost(
      'already-started',
      `${where} holds this attempt already (${failed.detail}): it was started before, and it is never started twice. Look there what became of it.`,
    )
  }
  if (failed !== null) {
    const code = FailureCode.safeParse(failed.code)
    return notStarted(code.data ?? 'upload-failed', `Nothing was started on ${where}: ${failed.detail}.`)
  }
  if (exit !== null && !isHeard && (about.isRefusing || !isSent)) {
    return notStarted('no-shell', `${where} did not start /bin/sh for this account (${exitWords(exit)}).${about.said}`)
  }
  if (!isSent) {
    return notStarted('link-lost', `The link to ${where} was lost before the whole script was sent. Nothing ran.`)
  }
  if (exit !== null) {
    const what = isHeard
      ? 'ended as the script was being started'
      : 'said nothing of what Holdpoint waits for; its output may go elsewhere (look at ForceCommand and the start files of the account)'
    return lost(
      'no-shell',
      `The shell on ${where} ${what}, with ${exitWords(exit)}. Whether the script ran is not known.${about.said}`,
    )
  }
  return lost(
    'link-lost',
    `The link to ${where} was lost as the script was being started. Whether it ran is not known.`,
  )
}

/** Asked, and no answer: the login shell hangs, or the link does. */
export function unanswered(host: Host, isCancelled: boolean): AttemptEnd {
  const why = isCancelled
    ? 'It was cancelled while it was being started'
    : 'The host took the command and did not begin'
  return lost('still-running', `${why}: whether it runs on ${place(host)} is not known.`)
}

/** It was to be ended. Only what was seen to be gone is told as gone. */
export function stopped(
  host: Host,
  by: { readonly stop: Stop; readonly timeoutMs: number | null; readonly graceMs: number; readonly isHeard: boolean },
  result: EndResult | null,
  { exit, durationMs }: Facts,
): AttemptEnd {
  const where = place(host)
  const why = by.stop === 'timeout' ? `Its time of ${seconds(by.timeoutMs ?? 0)} was over` : 'It was cancelled'
  if (result === null) {
    return lost(
      'still-running',
      `${why}, and ${where} could not be asked to end it: it may still be running.`,
      durationMs,
    )
  }
  if (result.kind === 'alive') {
    const processes = result.processes.join(', ')
    return lost(
      'still-running',
      `${why}, and these of its processes on ${where} could not be ended: ${processes}. Another account may own them.`,
      durationMs,
    )
  }
  const lastWord = exit === null ? '' : ` It ended with ${exitWords(exit)}.`
  const unheard = by.isHeard ? '' : ' The last of its output may be missing.'
  const message = `${why}. It was ended with all that it had started (TERM, and KILL after ${seconds(by.graceMs)}), and nothing of it is left.${lastWord}${unheard}`
  if (by.stop === 'timeout') return { outcome: { kind: 'timeout' }, durationMs, message }
  // Whatever it answered to TERM, it did not come to the end its author meant.
  const signal = exit !== null && 'signal' in exit ? exit.signal : 'TERM'
  return { outcome: { kind: 'signal', signal }, durationMs, message }
}

function lost(code: FailureCode, message: string, durationMs = 0): AttemptEnd {
  return { outcome: { kind: 'lost', code }, durationMs, message }
}

function exitWords(exit: Exit): string {
  return 'signal' in exit ? `signal ${exit.signal}` : `exit code ${exit.code}`
}
