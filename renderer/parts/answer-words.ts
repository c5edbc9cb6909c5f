/** What is asked and what each answer does, in words: steps, hosts, time, and what stays as it is. */
import type { ShownState } from '../../shared/model/cell.ts'
import type { Refusal } from '../../shared/model/commands.ts'
import type { BackoutScope } from '../../shared/model/events.ts'
import { NO_HOST } from '../../shared/model/words.ts'
import type { Effect } from '../../shared/run/effects.ts'
import type { Option, Question } from '../../shared/run/question.ts'
import type { Run } from '../../shared/run/state.ts'
import type { RunWords } from '../../shared/run/wording.ts'
import { showNumberOf } from '../../shared/text/quantity.ts'
import { BECOME, BECOMES, byStep, cellTitle, onHosts, scopeWords, stepTitle } from './cell-words.ts'
import { RESULT_WORDS } from './run-words.ts'

const MODE_WORDS = { live: 'live run', rehearsal: 'rehearsal', walkthrough: 'walkthrough' } as const

export function questionTitle(question: Question, run: Run, words: RunWords): string {
  const about = question.step === null ? '' : cellTitle(words, question.step, question.target)
  switch (question.kind) {
    case 'start':
      return `Start the ${MODE_WORDS[run.mode]}?`
    case 'gate':
      return `${about}: go or no-go?`
    case 'no-go':
      return `${about} was decided no-go. What next?`
    case 'manual':
      return about
    case 'failure':
      return `${about} failed. What next?`
    case 'unknown':
      return question.cells.length === 1
        ? `${about}: what happened?`
        : `${showNumberOf(question.cells.length, 'outcome')} not known: what happened?`
    case 'backout-manual':
      return `Undo by hand: ${about}`
    case 'backout-failed':
      return `Backing out ${about} failed. What next?`
    case 'backout-unknown':
      return `Backing out ${about}: what happened?`
    case 'held':
      return 'The run is held. Resume?'
    case 'stuck':
      return `${about} waits for what was backed out or cancelled. What next?`
    case 'close':
      return 'Everything has come to an end. Close the run?'
  }
}

/** Of whom it is asked. */
export function askedOf(question: Question, run: Run, words: RunWords): string {
  const plan = question.step === null ? undefined : run.steps[question.step]
  const stepOwner = question.step === null ? undefined : words.steps[question.step]?.owner
  const streamOwner = plan === undefined ? undefined : words.workstreams[plan.workstream]?.owner
  return stepOwner ?? streamOwner ?? words.owner
}

/** The answer's name, as its button says it. */
export function optionTitle(option: Option, question: Question, run: Run, words: RunWords): string {
  const { command } = option
  const host = question.target === null || question.target === NO_HOST ? null : question.target
  switch (command.do) {
    case 'startRun':
      return `Start the ${MODE_WORDS[run.mode]}`
    case 'hold':
      return 'Hold'
    case 'resume':
      return 'Resume'
    case 'close':
      return `Close as ${RESULT_WORDS[command.result]}`
    case 'skip':
      return command.cells.length === 1 && host !== null ? `Skip ${host}` : 'Skip'
    case 'proceed':
      return 'Go on although it failed'
    case 'retry':
      return command.cells.length > 1 ? `Retry ${command.cells.length}` : 'Retry'
    case 'verify':
      return command.cells.length > 1 ? `Verify ${command.cells.length}` : 'Verify'
    case 'settle':
      return settleTitle(command.as, command.phase)
    case 'beginManual':
      return 'Begin'
    case 'recordOutcome':
      return outcomeTitle(command.outcome, command.phase)
    case 'exclude':
      return `Exclude ${command.host}`
    case 'decideGate':
      return { go: 'Go', 'conditional-go': 'Conditional go', 'no-go': 'No-go' }[command.decision]
    case 'backOut':
      return `Back out ${scopeWords(command.scope, words)}`
    case 'retryBackout':
      return 'Retry the backout'
    case 'giveUpBackout':
      return 'Give up this backout'
    case 'approve':
    case 'refuse':
    case 'withdraw':
    case 'deviate':
    case 'note':
    case 'takeOver':
      return command.do
  }
}

function settleTitle(as: 'passed' | 'failed', phase: 'forward' | 'backout'): string {
  if (phase === 'backout') return as === 'passed' ? 'It was undone' : 'It was not undone'
  return as === 'passed' ? 'It passed' : 'It failed'
}

function outcomeTitle(outcome: 'passed' | 'warned' | 'failed', phase: 'forward' | 'backout'): string {
  if (phase === 'backout') return outcome === 'failed' ? 'Could not be undone' : 'Undone'
  return { passed: 'Done', warned: 'Done, with a warning', failed: 'It failed' }[outcome]
}

