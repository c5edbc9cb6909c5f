/// <reference types="vite/client" />
/** Lines that cross all rows: hours and what lies outside the window behind the bars, the moments before them. */
import type { Axis } from './axis.ts'
import styles from './timeline.module.css'

export type BoardLines = {
  /** null: replayed or closed, there is no now. */
  readonly nowMs: number | null
  readonly noReturnMs: number | null
  readonly backOutByMs: number | null
  readonly window: { readonly startMs: number; readonly endMs: number } | null
}

export function Lines(props: {
  readonly axis: Axis
  readonly lines: BoardLines
  readonly height: number
  readonly layer: 'behind' | 'before'
}) {
  const { axis, lines } = props
  const x = (ms: number): string => `${axis.place(ms)}%`
  const isIn = (ms: number | null): ms is number => ms !== null && ms >= axis.startMs && ms <= axis.endMs
  const line = (ms: number | null, className: string | undefined) =>
    isIn(ms) ? <line x1={x(ms)} x2={x(ms)} y1="0" y2="100%" className={className} /> : null
  return (
    <div
      className={props.layer === 'behind' ? styles.linesBehind : styles.linesBefore}
      aria-hidden="true"
      style={{ height: props.height }}
    >
      <svg width="100%" height="100%">
        {props.layer === 'behind' ? (
          <>
            {lines.window === null ? null : (
              <>
                <rect x="0" y="0" width={x(lines.window.startMs)} height="100%" className={styles.outside} />
                <rect
                  x={x(lines.window.endMs)}
                  y="0"
                  width={`${100 - axis.place(lines.window.endMs)}%`}
                  height="100%"
                  className={styles.outside}
                />
              </>
            )}
            {axis.ticks.map((tick) => (
              <line key={tick.ms} x1={x(tick.ms)} x2={x(tick.ms)} y1="0" y2="100%" className={styles.hour} />
            ))}
            {lines.window === null ? null : (
              <>
                {line(lines.window.startMs, styles.edge)}
                {line(lines.window.endMs, styles.edge)}
              </>
            )}
            {lines.backOutByMs === null || lines.backOutByMs > axis.endMs ? null : (
              <rect
                x={x(lines.backOutByMs)}
                y="0"
                width={`${axis.place(lines.window?.endMs ?? axis.endMs) - axis.place(lines.backOutByMs)}%`}
                height="100%"
                className={styles.tooLate}
              />
            )}
          </>
        ) : (
          <>
            {line(lines.backOutByMs, styles.backOutLine)}
            {line(lines.noReturnMs, styles.noReturnLine)}
            {line(lines.nowMs, styles.nowLine)}
          </>
        )}
      </svg>
    </div>
  )
}
