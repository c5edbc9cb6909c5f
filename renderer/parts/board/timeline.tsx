/** Bars of one row, placed by the axis. */
import { classes } from '../classes.ts'
import { stateClass } from '../glyph.tsx'
import type { Axis } from './axis.ts'
import type { Bar } from './bars.ts'
import styles from './timeline.module.css'

export function Timeline(props: {
  readonly bars: readonly Bar[]
  readonly axis: Axis
  readonly noReturnMs: number | null
}) {
  const { axis } = props
  return (
    <>
      {props.bars.map((bar) => {
        if (bar.toMs < axis.startMs || bar.fromMs > axis.endMs) return null
        const left = axis.place(bar.fromMs)
        return (
          <i
            key={`${bar.look} ${bar.fromMs} ${bar.state}`}
            className={classes(
              styles[bar.look],
              bar.state !== null && stateClass(bar.state),
              bar.state === 'passed' && styles.dim,
            )}
            style={{ left: `${left}%`, ...(bar.look === 'failed' ? {} : { width: `${axis.place(bar.toMs) - left}%` }) }}
          />
        )
      })}
      {props.noReturnMs === null || props.noReturnMs < axis.startMs || props.noReturnMs > axis.endMs ? null : (
        <i className={styles.noReturnMark} style={{ left: `${axis.place(props.noReturnMs)}%` }} />
      )}
    </>
  )
}
