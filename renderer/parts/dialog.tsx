/** Dialogs: in the middle, focus inside and given back, Escape gives the harmless answer. */
import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './dialog.module.css'

const PARTS = {
  overlay: styles.scrim ?? '',
  inner: styles.inner ?? '',
  content: styles.content ?? '',
  body: styles.body ?? '',
}

export function Dialog(props: {
  readonly title: ReactNode
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly width?: number
  readonly glyph?: ReactNode
}) {
  return (
    <Modal.Root
      opened={props.isOpen}
      onClose={props.onClose}
      centered
      trapFocus
      returnFocus
      size={props.width ?? 480}
      transitionProps={{ duration: 0 }}
      closeOnClickOutside={false}
      classNames={PARTS}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Modal.Title className={styles.title ?? ''}>
            {props.glyph}
            {props.title}
          </Modal.Title>
          {props.children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** The answers, the harmless one on the left of the act. */
export function DialogActs(props: { readonly children: ReactNode }) {
  return <div className={styles.acts}>{props.children}</div>
}

/** Facts in two columns. */
export function Facts(props: {
  readonly rows: readonly { readonly term: string; readonly value: ReactNode; readonly isMono?: boolean }[]
  readonly termWidth?: number
}) {
  return (
    <dl
      className={styles.facts}
      style={props.termWidth === undefined ? undefined : { gridTemplateColumns: `${props.termWidth}px minmax(0, 1fr)` }}
    >
      {props.rows.map((row) => (
        <div key={row.term}>
          <dt>{row.term}</dt>
          <dd className={classes(row.isMono === true && styles.mono)}>{row.value}</dd>
        </div>
      ))}
    </dl>
  )
}
