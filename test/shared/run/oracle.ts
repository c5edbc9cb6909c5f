/**
 * A second opinion, written from the meanings of the runbook alone: follows a journal event by event and says what ought
 * not to have happened. Knows nothing of shared/run.
 */
import type { RecordedRunEvent } from '../../../shared/model/events.ts'
import type { Plan, StepPlan } from '../../../shared/model/plan.ts'
import { NO_HOST } from '../../../shared/model/words.ts'

const FOR_A_PERSON = new Set([
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'authentication-refused',
  'secret-missing',
])

type Seen = {
  readonly step: string
  readonly target: string
  readonly wave: number
  state: 'not-run' | 'running' | 'passed' | 'warned' | 'failed' | 'unknown' | 'skipped' | 'cancelled'
  starts: number
  retries: number
  /** The place of its latest start among all starts: what it left on the host is from then. */
  nth: number | null
  isAccepted: boolean
  /** It failed for want of what only a person can give: that is never gone on from by itself. */
  isForAPerson: boolean
  isOpen: boolean
  /** A person wants its verify run: until it has begun, or a hold. */
  isVerifyAsked: boolean
  /** The verify that has just ended said that the work is there. */
  isVerified: boolean
  waitsUntilMs: number | null
  backout: 'none' | 'planned' | 'running' | 'failed' | 'unknown' | 'undone' | 'given-up'
  /** After a failed or unknown backout: a start needs a retry. */
  mayStartBackout: boolean
}

export type Oracle = {
  /** What is wrong about this event, given all before it; empty: nothing. */
  look(event: RecordedRunEvent): readonly string[]
}

