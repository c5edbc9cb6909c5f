/** Columns of the matrix: where each host stands, and which of them are in view. */
import type { HostGroup } from '../host-names.ts'

const CELL_PX = 20
const GAP_PX = 8
const PADDING_PX = 6

export type Column = { readonly host: string; readonly short: string; readonly left: number }
export type Columns = {
  readonly columns: readonly Column[]
  readonly heads: readonly { readonly name: string; readonly left: number; readonly width: number }[]
  readonly width: number
}

export function columnsOf(groups: readonly HostGroup[]): Columns {
  const columns: Column[] = []
  const heads: { name: string; left: number; width: number }[] = []
  let left = PADDING_PX
  for (const group of groups) {
    const start = left
    for (const { host, short } of group.hosts) {
      columns.push({ host, short, left })
      left += CELL_PX
    }
    heads.push({ name: group.name, left: start, width: left - start })
    left += GAP_PX
  }
  return { columns, heads, width: Math.max(0, left - GAP_PX) + PADDING_PX }
}

/** Columns that [from, from + width) shows, with one to spare on each side. */
export function columnsInView(columns: readonly Column[], from: number, width: number): readonly Column[] {
  return columns.filter((column) => column.left + CELL_PX * 2 > from && column.left - CELL_PX < from + width)
}

/** Where to scroll so that a host can be seen; the present place where it can already. */
export function scrollToHost(columns: readonly Column[], host: string, from: number, width: number): number {
  const column = columns.find((one) => one.host === host)
  if (column === undefined) return from
  if (column.left < from + PADDING_PX) return Math.max(0, column.left - PADDING_PX)
  if (column.left + CELL_PX + PADDING_PX > from + width) return column.left + CELL_PX + PADDING_PX - width
  return from
}
