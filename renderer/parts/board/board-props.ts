/** What a board is given: rows, hosts, a time axis, lines on it, and what a person has chosen. */
import type { Axis, Span } from './axis.ts'
import type { BoardLines } from './lines.tsx'
import type { BoardRow } from './rows.ts'

export type Chosen = { readonly step: string; readonly target: string | null }

export type BoardProps = {
  readonly label: string
  readonly rows: readonly BoardRow[]
  readonly hosts: readonly string[]
  readonly axis: Axis
  readonly lines: BoardLines
  readonly chosen: Chosen | null
  readonly onChoose: (chosen: Chosen) => void
  readonly onOpen: () => void
  readonly onFold: (id: string) => void
  readonly steps: number
  readonly isFolded: boolean
  readonly onFolded: (isFolded: boolean) => void
  readonly span: Span
  readonly hasWindow: boolean
  readonly onSpan: (span: Span) => void
  readonly isLive: boolean
  /** False where left and right mean something else: in a replay they go from entry to entry. */
  readonly hasHostKeys?: boolean
}
