/** manual: somebody does it and says how it went. */
import type { KindRules } from './kind-rules.ts'

export const manual: KindRules = { by: 'person', end: null }
