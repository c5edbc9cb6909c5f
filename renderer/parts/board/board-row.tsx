/** One row, read straight across: name, time, every host. */
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { showClock } from '../../../shared/text/time.ts'
import { classes } from '../classes.ts'
import { Cut } from '../cut.tsx'
import { Glyph, stateClass } from '../glyph.tsx'
import { STATE_WORDS } from '../states.ts'
import type { Axis } from './axis.ts'
import type { Chosen } from './board-props.ts'
import styles from './board-row.module.css'
import { type Columns, columnsInView } from './columns.ts'
import matrix from './matrix.module.css'
import { MatrixCell } from './matrix-cell.tsx'
import type { BoardRow, FoldRow, StepRow, StreamRow } from './rows.ts'
import time from './timeline.module.css'
import { Timeline } from './timeline.tsx'

type Props = {
  readonly id: string
  readonly row: BoardRow
  readonly index: number
  readonly top: number
  readonly axis: Axis
  readonly columns: Columns
  readonly across: number
  readonly matrix: number
  readonly chosen: Chosen | null
  readonly onChoose: (chosen: Chosen) => void
  readonly onFold: (id: string) => void
  readonly isFirst: boolean
}

export function cellId(grid: string, step: string, target: string | null): string {
  return `${grid}-${step}-${target ?? 'step'}`
}

export function BoardRowView(props: Props) {
  const { row } = props
  switch (row.kind) {
    case 'stream':
      return <Stream {...props} row={row} />
    case 'fold':
      return <Fold {...props} row={row} />
    case 'step':
      return <Step {...props} row={row} />
  }
}

const at = (top: number) => ({ transform: `translateY(${top}px)` })

function Stream(props: Props & { readonly row: StreamRow }) {
  const { row } = props
  return (
    <div
      className={classes(styles.row, styles.stream)}
      style={at(props.top)}
      role="row"
      aria-rowindex={props.index + 1}
    >
      <div className={styles.list} role="rowheader">
        <b>{row.title}</b>
        <span className={styles.owner}>{row.owner}</span>
        <span className={styles.count}>
          {row.done}/{row.total}
        </span>
        <span className={styles.late} />
      </div>
      <div className={time.time} role="gridcell" aria-label="">
        {props.isFirst ? (
          <span className={time.legend} aria-hidden="true">
            <i className={time.legendPlanned} /> plan <i className={time.legendActual} /> actual{' '}
            <i className={time.legendExpected} /> expected
          </span>
        ) : null}
      </div>
      <div className={matrix.matrix} role="gridcell" aria-label="" />
    </div>
  )
}

function Fold(props: Props & { readonly row: FoldRow }) {
  const { steps } = props.row
  const first = steps[0]
  const last = steps.at(-1)
  const { isOpen } = props.row
  const from = Math.min(...steps.map((step) => step.times?.startMs ?? Number.POSITIVE_INFINITY))
  const to = Math.max(...steps.map((step) => step.times?.endMs ?? Number.NEGATIVE_INFINITY))
  const clock =
    Number.isFinite(from) && Number.isFinite(to)
      ? `, ${showClock(from, props.axis.zone)}–${showClock(to, props.axis.zone)}`
      : ''
  const title = `Steps ${first?.number}–${last?.number} passed${clock}`
  return (
    <div className={classes(styles.row, styles.fold)} style={at(props.top)} role="row" aria-rowindex={props.index + 1}>
      <div className={styles.list} role="rowheader">
        <button
          type="button"
          tabIndex={-1}
          onClick={() => props.onFold(props.row.id)}
          aria-label={`${title}: ${showNumberOf(steps.length, 'step')}, ${isOpen ? 'fold' : 'unfold'}`}
        >
          <span className={styles.number}>
            {isOpen ? <IconChevronDown size={12} stroke={1.5} /> : <IconChevronRight size={12} stroke={1.5} />}
          </span>
          <Glyph state="passed" />
          <span className={styles.title}>{title}</span>
        </button>
      </div>
      <div className={time.time} role="gridcell" aria-label="">
        <Timeline
          bars={steps.flatMap((step) => step.bars).filter((bar) => bar.look !== 'planned')}
          axis={props.axis}
          noReturnMs={null}
        />
      </div>
      <div className={matrix.matrix} role="gridcell" aria-label="">
        {columnsInView(props.columns.columns, props.across, props.matrix).map((column) =>
          steps.some((step) => step.cells.has(column.host)) ? (
            <span key={column.host} className={matrix.cell} style={{ left: column.left - props.across }}>
              <Glyph state="passed" />
            </span>
          ) : null,
        )}
      </div>
    </div>
  )
}

