/** Ids and needs: each id once, each need there, no circle, nothing behind one. */
import { type Fault, fault } from '../../text/fault.ts'
import type { Sketch, StepSketch } from '../sketch.ts'

export function orderFaults(sketch: Sketch): Fault[] {
  const { byId } = sketch
  const { circular, faults: circles } = findCircles(sketch, byId)
  const faults: Fault[] = [...circles]
  const blocked = new Set(circular)
  for (const one of sketch.steps) {
    if (one.id === null) continue
    if (byId.get(one.id) !== one) {
      faults.push(
        fault(
          'duplicate-id',
          one.at('id'),
          `The id "${one.id}" is taken by step ${(byId.get(one.id)?.index ?? 0) + 1}.`,
          'Give each step an id of its own.',
        ),
      )
    }
    for (const [i, need] of (one.step?.needs ?? []).entries()) {
      if (byId.has(need)) continue
      blocked.add(one.id)
      faults.push(
        fault('missing-need', one.at('needs', i), `There is no step "${need}".`, 'Correct the id, or remove it.'),
      )
    }
  }
  return [...faults, ...unreachable(sketch, blocked)]
}

/** Steps behind a circle or behind a step that can never start. */
function unreachable(sketch: Sketch, blocked: ReadonlySet<string>): Fault[] {
  const stuck = new Set(blocked)
  const faults: Fault[] = []
  for (let grew = true; grew; ) {
    grew = false
    for (const one of sketch.steps) {
      const behind = one.step?.needs?.find((need) => stuck.has(need))
      if (one.id === null || stuck.has(one.id) || behind === undefined) continue
      stuck.add(one.id)
      grew = true
      faults.push(
        fault(
          'unreachable',
          one.at('id'),
          `"${one.id}" can never start: it needs "${behind}", which cannot.`,
          `Correct the needs of "${behind}".`,
        ),
      )
    }
  }
  return faults
}

/** Kahn's order leaves what is in a circle or behind one; going backwards as well leaves the circles and what joins them. */
function findCircles(
  sketch: Sketch,
  byId: ReadonlyMap<string, StepSketch>,
): { circular: ReadonlySet<string>; faults: Fault[] } {
  const needs = new Map<string, readonly string[]>()
  for (const [id, one] of byId)
    needs.set(
      id,
      (one.step?.needs ?? []).filter((need) => byId.has(need)),
    )
  const component = strongComponents(needs)
  const sizes = new Map<number, number>()
  for (const number of component.values()) sizes.set(number, (sizes.get(number) ?? 0) + 1)
  const circular = new Set<string>()
  const faults: Fault[] = []
  for (const [id, one] of byId) {
    for (const [i, need] of (one.step?.needs ?? []).entries()) {
      const isInside =
        need === id || (component.get(need) === component.get(id) && (sizes.get(component.get(id) ?? -1) ?? 0) > 1)
      if (!byId.has(need) || !isInside) continue
      circular.add(id)
      // One need of each circle points at a later step, or at itself: most likely the one that is wrong.
      if ((byId.get(need)?.index ?? 0) < one.index) continue
      const what = need === id ? `"${id}" needs itself.` : `"${id}" needs "${need}", which needs "${id}" in turn.`
      faults.push(fault('cycle', one.at('needs', i), what, 'Remove one of the needs of the circle.'))
    }
  }
  return { circular, faults }
}

/** Tarjan's strongly connected components, without recursion: a hostile chain may be long. */
function strongComponents(needs: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const component = new Map<string, number>()
  const path: string[] = []
  let components = 0
  for (const root of needs.keys()) {
    if (order.has(root)) continue
    const work: { id: string; next: number }[] = [{ id: root, next: 0 }]
    while (work.length > 0) {
      const frame = work.at(-1)
      if (frame === undefined) break
      const { id } = frame
      if (frame.next === 0) {
        order.set(id, order.size)
        low.set(id, order.get(id) ?? 0)
        path.push(id)
      }
      const target = needs.get(id)?.[frame.next]
      frame.next += 1
      if (target !== undefined) {
        if (!order.has(target)) work.push({ id: target, next: 0 })
        else if (!component.has(target)) low.set(id, Math.min(low.get(id) ?? 0, order.get(target) ?? 0))
        continue
      }
      if (low.get(id) === order.get(id)) {
        for (let top = path.pop(); top !== undefined; top = path.pop()) {
          component.set(top, components)
          if (top === id) break
        }
        components += 1
      }
      work.pop()
      const parent = work.at(-1)
      if (parent !== undefined) low.set(parent.id, Math.min(low.get(parent.id) ?? 0, low.get(id) ?? 0))
    }
  }
  return component
}
