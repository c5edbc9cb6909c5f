/** script: which file ran, and whether it can be undone. */
import { backoutAt, stepAt } from '../../../../shared/run/lookup.ts'
import { showDuration } from '../../../../shared/text/duration.ts'
import type { KindView } from './kind-view.ts'

export const script: KindView = {
  facts: ({ run, words }, { step, target }) => {
    if (step === null) return []
    const plan = stepAt(run, step)
    const command = words.steps[step]?.command
    const backout = target === null ? undefined : backoutAt(run, step, target)
    return [
      ...(command === undefined ? [] : [{ term: 'Script', value: command.split('\n')[0] ?? '' }]),
      ...(plan?.backout == null || backout !== undefined
        ? []
        : [{ term: 'Backout', value: `can be undone, ${showDuration(plan.backout.expectedMs)}` }]),
    ]
  },
  Body: null,
}
