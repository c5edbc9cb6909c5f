/**
 * The board: a row is a step, a column is a host or a minute. List, time and matrix share each row; there is one scroll
 * position down and one across. It shows what it is given: a run that goes on, or one that is replayed.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { groupHosts } from '../host-names.ts'
import styles from './board.module.css'
import { BoardHead } from './board-head.tsx'
import { BoardRowView, cellId } from './board-row.tsx'
import { type Columns, columnsOf, scrollToHost } from './columns.ts'
import type { BoardProps, Chosen } from './board-props.ts'
import { Lines } from './lines.tsx'
import type { BoardRow, StepRow } from './rows.ts'

const ROW_PX = 20
const MATRIX_PX = 320
const LEAST_MATRIX_PX = 132

export function Board(props: BoardProps) {
  const { rows, chosen } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [across, setAcross] = useState(0)
  const [side, setSide] = useState<'time' | 'hosts'>('time')
  const columns = useMemo(() => columnsOf(groupHosts(props.hosts)), [props.hosts])
  const matrix = Math.min(MATRIX_PX, Math.max(LEAST_MATRIX_PX, columns.width))
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  const at = rows.findIndex((row) => row.kind === 'step' && row.id === chosen?.step)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
    // Only a choice scrolls; rows that change under it do not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [chosen?.step])
  useEffect(() => {
    const host = chosen?.target
    if (host != null) setAcross((from) => scrollToHost(columns.columns, host, from, matrix))
  }, [chosen?.target, columns, matrix])

  const keys = (event: KeyboardEvent): void => {
    if (props.hasHostKeys === false && !['ArrowUp', 'ArrowDown', 'Enter'].includes(event.key)) return
    const next = moved(event.key, rows, at, chosen, columns)
    if (next !== null) props.onChoose(next)
    else if (event.key === 'Enter' && chosen !== null) props.onOpen()
    else return
    event.preventDefault()
  }

  return (
    <section
      className={styles.place}
      aria-label={props.label}
      onWheel={(event) => {
        if (event.deltaX !== 0) setAcross((from) => clampAcross(from + event.deltaX, columns, matrix))
      }}
    >
      <div
        className={styles.board}
        data-side={side}
        style={{ '--matrix': `${matrix}px`, '--number': props.steps > 999 ? '27px' : '18px' } as never}
      >
        <BoardHead
          {...props}
          columns={columns}
          across={across}
          matrix={matrix}
          side={side}
          onSide={setSide}
          onAcross={setAcross}
        />
        <div
          className={styles.body}
          ref={scroller}
          role="grid"
          aria-label={`${props.label}, steps and hosts`}
          aria-rowcount={rows.length}
          aria-colcount={props.hosts.length + 2}
          aria-activedescendant={chosen === null || at < 0 ? undefined : cellId(id, chosen.step, chosen.target)}
          tabIndex={0}
          onKeyDown={keys}
          data-board
        >
          <Lines axis={props.axis} lines={props.lines} height={Math.max(virtual.getTotalSize(), 1)} layer="behind" />
          <div className={styles.all} role="presentation" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              return row === undefined ? null : (
                <BoardRowView
                  key={item.key}
                  id={id}
                  row={row}
                  index={item.index}
                  top={item.start}
                  axis={props.axis}
                  columns={columns}
                  across={across}
                  matrix={matrix}
                  chosen={chosen}
                  onChoose={props.onChoose}
                  onFold={props.onFold}
                  isFirst={item.index === 0}
                />
              )
            })}
          </div>
          <Lines axis={props.axis} lines={props.lines} height={Math.max(virtual.getTotalSize(), 1)} layer="before" />
        </div>
      </div>
    </section>
  )
}

function clampAcross(across: number, columns: Columns, matrix: number): number {
  return Math.min(Math.max(0, across), Math.max(0, columns.width - matrix))
}

/** Where a key leads: up and down by steps, left and right by the hosts that the step acts on. */
function moved(
  key: string,
  rows: readonly BoardRow[],
  at: number,
  chosen: Chosen | null,
  columns: Columns,
): Chosen | null {
  const steps = rows.filter((row): row is StepRow => row.kind === 'step')
  const current = rows[at]
  if (key === 'ArrowDown' || key === 'ArrowUp' || key === 'Home' || key === 'End') {
    const place = current?.kind === 'step' ? steps.indexOf(current) : -1
    const to = { ArrowDown: place + 1, ArrowUp: Math.max(0, place - 1), Home: 0, End: steps.length - 1 }[key]
    const next = steps[Math.min(to, steps.length - 1)]
    if (next === undefined) return null
    const target = chosen?.target ?? null
    return { step: next.id, target: target !== null && next.cells.has(target) ? target : null }
  }
  if ((key === 'ArrowRight' || key === 'ArrowLeft') && current?.kind === 'step') {
    const hosts = columns.columns.map((column) => column.host).filter((host) => current.cells.has(host))
    const place = chosen?.target == null ? -1 : hosts.indexOf(chosen.target)
    const next = hosts[key === 'ArrowRight' ? place + 1 : place - 1]
    if (next !== undefined) return { step: current.id, target: next }
    return key === 'ArrowLeft' ? { step: current.id, target: null } : null
  }
  return null
}
