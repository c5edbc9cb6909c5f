/** Small marks in text: the mode of a run, a count that asks for a person. */
import type { ReactNode } from 'react'
import type { Mode } from '../../shared/model/words.ts'
import type { ShownState } from '../../shared/model/cell.ts'
import { classes } from './classes.ts'
import styles from './tag.module.css'

export function Tag(props: { readonly children: ReactNode; readonly state?: ShownState }) {
  return <span className={classes(styles.tag, props.state !== undefined && styles[props.state])}>{props.children}</span>
}

const MODES: Readonly<Record<Mode, string>> = { live: 'LIVE', rehearsal: 'REHEARSAL', walkthrough: 'WALKTHROUGH' }

/** What kind of run this is, by word and by hatching, at the same place on every screen. */
export function ModeTag(props: { readonly mode: Mode; readonly isPractice: boolean }) {
  return (
    <>
      <span className={classes(styles.tag, props.mode === 'live' ? styles.live : styles.hatched)}>
        {MODES[props.mode]}
      </span>
      {props.isPractice ? <span className={classes(styles.tag, styles.hatched)}>PRACTICE HOSTS</span> : null}
    </>
  )
}

export function ReplayTag() {
  return <span className={classes(styles.tag, styles.hatched)}>REPLAY</span>
}
