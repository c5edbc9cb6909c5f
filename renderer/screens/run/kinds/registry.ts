/** Every kind's view. Adding a kind touches this list and its own file. */
import type { Kind } from '../../../../shared/model/words.ts'
import { gate } from './gate.tsx'
import type { KindView } from './kind-view.ts'
import { manual } from './manual.tsx'
import { milestone } from './milestone.ts'
import { probe } from './probe.ts'
import { script } from './script.ts'

export const KIND_VIEWS: Readonly<Record<Kind, KindView>> = { manual, script, probe, gate, milestone }
