/** probe: measures on hosts and changes nothing; its criterion decides. */
import type { KindRules } from './kind-rules.ts'
import { stateOfVerdict } from './kind-rules.ts'

export const probe: KindRules = {
  by: 'host',
  end(_plan, outcome, verdict) {
    if (outcome.kind === 'walked') return 'passed'
    // What was not measured is unknown: a probe that could not run is no bad news and no good news.
    return outcome.kind === 'exit' ? stateOfVerdict(verdict) : 'unknown'
  },
}
