/** The place of what is not there: empty space, one sentence, and what can be done. And of what is still being read. */
import type { ReactNode } from 'react'
import styles from './empty.module.css'

export function Empty(props: { readonly title: string; readonly children?: ReactNode; readonly acts?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <svg width="56" height="56" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor">
        <path d="M5 3v18M19 3v18" strokeWidth="1.5" />
        <path d="M5 12h4M15 12h4" strokeWidth="1.5" strokeDasharray="1.5 1.5" />
      </svg>
      <h2>{props.title}</h2>
      {props.children === undefined ? null : <div className={styles.text}>{props.children}</div>}
      {props.acts === undefined ? null : <div className={styles.acts}>{props.acts}</div>}
    </div>
  )
}

const WIDTHS = ['62%', '48%', '71%', '39%', '66%', '54%', '44%', '58%']

/** Rows in their final geometry, shown once it takes longer than 300 ms. No spinner and no shimmer. */
export function LoadingRows(props: { readonly what: string; readonly rows?: number; readonly height?: number }) {
  return (
    <div className={styles.loading} role="status">
      <p>{props.what}</p>
      {Array.from({ length: props.rows ?? 8 }, (_, row) => (
        <div key={row} className={styles.row} style={{ height: props.height ?? 24 }}>
          <i style={{ width: 16 }} />
          <i style={{ width: WIDTHS[row % WIDTHS.length] }} />
        </div>
      ))}
    </div>
  )
}

/** Where a count is known: a bar, the count beside it. */
export function Progress(props: {
  readonly label: string
  readonly done: number
  readonly total: number
  readonly text: string
}) {
  const share = props.total === 0 ? 0 : Math.min(1, props.done / props.total)
  return (
    <div className={styles.progress}>
      <div>
        <span>{props.label}</span>
        <b>{props.text}</b>
      </div>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={props.total}
        aria-valuenow={props.done}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}
