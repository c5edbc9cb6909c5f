/** Entries of the log in words: what each says, and the shape that goes with it. */
import type { ShownState } from '../../shared/model/cell.ts'
import { asRunEvent, type Recorded, type RecordedRunEvent } from '../../shared/model/events.ts'
import { cellName } from '../../shared/model/words.ts'
import { showDuration } from '../../shared/text/duration.ts'
import { showNumberOf, showSize } from '../../shared/text/quantity.ts'
import { attemptWord, byStep, failureWords } from './cell-words.ts'
import { showHosts } from './host-names.ts'
import { RESULT_WORDS } from './run-words.ts'

export type EntryWords = { readonly about: string; readonly state: ShownState | null }

const nothing: EntryWords = { about: '', state: null }

/** How a step is called: by its id, as the log has it, or by its title, as people say it. */
export type NameOf = (step: string) => string
const byId: NameOf = (step) => step

export function entryWords(entry: Recorded, nameOf: NameOf = byId): EntryWords {
  const event = asRunEvent(entry)
  return event === null ? otherWords(entry) : runWords(event, nameOf)
}

function cell(data: { readonly step: string; readonly target: string }, nameOf: NameOf): string {
  return cellName(nameOf(data.step), data.target)
}

function cells(list: readonly { readonly step: string; readonly target: string }[], nameOf: NameOf): string {
  return byStep(list)
    .map(({ step, hosts }) => (hosts.length === 0 ? nameOf(step) : `${nameOf(step)} on ${showHosts(hosts)}`))
    .join('; ')
}

function heldBy(data: Extract<RecordedRunEvent, { type: 'run.held' }>['data']): string {
  if (data.because === 'left') return 'the command line was left meanwhile'
  if (data.because === 'restart') return 'the console was started again meanwhile'
  return data.by === 'person' ? 'by a person' : 'by a rule of the runbook'
}

const RUN_OF = { live: 'live run', rehearsal: 'rehearsal', walkthrough: 'walkthrough' } as const

