/** What an administrator had dropped: a black bar, and the word. */
import { classes } from '../../parts/classes.ts'
import styles from './redacted.module.css'

export function Redacted(props: { readonly isShort?: boolean }) {
  return <span className={classes(styles.bar, props.isShort === true && styles.short)}>redacted</span>
}
