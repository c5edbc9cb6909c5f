/** Arbitrary plans: any graph of steps of any kind, in any order, with every setting a runbook can have. */
import fc from 'fast-check'
import type { Plan, StepPlan } from '../../../shared/model/plan.ts'
import type { Kind, Mode } from '../../../shared/model/words.ts'
import { MINUTE, plan, step, WINDOW_START } from './world.ts'

/** How many runs of a property; HOLDPOINT_RUNS for a soak. */
export function runs(usual: number): number {
  const asked = Number(process.env['HOLDPOINT_RUNS'])
  return Number.isInteger(asked) && asked > 0 ? asked : usual
}

// One id that every plain object already has a property of.
const IDS = ['prepare', 'copy', 'constructor', 'upgrade', 'switch', 'clean', 'tell', 'end']
const HOSTS = ['h1', 'h2', 'h3', 'toString']

const kinds = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Kind>('script') },
  { weight: 2, arbitrary: fc.constant<Kind>('manual') },
  { weight: 1, arbitrary: fc.constantFrom<Kind>('probe', 'gate', 'milestone') },
)

const settings = fc.record({
  kind: kinds,
  workstream: fc.constantFrom('main', 'network'),
  needs: fc.nat(255),
  isOnHosts: fc.boolean(),
  isOnOne: fc.boolean(),
  hasWaves: fc.boolean(),
  retry: fc.constantFrom({ times: 0, afterMs: 0 }, { times: 1, afterMs: 0 }, { times: 2, afterMs: 30_000 }),
  onFailure: fc.constantFrom<StepPlan['onFailure']>('ask', 'ask', 'hold', 'continue', 'backout'),
  hasCheck: fc.boolean(),
  hasVerify: fc.boolean(),
  hasDiagnostics: fc.boolean(),
  hasCondition: fc.nat(5).map((n) => n === 0),
  backout: fc.constantFrom('script', 'script', 'person', null),
  backoutHasCheck: fc.boolean(),
  needsApproval: fc.boolean(),
  evidenceRequired: fc.boolean(),
  pointOfNoReturn: fc.nat(9).map((n) => n === 0),
  notBefore: fc.constantFrom(null, null, null, 20),
  expectedMs: fc.constantFrom(0, MINUTE, 10 * MINUTE),
})
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never

function stepOf(id: string, given: Settings, earlier: readonly string[], hosts: readonly string[]): StepPlan {
  const { kind } = given
  const isOnHosts = kind === 'script' || kind === 'probe' || (kind === 'manual' && given.isOnHosts)
  const size = given.isOnOne ? 1 : hosts.length
  const canUndo = kind === 'script' || kind === 'manual'
  return step({
    id,
    kind,
    workstream: given.workstream,
    needs: earlier.filter((_, index) => ((given.needs >> index) & 1) === 1),
    targets: isOnHosts ? (given.isOnOne ? 'one' : 'all') : null,
    waves: given.hasWaves && isOnHosts && kind !== 'manual' ? [...new Set([1, Math.ceil(size / 2), size])] : [],
    expectedMs: given.expectedMs,
    retry: kind === 'script' || kind === 'probe' ? given.retry : { times: 0, afterMs: 0 },
    onFailure: given.onFailure,
    hasCheck: kind === 'script' && given.hasCheck,
    hasVerify: kind === 'script' && given.hasVerify,
    hasDiagnostics: kind === 'script' && given.hasDiagnostics,
    hasCondition: given.hasCondition,
    backout:
      canUndo && given.backout !== null
        ? {
            expectedMs: 5 * MINUTE,
            by: kind === 'manual' ? 'person' : given.backout,
            hasCheck: kind === 'script' && given.backout === 'script' && given.backoutHasCheck,
          }
        : null,
    approvals: kind === 'gate' && given.needsApproval ? { security: 1, business: 2 } : {},
    evidenceRequired: kind === 'manual' && given.evidenceRequired,
    pointOfNoReturn: given.pointOfNoReturn,
    notBefore: given.notBefore === null ? null : new Date(WINDOW_START + given.notBefore * MINUTE).toISOString(),
  })
}

export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    steps: fc.array(settings, { minLength: 1, maxLength: IDS.length, size: 'max' }),
    hosts: fc.integer({ min: 1, max: HOSTS.length }),
    isReversed: fc.boolean(),
  })
  .map(({ steps, hosts: count, isReversed }) => {
    const hosts = HOSTS.slice(0, count)
    const made = steps.map((given, index) => stepOf(IDS[index] ?? 'end', given, IDS.slice(0, index), hosts))
    const sets = [
      { name: 'all', hosts },
      { name: 'one', hosts: hosts.slice(0, 1) },
    ]
    // The order in the runbook need not be an order of needs.
    return plan(isReversed ? made.toReversed() : made, hosts, { sets })
  })

export const anyMode: fc.Arbitrary<Mode> = fc.constantFrom<Mode>('live', 'live', 'rehearsal', 'walkthrough')
