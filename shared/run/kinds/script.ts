/** script: a file or a block that runs on hosts; its exit code decides, and its check where it has one. */
import { isInDoubt, type KindRules } from './kind-rules.ts'

export const script: KindRules = {
  by: 'host',
  end(plan, outcome) {
    switch (outcome.kind) {
      case 'walked':
        return 'passed'
      case 'exit':
        if (!plan.successExit.includes(outcome.code)) return 'failed'
        return plan.hasCheck ? 'check' : 'passed'
      case 'signal':
      case 'timeout':
        return 'failed'
      case 'not-started':
        return isInDoubt(outcome.code) ? 'unknown' : 'failed'
      case 'lost':
        return 'unknown'
    }
  },
}
