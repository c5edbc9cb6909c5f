/** What needs to be known, in its place: never a toast. What happened, where, what to do; then what was not changed. */
import type { ReactNode } from 'react'
import type { ShownState } from '../../shared/model/cell.ts'
import { classes } from './classes.ts'
import { Glyph } from './glyph.tsx'
import styles from './notice.module.css'

export function Notice(props: {
  readonly state: ShownState
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly aside?: ReactNode
  readonly isAlert?: boolean
}) {
  return (
    <div className={classes(styles.notice, styles[props.state])} role={props.isAlert === true ? 'alert' : undefined}>
      <Glyph state={props.state} />
      <div className={styles.text}>
        <b>{props.title}</b>
        {props.children === undefined ? null : <div className={styles.body}>{props.children}</div>}
      </div>
      {props.aside}
    </div>
  )
}

/** What was answered to an act that was not done. */
export function Problem(props: { readonly message: string | null }) {
  return props.message === null ? null : (
    <p className={styles.problem} role="alert">
      <Glyph state="failed" />
      <span>{props.message}</span>
    </p>
  )
}
