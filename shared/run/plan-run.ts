/** Begins a run: writes its whole plan into events, structure in headers and words in payloads, in pieces that fit an entry. */
import type { PersonCommand, Refusal } from '../model/commands.ts'
import { refusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { Plan } from '../model/plan.ts'
import type { RunId } from '../model/words.ts'
import { own } from './lookup.ts'
import { fits, inPieces } from './pieces.ts'

/** Of a set of targets, characters: it stands beside the hosts in one entry, and in each step that uses it. */
const LONGEST_NAME = 8000

export function planRun(id: RunId, command: Extract<PersonCommand, { do: 'planRun' }>): readonly RunEvent[] | Refusal {
  const { plan, words } = command
  if (plan.steps.length === 0) return refusal('no-steps', 'The runbook has no steps.')
  const empty = plan.sets.find((set) => set.hosts.length === 0)
  if (empty !== undefined) return refusal('no-hosts', `No host of the inventory matches ${empty.name}.`)
  const broken = whatIsBroken(plan)
  if (broken !== null) return refusal('plan-broken', `${broken} Check the runbook.`)
  const tooLarge = plan.steps.find((step) => !fits(step))
  if (tooLarge !== undefined) {
    return refusal('step-too-large', `${tooLarge.id} names too much: give it fewer needs, for example a milestone's.`)
  }
  const longSet = plan.sets.find((set) => set.name.length > LONGEST_NAME)
  if (longSet !== undefined || !fits(plan.workstreams)) {
    return refusal('too-many-names', 'Too many hosts or workstreams are named one by one. Use tags and groups.')
  }
  return [
    {
      type: 'run.planned',
      data: {
        run: id,
        runbook: { id: plan.runbook, version: command.version },
        mode: command.mode,
        practice: command.practice,
        window: plan.window,
        outage: plan.outage,
        workstreams: plan.workstreams,
        steps: plan.steps.length,
        epoch: command.epoch,
      },
      text: {
        title: words.title,
        owner: words.owner,
        ...(words.ticket === undefined ? {} : { ticket: words.ticket }),
        workstreams: words.workstreams,
        variables: command.variables,
        files: command.files,
        blobs: command.blobs,
      },
    },
    ...plan.sets.flatMap((set) =>
      inPieces(set.hosts).map(
        (hosts): RunEvent => ({
          type: 'targets.frozen',
          data: { run: id, set: set.name, hosts: [...hosts] },
          text: {},
        }),
      ),
    ),
    ...plan.steps.map(
      (step): RunEvent => ({
        type: 'step.planned',
        data: { run: id, step },
        text: own(words.steps, step.id) ?? { title: step.id },
      }),
    ),
  ]
}

/** A plan in which some step could never start. The runbook's check says so with line and column; this is the last door. */
function whatIsBroken(plan: Plan): string | null {
  const sets = new Set(plan.sets.map((set) => set.name))
  const waiting = new Map(plan.steps.map((step) => [step.id, step]))
  if (waiting.size < plan.steps.length) return 'Two steps have the same id.'
  for (const step of plan.steps) {
    const missing = step.needs.find((need) => !waiting.has(need))
    if (missing !== undefined) return `${step.id} needs ${missing}, which is not there.`
    if (step.targets !== null && !sets.has(step.targets))
      return `${step.id} acts on ${step.targets}, which is not there.`
  }
  for (let isShrinking = true; isShrinking; ) {
    isShrinking = false
    for (const step of waiting.values()) {
      if (step.needs.some((need) => waiting.has(need))) continue
      waiting.delete(step.id)
      isShrinking = true
    }
  }
  const [circular] = waiting.keys()
  return circular === undefined ? null : `${circular} needs itself, or a step that does.`
}
