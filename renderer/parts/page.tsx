/** What every page begins with: its top bar and its title in the window. */
import type { ReactNode } from 'react'
import { Cut } from './cut.tsx'
import styles from './page.module.css'

export function TopBar(props: {
  readonly title: string
  readonly before?: ReactNode
  readonly note?: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <header className={styles.topbar}>
      <title>{`${props.title} · Holdpoint`}</title>
      {props.before}
      <h1>
        <Cut text={props.title} />
      </h1>
      {props.note === undefined ? null : <span className={styles.note}>{props.note}</span>}
      {props.children}
    </header>
  )
}

export function Grow() {
  return <span className={styles.grow} />
}

export function Rule() {
  return <span className={styles.rule} />
}
