/** Cuts lists so that what carries one fits the header of an entry: 65,535 bytes, with room for an act and its signature. */

/** Bytes of canonical JSON that a list may take. All that is listed is ASCII: ids, host names, numbers. */
const ROOM = 40_000

function sizeOf(item: unknown): number {
  return JSON.stringify(item).length + 1
}

export function fits(value: unknown): boolean {
  return sizeOf(value) <= ROOM
}

/** @returns the items in order, in as few lists as fit; none for no items */
export function inPieces<T>(items: readonly T[]): readonly (readonly T[])[] {
  const pieces: T[][] = []
  let room = 0
  for (const item of items) {
    const size = sizeOf(item)
    const last = pieces.at(-1)
    if (last === undefined || size > room) {
      pieces.push([item])
      room = ROOM - size
    } else {
      last.push(item)
      room -= size
    }
  }
  return pieces
}
