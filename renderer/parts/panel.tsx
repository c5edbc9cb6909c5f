/** A region between hairlines: a head of 32 px and what it holds. */
import { type ReactNode, useId } from 'react'
import { classes } from './classes.ts'
import styles from './panel.module.css'

export function Panel(props: {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly className?: string | undefined
  readonly glyph?: ReactNode
}) {
  const id = useId()
  return (
    <section className={classes(styles.panel, props.className)} aria-labelledby={id}>
      <div className={styles.head}>
        {props.glyph}
        <h2 id={id}>{props.title}</h2>
        {props.note === undefined ? null : <span className={styles.note}>{props.note}</span>}
        <span className={styles.grow} />
        {props.aside}
      </div>
      {props.children}
    </section>
  )
}
