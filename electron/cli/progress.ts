/** A run as lines: one for each thing that happened. On a terminal a last line says what is under way. */
import { asRunEvent, type Recorded } from '../../shared/model/events.ts'
import { cellName, NO_HOST } from '../../shared/model/words.ts'
import { counts, runPhase } from '../../shared/run/shown.ts'
import type { Run } from '../../shared/run/state.ts'
import type { RunWords } from '../../shared/run/wording.ts'
import type { Terminal } from './doors.ts'

export type Progress = {
  show(events: readonly Recorded[], run: Run, words: RunWords): void
  /** A line of the command's own. */
  say(text: string): void
  end(): void
}

export function lineProgress(terminal: Terminal): Progress {
  let hasStatus = false
  const clear = (): void => {
    if (hasStatus) terminal.out('\r\u001b[2K')
    hasStatus = false
  }
  return {
    show(events, run, words) {
      clear()
      for (const event of events) {
        const line = lineOf(event, words)
        if (line !== null) terminal.out(`${event.at.slice(11, 19)} ${line}\n`)
      }
      if (!terminal.isLive) return
      const of = counts(run)
      const told = (['running', 'backing-out', 'unknown', 'failed', 'waiting'] as const)
        .filter((state) => of[state] > 0)
        .map((state) => `${of[state]} ${state}`)
      terminal.out(
        `${MODE[run.mode]}${run.isPractice ? ', practice hosts' : ''}: ${runPhase(run)}${told.length === 0 ? '' : `, ${told.join(', ')}`}`,
      )
      hasStatus = true
    },
    say(text) {
      clear()
      terminal.out(`${text}\n`)
    },
    end: clear,
  }
}

/** One JSON document a line: `{ v: 1, event }` for each entry. */
export function jsonProgress(terminal: Terminal): Progress {
  return {
    show(events) {
      for (const event of events) terminal.out(`${JSON.stringify({ v: 1, event })}\n`)
    },
    say(text) {
      terminal.err(`${text}\n`)
    },
    end: () => undefined,
  }
}

export const MODE: Readonly<Record<Run['mode'], string>> = {
  walkthrough: 'WALKTHROUGH',
  rehearsal: 'REHEARSAL',
  live: 'LIVE',
}

function lineOf(entry: Recorded, words: RunWords): string | null {
  const event = asRunEvent(entry)
  if (event === null) return null
  const named = (step: string, target: string): string => cellName(words.steps[step]?.title ?? step, target)
  const by = event.act === null ? '' : ` (${event.act.name}, ${event.act.role})`
  const reason =
    event.text !== null && 'reason' in event.text && event.text.reason !== undefined ? `: ${event.text.reason}` : ''
  switch (event.type) {
    case 'run.planned':
      return `planned ${event.text?.title ?? event.data.runbook.id}, run ${event.data.run}${by}`
    case 'run.started':
      return `started${by}`
    case 'run.held':
      return `held${reason}${by}`
    case 'run.resumed':
      return `resumed${by}`
    case 'run.closed':
      return `closed: ${event.data.result}${by}`
    case 'attempt.started':
      return `${PURPOSE[event.data.purpose]} ${named(event.data.step, event.data.target)}${event.data.try > 1 ? `, try ${event.data.try}` : ''}`
    case 'cell.ended': {
      const message = event.text?.message === undefined ? '' : `: ${event.text.message}`
      return `${event.data.state} ${named(event.data.step, event.data.target)}${message}${reason}${by}`
    }
    case 'cell.retried':
      return `again ${named(event.data.step, event.data.target)}${event.data.notBefore === null ? '' : ` at ${event.data.notBefore.slice(11, 19)}`}${reason}${by}`
    case 'cell.accepted':
      return `goes on although failed: ${named(event.data.step, event.data.target)}${reason}${by}`
    case 'cells.skipped':
      return `skipped ${event.data.cells.map(({ step, target }) => named(step, target)).join(', ')}${reason}${by}`
    case 'cells.settled':
      return `settled as ${event.data.as}: ${event.data.cells.map(({ step, target }) => named(step, target)).join(', ')}${reason}${by}`
    case 'cell.verified':
      return `${event.data.state} ${named(event.data.step, event.data.target)}: its verify found it done`
    case 'host.excluded':
      return `excluded ${event.data.host}${reason}${by}`
    case 'noreturn.passed':
      return `point of no return passed: ${named(event.data.step, NO_HOST)}`
    case 'approval.given':
      return `approved ${named(event.data.gate, NO_HOST)} as ${event.data.role}${by}`
    case 'approval.refused':
      return `refused ${named(event.data.gate, NO_HOST)} as ${event.data.role}${reason}${by}`
    case 'gate.decided':
      return `${event.data.decision}: ${named(event.data.gate, NO_HOST)}${reason}${by}`
    case 'backout.planned':
      return `backing out ${event.data.cells.length} of what ran, newest first${reason}${by}`
    case 'backout.ended':
      return `${event.data.state === 'passed' ? 'backed out' : `backout ${event.data.state}`} ${named(event.data.step, event.data.target)}${by}`
    case 'backout.givenUp':
      return `backout given up${reason}${by}`
    case 'note.recorded':
      return `note: ${event.text?.note ?? ''}${by}`
    case 'deviation.recorded':
      return `deviation, ${event.data.subject}${reason}${by}`
    default:
      return null
  }
}

const PURPOSE = {
  main: 'runs',
  check: 'checks',
  verify: 'verifies',
  backout: 'undoes',
  'backout-check': 'checks the backout of',
  diagnostics: 'keeps diagnostics of',
} as const
