/** probe: what was measured. */
import { cellAt } from '../../../../shared/run/lookup.ts'
import type { KindView } from './kind-view.ts'

export const probe: KindView = {
  facts: ({ run, words }, { step, target }) => {
    if (step === null || target === null) return []
    const last = cellAt(run, step, target)?.last
    const values = words.cells[step]?.[target]?.attempts[`${last?.purpose}-${last?.try}`]?.values ?? []
    return values.slice(0, 4).map((value) => ({
      term: value.name,
      value: `${value.value ?? 'not measured'}${value.unit === undefined ? '' : ` ${value.unit}`}`,
    }))
  },
  Body: null,
}
