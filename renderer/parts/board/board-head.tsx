/** The board's head: which rows, which time, the hosts; the flags of now, no return and the last moment to back out. */
import { showCount } from '../../../shared/text/quantity.ts'
import { showClock } from '../../../shared/text/time.ts'
import { classes } from '../classes.ts'
import { Cut } from '../cut.tsx'
import { Seg } from '../seg.tsx'
import type { BoardProps } from './board-props.ts'
import styles from './board-head.module.css'
import { type Columns, columnsInView } from './columns.ts'

type Props = BoardProps & {
  readonly columns: Columns
  readonly across: number
  readonly matrix: number
  readonly side: 'time' | 'hosts'
  readonly onSide: (side: 'time' | 'hosts') => void
  readonly onAcross: (across: number) => void
}

export function BoardHead(props: Props) {
  return (
    <div className={styles.head}>
      <div className={styles.headList}>
        <Seg
          label="Steps shown"
          isSmall
          value={props.isFolded ? 'open' : 'all'}
          options={[
            { value: 'open', text: 'Open' },
            { value: 'all', text: `All ${showCount(props.steps)}` },
          ]}
          onChange={(value) => props.onFolded(value === 'open')}
        />
        <div className={styles.swap}>
          <Seg
            label="Beside the steps"
            isSmall
            value={props.side}
            options={[
              { value: 'time', text: 'Timeline' },
              { value: 'hosts', text: 'Hosts' },
            ]}
            onChange={props.onSide}
          />
        </div>
        <span className={styles.grow} />
        <span className={styles.headHosts}>hosts</span>
        <span className={styles.headLate}>min</span>
      </div>
      <div className={styles.headTime}>
        <div className={styles.zoom}>
          <Seg
            label="Time shown"
            isSmall
            value={props.span}
            options={[
              ...(props.hasWindow ? [{ value: 'window' as const, text: 'Window' }] : []),
              { value: 'run' as const, text: 'Run' },
              ...(props.isLive ? [{ value: 'next' as const, text: 'Next 2 h' }] : []),
            ]}
            onChange={props.onSpan}
          />
        </div>
        <Flags {...props} />
      </div>
      <HostHead {...props} />
    </div>
  )
}

/** Labels that would leave the head stand on the other side of their line. */
function side(percent: number): string | undefined {
  return percent > 78 ? styles.flagLeft : undefined
}

/** A label that would leave the head is left out: its line is there. */
const TICK_FITS_TO = 92

function Flags(props: Props) {
  const { axis, lines } = props
  const isIn = (ms: number | null): ms is number => ms !== null && ms >= axis.startMs && ms <= axis.endMs
  return (
    <>
      {axis.ticks
        .filter((tick) => axis.place(tick.ms) < TICK_FITS_TO)
        .map((tick) => (
          <span key={tick.ms} className={styles.tick} style={{ left: `${axis.place(tick.ms)}%` }}>
            {tick.text}
          </span>
        ))}
      {isIn(lines.noReturnMs) ? (
        <span
          className={classes(styles.flag, styles.noReturn, side(axis.place(lines.noReturnMs)))}
          style={{ left: `${axis.place(lines.noReturnMs)}%` }}
        >
          no return {showClock(lines.noReturnMs, axis.zone)}
        </span>
      ) : null}
      {isIn(lines.backOutByMs) ? (
        <span
          className={classes(styles.flag, styles.backOutBy, side(axis.place(lines.backOutByMs)))}
          style={{ left: `${axis.place(lines.backOutByMs)}%` }}
        >
          back out by {showClock(lines.backOutByMs, axis.zone)}
        </span>
      ) : null}
      {isIn(lines.nowMs) ? (
        <span className={styles.nowFlag} style={{ left: `${axis.place(lines.nowMs)}%` }}>
          {showClock(lines.nowMs, axis.zone)}
        </span>
      ) : null}
    </>
  )
}

function HostHead(props: Props) {
  const { columns, across, matrix, chosen } = props
  const shown = columnsInView(columns.columns, across, matrix)
  const overflow = columns.width - matrix
  return (
    <div className={styles.headMatrix}>
      {columns.heads.map((head) => (
        <span
          key={`${head.name} ${head.left}`}
          className={styles.groupHead}
          style={{ left: head.left - across, width: head.width }}
        >
          <Cut text={head.name} />
        </span>
      ))}
      {shown.map((column) => (
        <span
          key={column.host}
          className={classes(styles.hostHead, chosen?.target === column.host && styles.hostChosen)}
          style={{ left: column.left - across }}
          title={column.host}
        >
          {column.short}
        </span>
      ))}
      {overflow > 0 ? (
        <input
          type="range"
          className={styles.across}
          min={0}
          max={overflow}
          value={Math.min(across, overflow)}
          aria-label="Hosts in view"
          onChange={(event) => props.onAcross(Number(event.currentTarget.value))}
        />
      ) : null}
    </div>
  )
}
