/** The entries, newest first. Rows have their place before they are read, and nothing that arrives moves them. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type Ref, useEffect, useId, useImperativeHandle, useRef } from 'react'
import { zoneName } from '../../../shared/text/time.ts'
import { classes } from '../../parts/classes.ts'
import { useIsNarrow } from '../../parts/narrow.ts'
import type { Checked } from './checked.ts'
import type { Rows } from './rows.ts'
import { LogRow, rowId } from './log-row.tsx'
import styles from './log-table.module.css'
import unseen from '../../parts/spoken.module.css'

const ROW_PX = 28
const HEAD_PX = 28
const COLUMNS = ['Entry', 'At', 'Mark', 'Type', 'About', 'By', 'Cause', 'Proof'] as const

export type TableHandle = { focus(): void; toTop(): void }

export function LogTable(props: {
  readonly rows: Rows
  readonly chosen: number | null
  readonly checked: Checked | null
  readonly zone: string
  /** The zone is named as it is at this moment; entries of another season say theirs. */
  readonly headMs: number
  readonly onChoose: (seq: number) => void
  readonly onOpen: () => void
  readonly ref: Ref<TableHandle>
}) {
  const { rows, chosen } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 16,
    paddingStart: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  })
  const nameLength = useIsNarrow() ? 11 : 18
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? -1
  const { need } = rows
  useEffect(() => {
    if (last >= 0) need(first, last)
    // A row that is there already is not asked for again: `need` looks itself.
  }, [first, last, need])

  const at = chosen === null ? null : rows.rowOf(chosen)
  const isPlaced = useRef(false)
  useEffect(() => {
    if (at === null) return
    virtual.scrollToIndex(at, { align: isPlaced.current ? 'auto' : 'center' })
    isPlaced.current = true
    // Only a choice scrolls; rows that come above it do not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [chosen, at === null])
  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus(),
    toTop: () => virtual.scrollToOffset(0),
  }))

  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2)
    const to = movedTo(event.key, at, rows.count, page)
    const seq = to === null ? null : rows.seqAt(to)
    if (seq !== null) props.onChoose(seq)
    else if (event.key === 'Enter' && chosen !== null) props.onOpen()
    else return
    event.preventDefault()
  }

  return (
    <div
      className={styles.table}
      ref={scroller}
      role="grid"
      aria-label="Entries of the log, newest first"
      aria-rowcount={rows.isEnd ? rows.count + 1 : -1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={at === null ? undefined : rowId(id, chosen ?? 0)}
      tabIndex={0}
      onKeyDown={keys}
      data-log
    >
      <div className={classes(styles.row, styles.head)} role="row" aria-rowindex={1}>
        {COLUMNS.map((column) => (
          <span key={column} role="columnheader">
            {column === 'At' ? (
              `At, ${zoneName(props.headMs, props.zone)} (claimed)`
            ) : column === 'Mark' ? (
              <span className={unseen.spoken}>{column}</span>
            ) : (
              column
            )}
          </span>
        ))}
      </div>
      <div className={styles.all} role="presentation" style={{ height: Math.max(0, virtual.getTotalSize() - HEAD_PX) }}>
        {items.map((item) => {
          const seq = rows.seqAt(item.index)
          return seq === null ? null : (
            <LogRow
              key={seq}
              id={rowId(id, seq)}
              seq={seq}
              entry={rows.at(item.index)}
              index={item.index}
              top={item.start - HEAD_PX}
              isChosen={seq === chosen}
              checked={props.checked}
              zone={props.zone}
              headZone={zoneName(props.headMs, props.zone)}
              nameLength={nameLength}
              onChoose={props.onChoose}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Without a choice, down begins at the newest. */
function movedTo(key: string, at: number | null, count: number, page: number): number | null {
  if (count === 0) return null
  const within = (row: number): number => Math.min(Math.max(0, row), count - 1)
  switch (key) {
    case 'ArrowDown':
      return within(at === null ? 0 : at + 1)
    case 'ArrowUp':
      return within(at === null ? 0 : at - 1)
    case 'PageDown':
      return within((at ?? 0) + page)
    case 'PageUp':
      return within((at ?? 0) - page)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
