/** milestone: passes when what it needs has passed. */
import type { KindRules } from './kind-rules.ts'

export const milestone: KindRules = { by: 'rules', end: null }