/** One sentence, where the effect itself says too little. */
export function optionNote(option: Option): string | null {
  switch (option.command.do) {
    case 'verify':
      return 'Runs the step’s own check, which only looks. A pass settles it; anything else stays unknown.'
    case 'hold':
      return 'Starts nothing new. What runs on hosts goes on.'
    case 'proceed':
      return 'The failure stays on record; what needs it may start.'
    case 'exclude':
      return 'Nothing more runs on it. What ran there stays as it is.'
    case 'backOut':
      return 'Newest first. Shows the plan before it is signed.'
    case 'giveUpBackout':
      return 'It stays as it is, on record as not undone.'
    case 'close':
      return 'Nothing can be done in a closed run any more.'
    case 'decideGate':
      return option.command.decision === 'no-go' ? 'Nothing that needs this hold point starts.' : null
    default:
      return null
  }
}

export type EffectLine = { readonly state: ShownState; readonly text: string }

const MOST_LINES = 6

/** What an answer would do, line by line: made from the effect, never guessed. */
export function effectLines(effect: Effect, words: RunWords, most = MOST_LINES): readonly EffectLine[] {
  const lines: EffectLine[] = []
  if (effect.backsOut.length > 0) {
    const steps = byStep(effect.backsOut)
    const hosts = new Set(effect.backsOut.map((cell) => cell.target).filter((target) => target !== NO_HOST))
    lines.push({
      state: 'backing-out',
      text: `Undoes ${showNumberOf(steps.length, 'step')}${hosts.size === 0 ? '' : ` on ${showNumberOf(hosts.size, 'host')}`}, newest first`,
    })
  }
  const undone = new Set(effect.backsOut.map((cell) => `${cell.step} ${cell.target}`))
  const states = new Map<ShownState, Effect['changes'][number][]>()
  for (const change of effect.changes) {
    if (undone.has(`${change.step} ${change.target}`)) continue
    states.set(change.to, [...(states.get(change.to) ?? []), change])
  }
  const starting = new Set(effect.startsNext.map((due) => `${due.step} ${due.target}`))
  for (const [to, changes] of states) {
    const rest = to === 'ready' ? changes.filter((change) => !starting.has(`${change.step} ${change.target}`)) : changes
    lines.push(...becomeLines(to, byStep(rest), words))
  }
  const forward = effect.startsNext.filter((due) => !due.purpose.startsWith('backout'))
  for (const { step, hosts } of byStep(forward.filter((due) => due.purpose === 'verify'))) {
    lines.push({ state: 'running', text: `${onHosts(words, step, hosts)} is looked at now, and left as it is` })
  }
  for (const { step, hosts } of byStep(forward.filter((due) => due.purpose !== 'verify'))) {
    lines.push({ state: 'running', text: `${onHosts(words, step, hosts)} starts now` })
  }
  for (const { step, hosts } of byStep(effect.alsoAffected)) {
    lines.push({ state: 'warned', text: `${onHosts(words, step, hosts)} builds on it and is not undone` })
  }
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), { state: 'waiting', text: `and ${lines.length - most + 1} more` }]
}

/** Up to so many steps, each is named with its hosts. */
const NAMED = 3

function becomeLines(to: ShownState, steps: ReturnType<typeof byStep>, words: RunWords): readonly EffectLine[] {
  if (steps.length <= NAMED)
    return steps.map(({ step, hosts }) => ({ state: to, text: `${onHosts(words, step, hosts)} ${BECOMES[to]}` }))
  const named = steps.slice(0, NAMED - 1).map(({ step }) => stepTitle(words, step))
  return [
    {
      state: to,
      text: `${steps.length} steps ${BECOME[to]}: ${named.join(', ')} and ${steps.length - named.length} more`,
    },
  ]
}

/** What has to be typed before something is undone or given up: its scope, so that it cannot be meant otherwise. */
export function scopeToType(option: Option, effect: Effect | Refusal, words: RunWords): string {
  const { command } = option
  switch (command.do) {
    case 'backOut': {
      const hosts =
        'refused' in effect ? [] : effect.backsOut.map((cell) => cell.target).filter((one) => one !== NO_HOST)
      return command.scope.kind === 'run'
        ? `back out ${showNumberOf(new Set(hosts).size, 'host')}`
        : `back out ${scopeId(command.scope)}`
    }
    case 'giveUpBackout':
      return `give up ${byStep(command.cells)
        .map(({ step }) => step)
        .join(', ')}`
    case 'close':
      return `close as ${RESULT_WORDS[command.result]}`
    default:
      return words.title
  }
}

function scopeId(scope: Exclude<BackoutScope, { kind: 'run' }>): string {
  switch (scope.kind) {
    case 'workstream':
      return scope.workstream
    case 'step':
      return scope.step
    case 'host':
      return scope.host
  }
}

/** `Sign: skip app2`. */
export function signLabel(title: string): string {
  return `Sign: ${title.charAt(0).toLowerCase()}${title.slice(1)}`
}
