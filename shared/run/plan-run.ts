/** Begins a run: writes its whole plan into events, structure in headers and words in payloads, in pieces that fit an entry. */
import type { PersonCommand, Refusal } from '../model/commands.ts'
import { refusal } from '../model/commands.ts'
import type { RunEvent } from '../model/events.ts'
import type { RunId } from '../model/words.ts'
import { own } from './lookup.ts'

/** Hosts per `targets.frozen` event: at most 128 characters each, well under the 65,535 bytes of a header. */
const HOSTS = 400

export function planRun(id: RunId, command: Extract<PersonCommand, { do: 'planRun' }>): readonly RunEvent[] | Refusal {
  const { plan, words } = command
  if (plan.steps.length === 0) return refusal('no-steps', 'The runbook has no steps.')
  const empty = plan.sets.find((set) => set.hosts.length === 0)
  if (empty !== undefined) return refusal('no-hosts', `No host of the inventory matches ${empty.name}.`)
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
        (hosts): RunEvent => ({ type: 'targets.frozen', data: { run: id, set: set.name, hosts }, text: {} }),
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

function inPieces(hosts: readonly string[]): string[][] {
  const pieces: string[][] = []
  for (let from = 0; from < hosts.length; from += HOSTS) pieces.push(hosts.slice(from, from + HOSTS))
  return pieces
}