const LOUD = ['failed', 'unknown', 'backout-failed']

function Step(props: Props & { readonly row: StepRow }) {
  const { row, chosen } = props
  const isChosen = chosen?.step === row.id
  const lateMin = Math.trunc(row.lateMs / 60_000)
  return (
    <div
      className={classes(styles.row, isChosen && styles.current, LOUD.includes(row.state) && styles.loud)}
      style={at(props.top)}
      role="row"
      aria-rowindex={props.index + 1}
      aria-selected={isChosen}
    >
      {/* The grid itself answers the keyboard: arrows and Enter. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      <div
        className={styles.list}
        role="rowheader"
        id={cellId(props.id, row.id, null)}
        aria-label={`Step ${row.number}, ${row.title}, ${STATE_WORDS[row.state]}, ${row.hosts}`}
        onClick={() => props.onChoose({ step: row.id, target: null })}
      >
        <span className={styles.number}>{row.number}</span>
        <Glyph state={row.state} />
        <span className={styles.title}>
          <Cut text={row.title} />
        </span>
        <span className={styles.count}>{row.hosts}</span>
        <span className={styles.late}>{lateMin === 0 ? '' : lateMin > 0 ? `+${lateMin}` : `−${-lateMin}`}</span>
      </div>
      <div className={time.time} role="gridcell" aria-label={timeLabel(row, props.axis.zone)}>
        <Timeline bars={row.bars} axis={props.axis} noReturnMs={row.isNoReturn ? (row.times?.startMs ?? null) : null} />
      </div>
      {row.noHost === null ? (
        <Matrix {...props} />
      ) : (
        <div className={classes(matrix.matrix, matrix.noHost)} role="gridcell">
          {row.noHost}
        </div>
      )}
    </div>
  )
}

function Matrix(props: Props & { readonly row: StepRow }) {
  const { row, chosen, columns, across } = props
  return (
    <div className={matrix.matrix} role="presentation">
      {columnsInView(columns.columns, across, props.matrix).map((column) => {
        const cell = row.cells.get(column.host)
        const left = column.left - across
        if (cell === undefined) {
          return chosen?.target === column.host ? (
            <span key={column.host} className={matrix.hot} style={{ left }} aria-hidden="true" />
          ) : null
        }
        const before = columns.columns[columns.columns.indexOf(column) - 1]
        const wave = before === undefined ? undefined : row.cells.get(before.host)?.wave
        return (
          <MatrixCell
            key={column.host}
            id={cellId(props.id, row.id, column.host)}
            cell={cell}
            left={left}
            label={`${row.title} on ${column.host}, ${STATE_WORDS[cell.state]}`}
            isChosen={chosen?.step === row.id && chosen.target === column.host}
            isHot={chosen?.target === column.host}
            isWaveStart={wave !== undefined && wave !== cell.wave}
            className={stateClass(cell.state)}
            onChoose={() => props.onChoose({ step: row.id, target: column.host })}
          />
        )
      })}
    </div>
  )
}

function timeLabel(row: StepRow, zone: string): string {
  const { times } = row
  if (times === null) return ''
  const planned = `planned ${showClock(times.plannedStartMs, zone)} to ${showClock(times.plannedEndMs, zone)}`
  const actual = `${showClock(times.startMs, zone)} to ${showClock(times.endMs, zone)}`
  return `${planned}, ${times.isDone ? 'was' : times.isStarted ? 'since and expected' : 'expected'} ${actual}`
}
