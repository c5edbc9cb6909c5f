/** milestone: nothing to say beyond its name. */
import type { KindView } from './kind-view.ts'

export const milestone: KindView = { facts: () => [], Body: null }
