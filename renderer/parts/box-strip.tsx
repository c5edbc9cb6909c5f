/** Facts about one thing in a row of boxes: a word and its shape, and under it what the word rests on. */
import type { ReactNode } from 'react'
import type { ShownState } from '../../shared/model/cell.ts'
import styles from './box-strip.module.css'
import { classes } from './classes.ts'
import { State } from './glyph.tsx'

export type Box = {
  readonly key: string
  readonly label: string
  /** null: a number or a name, neither good nor bad. */
  readonly state: ShownState | null
  readonly value: string
  readonly note: ReactNode
  readonly isNarrow?: boolean
  /** Gives way on a narrow screen, unless it is bad. */
  readonly isMinor?: boolean
}

export function BoxStrip(props: { readonly label: string; readonly boxes: readonly Box[] }) {
  return (
    <section className={styles.strip} aria-label={props.label}>
      {props.boxes.map((box) => (
        <div
          key={box.key}
          className={classes(
            styles.box,
            box.isNarrow === true && styles.narrow,
            box.isMinor === true && styles.minor,
            box.state === 'failed' && styles.bad,
          )}
        >
          <span className={styles.label}>{box.label}</span>
          <span className={styles.value}>
            {box.state === null ? box.value : <State state={box.state}>{box.value}</State>}
          </span>
          <span className={styles.note}>{box.note}</span>
        </div>
      ))}
    </section>
  )
}