function runWords(event: RecordedRunEvent, nameOf: NameOf): EntryWords {
  switch (event.type) {
    case 'run.planned':
      return {
        about: `${RUN_OF[event.data.mode]} of ${event.data.runbook.id}, ${showNumberOf(event.data.steps, 'step')}`,
        state: null,
      }
    case 'targets.frozen':
      return { about: `${event.data.set}: ${showHosts(event.data.hosts)}`, state: null }
    case 'step.planned':
      return { about: event.data.step.id, state: null }
    case 'run.started':
      return { about: event.data.run, state: 'running' }
    case 'run.held':
      return { about: heldBy(event.data), state: 'warned' }
    case 'run.resumed':
      return { about: event.data.run, state: 'running' }
    case 'run.closed':
      return { about: RESULT_WORDS[event.data.result], state: event.data.result === 'done' ? 'passed' : null }
    case 'attempt.started':
      return {
        about: `${cell(event.data, nameOf)}, ${attemptWord(event.data.purpose, event.data.try)}`,
        state: 'running',
      }
    case 'attempt.finished':
      return attemptFinished(event, nameOf)
    case 'output.bound':
      return {
        about: `${cell(event.data, nameOf)}, ${event.data.stream}, piece ${event.data.segment + 1}, ${showSize(event.data.stored.to - event.data.stored.from)}`,
        state: null,
      }
    case 'cells.readied':
      return {
        about: cells(
          event.data.targets.map((target) => ({ step: event.data.step, target })),
          nameOf,
        ),
        state: 'ready',
      }
    case 'cell.ended': {
      const because = event.data.failure === null ? '' : `, ${failureWords(event.data.failure)}`
      return { about: `${cell(event.data, nameOf)} ${event.data.state}${because}`, state: event.data.state }
    }
    case 'cell.retried':
      return { about: cell(event.data, nameOf), state: 'ready' }
    case 'cell.accepted':
      return { about: `${cell(event.data, nameOf)}: go on although it failed`, state: 'warned' }
    case 'cells.skipped':
      return { about: cells(event.data.cells, nameOf), state: 'skipped' }
    case 'cells.cancelled':
      return { about: cells(event.data.cells, nameOf), state: 'cancelled' }
    case 'cells.settled':
      return { about: `${cells(event.data.cells, nameOf)} as ${event.data.as}`, state: event.data.as }
    case 'verify.asked':
      return { about: cells(event.data.cells, nameOf), state: 'unknown' }
    case 'cell.verified':
      return { about: `${cell(event.data, nameOf)} as ${event.data.state}`, state: event.data.state }
    case 'condition.evaluated':
      return {
        about: `${nameOf(event.data.step)}: ${event.data.result === null ? 'unknown' : event.data.result ? 'holds' : 'does not hold'}`,
        state: null,
      }
    case 'host.excluded':
      return { about: event.data.host, state: 'cancelled' }
    case 'noreturn.passed':
      return { about: nameOf(event.data.step), state: 'warned' }
    case 'approval.given':
      return { about: `${nameOf(event.data.gate)} as ${event.data.role}`, state: 'passed' }
    case 'approval.refused':
      return { about: `${nameOf(event.data.gate)} as ${event.data.role}`, state: 'failed' }
    case 'approval.withdrawn':
      return { about: `${nameOf(event.data.gate)} as ${event.data.role}`, state: 'warned' }
    case 'gate.decided':
      return {
        about: `${nameOf(event.data.gate)}: ${event.data.decision}`,
        state: event.data.decision === 'go' ? 'passed' : event.data.decision === 'no-go' ? 'failed' : 'warned',
      }
    case 'backout.planned':
      return { about: cells(event.data.cells, nameOf), state: 'backing-out' }
    case 'backout.readied':
      return { about: cells(event.data.cells, nameOf), state: 'ready' }
    case 'backout.ended':
      return {
        about: `${cell(event.data, nameOf)} ${event.data.state === 'passed' ? 'backed out' : `backout ${event.data.state}`}`,
        state:
          event.data.state === 'passed' ? 'backed-out' : event.data.state === 'failed' ? 'backout-failed' : 'unknown',
      }
    default:
      return { about: subjectOf(event, nameOf), state: null }
  }
}

function attemptFinished(event: Extract<RecordedRunEvent, { type: 'attempt.finished' }>, nameOf: NameOf): EntryWords {
  const { outcome, durationMs } = event.data
  const how =
    outcome.kind === 'exit'
      ? `exit ${outcome.code}`
      : outcome.kind === 'signal'
        ? `signal ${outcome.signal}`
        : outcome.kind === 'lost' || outcome.kind === 'not-started'
          ? failureWords(outcome.code)
          : outcome.kind === 'timeout'
            ? 'time limit reached'
            : 'walked through'
  // A verification that does not pass leaves open how the step went: it has not failed.
  const isBad = outcome.kind === 'exit' && !outcome.ok
  const state =
    outcome.kind === 'lost' || (isBad && event.data.purpose === 'verify') ? 'unknown' : isBad ? 'failed' : null
  return {
    about: `${cell(event.data, nameOf)}, ${attemptWord(event.data.purpose, event.data.try)}, ${how}, ${showDuration(durationMs)}`,
    state,
  }
}

function subjectOf(entry: { readonly data: object }, nameOf: NameOf): string {
  const { data } = entry
  if ('subject' in data && typeof data.subject === 'string') return data.subject
  if ('cells' in data && Array.isArray(data.cells)) return cells(data.cells as never, nameOf)
  if ('step' in data && 'target' in data) return cell(data as never, nameOf)
  return ''
}

function otherWords(entry: Recorded): EntryWords {
  const { data } = entry
  const parts = ['host', 'size', 'folder', 'path', 'name', 'fingerprint']
    .map((key) => data[key])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
  return parts.length === 0 ? nothing : { about: parts.join(', '), state: null }
}
