/** The kinds of step. A new kind is a file beside this one and a line here. */
import type { Kind } from '../../model/words.ts'
import { gate } from './gate.ts'
import type { KindRules } from './kind-rules.ts'
import { manual } from './manual.ts'
import { milestone } from './milestone.ts'
import { probe } from './probe.ts'
import { script } from './script.ts'

export const KINDS: Readonly<Record<Kind, KindRules>> = { manual, script, probe, gate, milestone }
