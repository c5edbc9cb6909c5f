/** Times: each is one moment, in order, and inside the window; and the plan fits. */
import { parseDuration } from '../../text/duration.ts'
import { type Fault, fault, type Place, warning } from '../../text/fault.ts'
import { isZone, msOf, readTime } from '../../text/time.ts'
import { nodeAt } from '../../text/tree.ts'
import type { Sketch, StepSketch } from '../sketch.ts'

export function timeFaults(sketch: Sketch): Fault[] {
  const faults: Fault[] = []
  const zone = sketch.window?.zone ?? null
  if (zone !== null && !isZone(zone)) {
    return [
      fault(
        'unknown-zone',
        sketch.at('window', 'zone'),
        `There is no time zone "${zone}".`,
        'Write an IANA zone such as Europe/Berlin, or UTC.',
      ),
    ]
  }
  const read = (text: string | undefined, at: Place): number | null => {
    if (text === undefined) return null
    const time = readTime(text, zone)
    if ('at' in time) return msOf(time.at)
    if (time.problem === 'no-zone' && hasFaultyWindow(sketch)) return null
    faults.push(notAMoment(time.problem, text, zone, at))
    return null
  }
  const start = read(sketch.window?.start, sketch.at('window', 'start'))
  const end = read(sketch.window?.end, sketch.at('window', 'end'))
  if (start !== null && end !== null && end <= start) {
    faults.push(
      fault(
        'impossible-time',
        sketch.at('window', 'end'),
        'The window ends before it starts.',
        'Correct one of the two times.',
      ),
    )
  }
  const from = read(sketch.outage?.start, sketch.at('outage', 'start'))
  const to = read(sketch.outage?.end, sketch.at('outage', 'end'))
  if (from !== null && to !== null && to <= from) {
    faults.push(
      fault(
        'impossible-time',
        sketch.at('outage', 'end'),
        'The outage ends before it starts.',
        'Correct one of the two times.',
      ),
    )
  }
  if (start !== null && end !== null && from !== null && to !== null && (from < start || to > end)) {
    faults.push(
      warning(
        'outage-outside-window',
        sketch.at('outage', from < start ? 'start' : 'end'),
        'Users notice outside the change window.',
        'Check the two.',
      ),
    )
  }
  const window = start !== null && end !== null && start < end ? { start, end } : null
  const latest = new Map<StepSketch, number>()
  for (const one of sketch.steps) {
    const notBefore = read(one.step?.notBefore, one.at('notBefore'))
    const latestStart = read(one.step?.latestStart, one.at('latestStart'))
    read(one.step?.waitsFor?.promisedAt, one.at('waitsFor', 'promisedAt'))
    if (latestStart !== null) latest.set(one, latestStart)
    if (window !== null && latestStart !== null && (latestStart < window.start || latestStart > window.end)) {
      faults.push(outside(one.at('latestStart'), 'latestStart'))
    }
    if (window !== null && notBefore !== null && notBefore > window.end)
      faults.push(outside(one.at('notBefore'), 'notBefore'))
    if (notBefore !== null && latestStart !== null && latestStart < notBefore) {
      faults.push(
        fault(
          'impossible-time',
          one.at('latestStart'),
          'It must start before it may.',
          'Put latestStart after notBefore.',
        ),
      )
    }
  }
  return window === null ? faults : [...faults, ...fitFaults(sketch, window, latest)]
}

function hasFaultyWindow(sketch: Sketch): boolean {
  return sketch.window === null && nodeAt(sketch.tree, ['window']) !== undefined
}

function outside(at: Place, key: string): Fault {
  return fault('impossible-time', at, `${key} lies outside the change window.`, 'Put it between the start and the end.')
}

function notAMoment(problem: string, text: string, zone: string | null, at: Place): Fault {
  switch (problem) {
    case 'no-zone':
      return fault(
        'no-zone',
        at,
        `${text} does not say in which zone.`,
        'Add +01:00 or Z, or give the runbook a window with a zone.',
      )
    case 'skipped':
      return fault(
        'impossible-time',
        at,
        `${text} does not exist in ${zone}: the clock is put forward over it.`,
        'Choose another time, or give the offset: +02:00.',
      )
    case 'twice':
      return fault(
        'impossible-time',
        at,
        `${text} occurs twice in ${zone}: the clock is put back.`,
        'Give the offset, to say which: +02:00 or +01:00.',
      )
    default:
      return fault('impossible-time', at, `${text} is not a time of the calendar.`, 'Correct the day or the hour.')
  }
}

/** A forward pass over expected durations: warnings only, since what is expected is a guess. */
function fitFaults(
  sketch: Sketch,
  window: { start: number; end: number },
  latest: ReadonlyMap<StepSketch, number>,
): Fault[] {
  const { byId, reach } = sketch
  const isCircular = [...byId.keys()].some((id) => reach.needs(id, id))
  if (isCircular) return []
  const starts = new Map<string, number>()
  const lengthOf = (id: string) => parseDuration(byId.get(id)?.step?.duration?.expected ?? '') ?? 0
  const order = new Map([...byId.keys()].map((id) => [id, reach.count(id)]))
  const inOrder = [...byId.keys()].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  for (const id of inOrder) {
    const needs = (byId.get(id)?.step?.needs ?? []).filter((need) => byId.has(need))
    starts.set(id, Math.max(window.start, ...needs.map((need) => (starts.get(need) ?? window.start) + lengthOf(need))))
  }
  const faults: Fault[] = []
  for (const [one, latestStart] of latest) {
    const earliest = starts.get(one.id ?? '')
    if (earliest === undefined || earliest <= latestStart || latestStart < window.start) continue
    faults.push(
      warning(
        'late-from-the-start',
        one.at('latestStart'),
        'By the expected durations it cannot start in time.',
        'Move latestStart, or shorten what it needs.',
      ),
    )
  }
  const finish = Math.max(window.start, ...inOrder.map((id) => (starts.get(id) ?? 0) + lengthOf(id)))
  if (finish > window.end) {
    faults.push(
      warning(
        'does-not-fit',
        sketch.at('window', 'end'),
        'By the expected durations the plan ends after the window.',
        'Lengthen the window, or shorten the plan.',
      ),
    )
  }
  return faults
}
