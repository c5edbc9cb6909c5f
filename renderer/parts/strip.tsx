/** Instruments over the board: one line of values that the lead reads at a glance. Values change inside their boxes. */
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './strip.module.css'
import unseen from './spoken.module.css'

export type Instrument = {
  readonly key: string
  readonly label: string
  readonly value: ReactNode
  /** Beside the value, smaller. */
  readonly aside?: ReactNode
  readonly note?: ReactNode
  readonly mark?: 'no-return' | 'back-out-by'
  readonly isBig?: boolean
  readonly bar?: { readonly share: number }
}

export function Strip(props: {
  readonly instruments: readonly Instrument[]
  readonly children?: ReactNode
  readonly spoken: string
}) {
  return (
    <section className={styles.strip} aria-label="Instruments">
      {props.instruments.map((one) => (
        <div key={one.key} className={classes(styles.box, one.mark !== undefined && styles[one.mark])}>
          <span className={styles.label}>{one.label}</span>
          <span className={classes(styles.value, one.isBig === true && styles.big)}>
            {one.value}
            {one.aside === undefined ? null : <small>{one.aside}</small>}
          </span>
          {one.bar === undefined ? (
            <span className={styles.note}>{one.note}</span>
          ) : (
            <span className={styles.bar}>
              <i style={{ width: `${Math.min(100, Math.max(0, one.bar.share * 100))}%` }} />
            </span>
          )}
        </div>
      ))}
      {props.children}
      {/* Said at most once a minute: the values themselves would never stop talking. */}
      <p className={unseen.spoken} aria-live="polite">
        {props.spoken}
      </p>
    </section>
  )
}

/** Counts by state, at the end of the strip. */
export function StripCounts(props: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={classes(styles.box, styles.counts)}>
      <span className={styles.label}>{props.label}</span>
      <ul>{props.children}</ul>
    </div>
  )
}
