/** A state's shape: its outline alone tells it apart at 12 px. Colour and word repeat it. */
import type { ReactNode } from 'react'
import type { ShownState } from '../../shared/model/cell.ts'
import { classes } from './classes.ts'
import styles from './glyph.module.css'
import { STATE_WORDS } from './states.ts'

const line = { fill: 'none', stroke: 'currentColor' } as const

const SHAPES: Readonly<Record<ShownState, ReactNode>> = {
  waiting: <circle cx="6" cy="6" r="1.75" fill="currentColor" />,
  ready: <circle cx="6" cy="6" r="4.25" strokeWidth="1.5" {...line} />,
  running: <path d="M2.75 1.5v9L10.5 6z" fill="currentColor" />,
  passed: <path d="M2 6.5 4.75 9.25 10 3.25" strokeWidth="1.75" {...line} />,
  warned: (
    <>
      <path d="M6 .9 11.6 11H.4z" fill="currentColor" />
      <path d="M6 4.2v3.4M6 8.6v1.2" className={styles.cut} strokeWidth="1.3" />
    </>
  ),
  failed: (
    <>
      <path d="M1 1h10v10H1z" fill="currentColor" />
      <path d="M3.6 3.6l4.8 4.8M8.4 3.6 3.6 8.4" className={styles.cut} strokeWidth="1.5" />
    </>
  ),
  skipped: <path d="M2 2.5 5.5 6 2 9.5M6.5 2.5 10 6 6.5 9.5" strokeWidth="1.5" {...line} />,
  unknown: (
    <>
      <path d="M6 0 12 6 6 12 0 6z" fill="currentColor" />
      <path d="M4.5 4.7c0-2 3-2 3 0 0 1.1-1.5 1.1-1.5 2.3M6 8v1.2" className={styles.cut} strokeWidth="1.25" />
    </>
  ),
  'backing-out': <path d="M9.25 1.5v9L1.5 6z" fill="currentColor" />,
  'backed-out': <path d="M4.5 1.5 2 4l2.5 2.5M2 4h5a3 3 0 0 1 0 6H4" strokeWidth="1.5" {...line} />,
  'backout-failed': (
    <>
      <path d="M1 1h10v10H1z" fill="currentColor" />
      <path d="M5 2.6 3.2 4.4 5 6.2M3.2 4.4h3.3a2.2 2.2 0 0 1 0 4.4H4.6" className={styles.cut} strokeWidth="1.3" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="6" cy="6" r="4.25" strokeWidth="1.25" {...line} />
      <path d="M3 9 9 3" strokeWidth="1.25" {...line} />
    </>
  ),
}

export function stateClass(state: ShownState): string {
  return styles[state] ?? ''
}

/** @param label set it where no word stands beside the shape */
export function Glyph(props: { readonly state: ShownState; readonly size?: number; readonly isLabelled?: boolean }) {
  const size = props.size ?? (props.state === 'unknown' ? 13 : 12)
  return (
    <svg
      className={classes(styles.glyph, stateClass(props.state))}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      {...(props.isLabelled === true
        ? { role: 'img', 'aria-label': STATE_WORDS[props.state] }
        : { 'aria-hidden': true })}
    >
      {SHAPES[props.state]}
    </svg>
  )
}

/** Shape and word. */
export function State(props: { readonly state: ShownState; readonly children?: ReactNode }) {
  return (
    <span className={classes(styles.state, stateClass(props.state))}>
      <Glyph state={props.state} />
      <span>{props.children ?? STATE_WORDS[props.state]}</span>
    </span>
  )
}
