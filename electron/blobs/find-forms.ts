/**
 * Finds any of many byte patterns in one pass over bytes (Wu and Manber 1994): a table says of each pair of bytes how far
 * the window may move on, so most bytes are never looked at. Asking for each pattern in turn cost more than the network.
 */

export type Interval = { readonly from: number; readonly to: number }

const SLOTS = 4096
/** What a byte of a table holds. */
const FURTHEST = 255

/** @returns every occurrence of every form, overlapping ones too, by rising `from` */
export function formFinder(forms: readonly Uint8Array[]): (bytes: Uint8Array) => Interval[] {
  const window = Math.min(FURTHEST, ...forms.map((form) => form.length))
  const isPair = window > 1
  const slotAt = (bytes: Uint8Array, last: number) =>
    isPair ? (((bytes[last - 1] ?? 0) << 4) ^ (bytes[last] ?? 0)) & (SLOTS - 1) : (bytes[last] ?? 0)
  const shifts = new Uint8Array(SLOTS).fill(isPair ? window - 1 : window)
  const ending = new Map<number, Uint8Array[]>()
  for (const form of forms) {
    for (let last = isPair ? 1 : 0; last < window; last++) {
      const slot = slotAt(form, last)
      shifts[slot] = Math.min(shifts[slot] ?? 0, window - 1 - last)
    }
    const slot = slotAt(form, window - 1)
    ending.set(slot, [...(ending.get(slot) ?? []), form])
  }

  return (bytes) => {
    const found: Interval[] = []
    for (let last = window - 1; last < bytes.length; ) {
      const slot = slotAt(bytes, last)
      const shift = shifts[slot] ?? 0
      if (shift > 0) {
        last += shift
        continue
      }
      const from = last - window + 1
      for (const form of ending.get(slot) ?? [])
        if (isAt(bytes, from, form)) found.push({ from, to: from + form.length })
      last++
    }
    return found
  }
}

function isAt(bytes: Uint8Array, from: number, form: Uint8Array): boolean {
  if (from + form.length > bytes.length) return false
  for (let at = 0; at < form.length; at++) if (bytes[from + at] !== form[at]) return false
  return true
}
