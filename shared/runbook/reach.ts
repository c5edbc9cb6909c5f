/** Which steps a step needs, directly or not: asked often, over plans of a thousand steps, so kept as bits. */
export type Reach = {
  /** Whether `id` needs `other`, directly or not. A step of a circle needs itself. */
  needs(id: string, other: string): boolean
  /** How many steps it needs, directly or not: an order in which each comes after what it needs. */
  count(id: string): number
}

/** @param needed for each step the ids it names; ids that do not exist are left out */
export function reachOf(needed: ReadonlyMap<string, readonly string[]>): Reach {
  const ids = [...needed.keys()]
  const index = new Map(ids.map((id, i) => [id, i]))
  const needs = ids.map((id) =>
    (needed.get(id) ?? []).flatMap((need) => {
      const at = index.get(need)
      return at === undefined ? [] : [at]
    }),
  )
  const words = Math.ceil(ids.length / 32)
  const bits = ids.map(() => new Uint32Array(words))
  // What is needed comes first, so that one pass is enough; circles take another for each way round.
  const order = neededFirst(needs)
  for (let grew = true; grew; ) {
    grew = false
    for (const at of order) {
      const own = bits[at] ?? new Uint32Array(words)
      for (const need of needs[at] ?? []) {
        if (set(own, need)) grew = true
        if (merge(own, bits[need] ?? own)) grew = true
      }
    }
  }
  const of = (id: string) => bits[index.get(id) ?? -1]
  return {
    needs(id, other) {
      const at = index.get(other)
      return at !== undefined && (((of(id)?.[at >> 5] ?? 0) >>> (at & 31)) & 1) === 1
    },
    count(id) {
      let sum = 0
      for (let word of of(id) ?? []) for (; word !== 0; word &= word - 1) sum += 1
      return sum
    },
  }
}

function set(own: Uint32Array, at: number): boolean {
  const before = own[at >> 5] ?? 0
  own[at >> 5] = before | (1 << (at & 31))
  return own[at >> 5] !== before
}

function merge(own: Uint32Array, other: Uint32Array): boolean {
  let grew = false
  for (let i = 0; i < own.length; i++) {
    const before = own[i] ?? 0
    own[i] = before | (other[i] ?? 0)
    if (own[i] !== before) grew = true
  }
  return grew
}

/** Depth-first, without recursion: a hostile chain may be long. */
function neededFirst(needs: readonly (readonly number[])[]): number[] {
  const order: number[] = []
  const seen = new Uint8Array(needs.length)
  for (let root = 0; root < needs.length; root++) {
    const work: [at: number, next: number][] = seen[root] === 1 ? [] : [[root, 0]]
    seen[root] = 1
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const next = needs[frame[0]]?.[frame[1]]
      frame[1] += 1
      if (next === undefined) {
        order.push(frame[0])
        work.pop()
      } else if (seen[next] === 0) {
        seen[next] = 1
        work.push([next, 0])
      }
    }
  }
  return order
}
