/** What is begun on hosts and not over, and what waits there for a host's key: asked by all who end, leave or start again. */
import type { StepId } from '../model/words.ts'
import { backoutAt, backoutsOf, cellAt, cellsOf, stepAt } from './lookup.ts'
import { KINDS } from './kinds/registry.ts'
import type { Backout, Cell, OpenAttempt, Run } from './state.ts'

export type OpenOnHost = Pick<Cell, 'step' | 'target'> & { readonly attempt: OpenAttempt }

/** Attempts whose end is not recorded. What a person does is not among them: it does not stop with the console. */
export function openOnHosts(run: Run): OpenOnHost[] {
  const cells = run.order.flatMap((id) => {
    const plan = stepAt(run, id)
    return plan === undefined || KINDS[plan.kind].by === 'person' ? [] : cellsOf(run, id)
  })
  const backouts = backoutsOf(run).filter(({ step }) => stepAt(run, step)?.backout?.by === 'script')
  return [...cells, ...backouts].flatMap(({ step, target, open }) =>
    open === null ? [] : [{ step, target, attempt: open }],
  )
}

export type WaitingForKey = { readonly steps: readonly StepId[]; readonly backouts: readonly StepId[] }

/** What failed for want of the key of this host and is tried again with it. Of what is being undone that is the backout. */
export function waitingForKey(run: Run, host: string): WaitingForKey {
  const backouts = run.order.filter((step) => failedForKey(backoutAt(run, step, host)))
  const steps = run.order.filter((step) => {
    const cell = cellAt(run, step, host)
    return failedForKey(cell) && cell?.isExcluded === false && backoutAt(run, step, host) === undefined
  })
  return { steps: run.backingOut === null ? steps : [], backouts: run.noReturn === null ? backouts : [] }
}

function failedForKey(one: Pick<Cell | Backout, 'state' | 'failure'> | undefined): boolean {
  return one?.state === 'failed' && one.failure?.startsWith('host-key') === true
}