export function oracle(plan: Plan): Oracle {
  const steps = new Map<string, StepPlan>(plan.steps.map((step) => [step.id, step]))
  const hosts = new Map(plan.sets.map((set) => [set.name, set.hosts]))
  const cells = new Map<string, Seen>()
  for (const step of plan.steps) {
    const targets = step.targets === null ? [NO_HOST] : (hosts.get(step.targets) ?? [])
    for (const [index, target] of targets.entries()) {
      const wave = Math.max(
        0,
        step.waves.findIndex((upTo) => index < upTo),
      )
      cells.set(`${step.id}/${target}`, {
        step: step.id,
        target,
        wave,
        state: 'not-run',
        starts: 0,
        retries: 0,
        nth: null,
        isAccepted: false,
        isForAPerson: false,
        isOpen: false,
        isVerifyAsked: false,
        isVerified: false,
        waitsUntilMs: null,
        backout: 'none',
        mayStartBackout: false,
      })
    }
  }
  const excluded = new Set<string>()
  const conditions = new Map<string, boolean | null>()
  const names = new Set<string>()
  const approvals = new Map<string, Map<string, string>>()
  let shiftMs = 0
  let phase: 'planned' | 'running' | 'closed' = 'planned'
  let hold: 'none' | 'all' | 'forward' = 'none'
  let isBackingOut = false
  let isPastNoReturn = false
  let starts = 0
  /** Work of a person that was recorded during a hold: its end has to be the next entry. */
  let toEndNow: Seen | null = null

  const of = (step: string): Seen[] => [...cells.values()].filter((one) => one.step === step)

  function satisfied(one: Seen): boolean {
    if (excluded.has(one.target)) return true
    if (one.backout !== 'none') return false
    if (one.state === 'passed' || one.state === 'warned' || one.state === 'skipped') return true
    const plan = steps.get(one.step)
    if (one.state !== 'failed') return false
    if (one.isAccepted) return true
    return plan?.onFailure === 'continue' && plan.kind !== 'gate' && !one.isForAPerson
  }

  /** What has to be true before forward work on a cell starts, whoever starts it. */
  function before(step: StepPlan, one: Seen, atMs: number): string[] {
    const wrong: string[] = []
    const say = (what: string) => wrong.push(`${step.id} on ${one.target} started ${what}`)
    if (phase !== 'running') say(`in a run that is ${phase}`)
    for (const need of step.needs) if (!of(need).every(satisfied)) say(`before its need ${need}`)
    if (of(step.id).some((other) => other.wave < one.wave && !satisfied(other))) say('before the wave below it')
    if (step.notBefore !== null && Date.parse(step.notBefore) + shiftMs > atMs) say('before its time')
    if (excluded.has(one.target)) say('on an excluded host')
    if (isBackingOut) say('while the run is backed out')
    if (one.backout !== 'none') say('although it is backed out')
    if (step.hasCondition && conditions.get(step.id) !== true) say('although its condition does not hold')
    if (step.pointOfNoReturn && [...cells.values()].some((other) => isUndoing(other))) say('with a backout open')
    return wrong
  }

  const isUndoing = (one: Seen) => one.backout !== 'none' && one.backout !== 'undone' && one.backout !== 'given-up'

  function needsOf(id: string, all = new Set<string>()): Set<string> {
    for (const need of steps.get(id)?.needs ?? []) {
      if (all.has(need)) continue
      all.add(need)
      needsOf(need, all)
    }
    return all
  }

  /** Ran after `one`, on its host or where one of the two builds on the other: has to be undone first. */
  function isLater(other: Seen, one: Seen): boolean {
    if (other === one || other.nth === null || one.nth === null || other.nth < one.nth) return false
    if (other.step === one.step) return other.wave !== one.wave
    if (one.target !== NO_HOST && other.target === one.target) return true
    return needsOf(other.step).has(one.step) || needsOf(one.step).has(other.step)
  }

  function attemptStarted(event: Extract<RecordedRunEvent, { type: 'attempt.started' }>): string[] {
    const { step: id, target, purpose } = event.data
    const one = cells.get(`${id}/${target}`)
    const step = steps.get(id)
    if (one === undefined || step === undefined) return [`${id} on ${target} is not in the plan`]
    const wrong: string[] = []
    const name = `${id}/${target}/${purpose}-${event.data.try}`
    if (names.has(name)) wrong.push(`the attempt ${name} was started twice`)
    names.add(name)
    if (one.isOpen) wrong.push(`${name} started beside another`)
    const isByPerson = step.kind === 'manual'
    switch (purpose) {
      case 'main': {
        wrong.push(...before(step, one, Date.parse(event.at)))
        // What somebody did meanwhile is recorded with its end in one act, and passes no point of no return.
        if (hold !== 'none' && step.kind === 'manual' && !step.pointOfNoReturn) toEndNow = one
        else if (hold !== 'none') wrong.push(`${name} started while the run was held`)
        if (one.state !== 'not-run') wrong.push(`${name} started while ${one.state}`)
        if (one.waitsUntilMs !== null && one.waitsUntilMs > Date.parse(event.at)) wrong.push(`${name} started too soon`)
        one.state = 'running'
        one.starts += 1
        if (one.starts > 1 + one.retries) wrong.push(`${name} ran again without a retry`)
        one.nth = starts++
        one.isOpen = true
        if (step.pointOfNoReturn) isPastNoReturn = true
        break
      }
      case 'check':
        if (one.state !== 'running') wrong.push(`${name} started while ${one.state}`)
        one.isOpen = true
        break
      case 'verify':
        if (one.state !== 'unknown') wrong.push(`${name} started while ${one.state}`)
        if (!one.isVerifyAsked) wrong.push(`${name} started and nobody had asked for it`)
        if (excluded.has(target) && one.backout !== 'planned') wrong.push(`${name} started on an excluded host`)
        if (one.backout !== 'none' && one.backout !== 'planned') wrong.push(`${name} started while it was undone`)
        one.isVerifyAsked = false
        one.isOpen = true
        break
      case 'diagnostics':
        if (one.state !== 'failed' && one.state !== 'unknown') wrong.push(`${name} started while ${one.state}`)
        if (excluded.has(target)) wrong.push(`${name} started on an excluded host`)
        if (hold === 'all' || (hold === 'forward' && one.backout === 'none'))
          wrong.push(`${name} started while the run was held`)
        one.isOpen = true
        break
      case 'backout':
      case 'backout-check': {
        const isFirst = purpose === 'backout'
        if (isPastNoReturn) wrong.push(`${name} started past the point of no return`)
        if (one.backout !== (isFirst ? 'planned' : 'running')) wrong.push(`${name} started while ${one.backout}`)
        if (one.state === 'running' || one.state === 'unknown') wrong.push(`${name} started while ${one.state}`)
        const first = [...cells.values()].find((other) => isUndoing(other) && isLater(other, one))
        if (isFirst && first !== undefined)
          wrong.push(`${name} started before ${first.step} on ${first.target} was undone`)
        if (hold === 'all' && isFirst && event.act === null) wrong.push(`${name} started while the run was held`)
        one.backout = 'running'
        one.isOpen = true
        break
      }
    }
    if (isByPerson && purpose !== 'main' && purpose !== 'backout') wrong.push(`${name} on a manual step`)
    return wrong
  }

  function look(event: RecordedRunEvent): string[] {
    const wrong: string[] = []
    if (toEndNow !== null) {
      const isItsEnd = event.type === 'cell.ended' && event.data.by === 'person'
      if (!isItsEnd || event.data.step !== toEndNow.step || event.data.target !== toEndNow.target)
        wrong.push(`${toEndNow.step} on ${toEndNow.target} started while the run was held`)
      toEndNow = null
    }
    const each = (list: readonly { step: string; target: string }[], change: (one: Seen) => void) => {
      for (const { step, target } of list) {
        const one = cells.get(`${step}/${target}`)
        if (one === undefined) wrong.push(`${event.type}: ${step} on ${target} is not in the plan`)
        else change(one)
      }
    }
    switch (event.type) {
      case 'run.started':
        phase = 'running'
        shiftMs = event.data.shiftMs
        break
      case 'run.closed':
        phase = 'closed'
        if ([...cells.values()].some((one) => one.isOpen)) wrong.push('closed while something runs')
        break
      case 'run.held':
        hold = 'all'
        for (const one of cells.values()) one.isVerifyAsked = false
        break
      case 'run.resumed':
        hold = 'none'
        break
      case 'attempt.started':
        wrong.push(...attemptStarted(event))
        break
      case 'attempt.finished':
        each([event.data], (one) => {
          one.isOpen = false
          const { purpose, outcome, verdict } = event.data
          one.isVerified = purpose === 'verify' && outcome.kind === 'exit' && (verdict === 'pass' || verdict === 'warn')
        })
        break
      case 'verify.asked':
        each(event.data.cells, (one) => {
          if (one.state !== 'unknown') wrong.push(`${one.step} is to be verified while ${one.state}`)
          if (!steps.get(one.step)?.hasVerify) wrong.push(`${one.step} has no verify`)
          one.isVerifyAsked = true
        })
        break
      case 'cell.verified':
        each([event.data], (one) => {
          if (one.state !== 'unknown') wrong.push(`${one.step} was verified while ${one.state}`)
          if (!one.isVerified) wrong.push(`${one.step} counts as verified, and its verify did not say so`)
          one.state = event.data.state
          one.isVerified = false
        })
        break
      case 'cell.ended':
        each([event.data], (one) => {
          const step = steps.get(one.step)
          if (step?.kind === 'milestone' && event.data.state === 'passed') {
            wrong.push(...before(step, one, Date.parse(event.at)))
            if (hold !== 'none') wrong.push(`${one.step} passed while the run was held`)
            if (step.pointOfNoReturn) isPastNoReturn = true
          }
          if (['passed', 'warned', 'failed', 'unknown', 'skipped', 'cancelled'].includes(one.state))
            wrong.push(`${one.step} on ${one.target} ended twice: it was ${one.state}`)
          one.state = event.data.state
          one.isForAPerson = FOR_A_PERSON.has(event.data.failure ?? '')
          one.isOpen = false
        })
        break
      case 'cell.retried':
        each([event.data], (one) => {
          if (one.state === 'passed' || one.state === 'warned')
            wrong.push(`${one.step} was retried after it ${one.state}`)
          if (event.data.by === 'policy' && one.state === 'unknown')
            wrong.push(`${one.step} was retried without a person`)
          if (conditions.get(one.step) === null) conditions.delete(one.step)
          one.state = 'not-run'
          one.isAccepted = false
          one.isVerifyAsked = false
          one.retries += 1
          one.waitsUntilMs = event.data.notBefore === null ? null : Date.parse(event.data.notBefore)
          if (steps.get(one.step)?.kind === 'gate') approvals.delete(one.step)
        })
        break
      case 'cell.accepted':
        each([event.data], (one) => {
          one.isAccepted = true
        })
        break
      case 'cells.skipped':
        each(event.data.cells, (one) => {
          if (one.state === 'unknown' || one.state === 'running')
            wrong.push(`${one.step} was skipped while ${one.state}`)
          if (steps.get(one.step)?.kind === 'gate' && event.data.by === 'person') wrong.push(`${one.step} was skipped`)
          one.state = 'skipped'
        })
        break
      case 'cells.cancelled':
        each(event.data.cells, (one) => {
          if (one.state !== 'not-run') wrong.push(`${one.step} was cancelled while ${one.state}`)
          one.state = 'cancelled'
        })
        break
      case 'cells.settled':
        each(event.data.cells, (one) => {
          if (event.data.phase === 'forward') {
            if (one.state !== 'unknown') wrong.push(`${one.step} was settled while ${one.state}`)
            one.state = event.data.as
            one.isVerifyAsked = false
            // Somebody looked and says so: that it was for want of something is no longer what is known of it.
            one.isForAPerson = false
          } else {
            if (one.backout !== 'unknown') wrong.push(`the backout of ${one.step} was settled while ${one.backout}`)
            one.backout = event.data.as === 'passed' ? 'undone' : 'failed'
          }
        })
        break
      case 'condition.evaluated':
        conditions.set(event.data.step, event.data.result)
        break
      case 'host.excluded':
        excluded.add(event.data.host)
        break
      case 'approval.given':
      case 'approval.refused':
      case 'approval.withdrawn': {
        const votes = approvals.get(event.data.gate) ?? new Map<string, string>()
        votes.set(`${event.data.role} ${event.data.key}`, event.type)
        approvals.set(event.data.gate, votes)
        break
      }
      case 'gate.decided': {
        const step = steps.get(event.data.gate)
        const one = cells.get(`${event.data.gate}/${NO_HOST}`)
        if (step === undefined || one === undefined || event.data.decision === 'no-go') break
        wrong.push(...before(step, one, Date.parse(event.at)))
        for (const [role, count] of Object.entries(step.approvals)) {
          const given = [...(approvals.get(step.id) ?? [])].filter(
            ([who, vote]) => who.startsWith(`${role} `) && vote === 'approval.given',
          )
          if (given.length < count) wrong.push(`${step.id} passed with ${given.length} of ${count} from ${role}`)
        }
        if (step.pointOfNoReturn) isPastNoReturn = true
        break
      }
      case 'backout.planned':
        if (isPastNoReturn) wrong.push('a backout was planned past the point of no return')
        if (event.data.by === 'person') hold = hold === 'none' || event.data.scope.kind === 'run' ? 'none' : 'forward'
        if (event.data.scope.kind === 'run') isBackingOut = true
        each(event.data.cells, (one) => {
          if (one.starts === 0) wrong.push(`a backout of ${one.step} on ${one.target} was planned, which never ran`)
          if (one.backout !== 'none') wrong.push(`a second backout of ${one.step} on ${one.target} was planned`)
          one.backout = 'planned'
        })
        break
      case 'backout.ended':
        each([event.data], (one) => {
          one.isOpen = false
          one.backout = event.data.state === 'passed' ? 'undone' : event.data.state
        })
        break
      case 'backout.retried':
        each([event.data], (one) => {
          if (isPastNoReturn) wrong.push(`a backout of ${one.step} was tried again past the point of no return`)
          if (!['failed', 'unknown', 'given-up'].includes(one.backout))
            wrong.push(`backout retried while ${one.backout}`)
          one.backout = 'planned'
        })
        break
      case 'backout.givenUp':
        each(event.data.cells, (one) => {
          if (one.backout === 'running') wrong.push(`the backout of ${one.step} was given up while it ran`)
          one.backout = 'given-up'
        })
        break
      default:
        break
    }
    return wrong
  }

  return { look }
}
