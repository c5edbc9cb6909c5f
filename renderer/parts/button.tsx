/** Buttons: ink (one in a region), outlined, quiet, danger. One that cannot be used says why in its label. */
import type { ReactNode, Ref } from 'react'
import styles from './button.module.css'
import { classes } from './classes.ts'

type Props = {
  readonly children: ReactNode
  readonly look?: 'ink' | 'outline' | 'quiet' | 'danger' | 'danger-solid'
  readonly size?: 'small' | 'large'
  readonly type?: 'button' | 'submit'
  /** It stays in the tab order, so that its label can be read. */
  readonly isOff?: boolean
  readonly isPressed?: boolean
  readonly onClick?: () => void
  readonly keys?: string
  readonly icon?: ReactNode
  readonly label?: string
  readonly ref?: Ref<HTMLButtonElement>
  readonly isWide?: boolean
  /** Has the focus when its dialog opens. */
  readonly isFirst?: boolean
}

export function Button(props: Props) {
  const { look = 'outline', isOff = false } = props
  return (
    <button
      ref={props.ref}
      type={props.type ?? 'button'}
      className={classes(
        styles.button,
        styles[look],
        props.size === 'small' && styles.small,
        props.size === 'large' && styles.large,
        props.isWide === true && styles.wide,
        isOff && styles.off,
      )}
      data-autofocus={props.isFirst || undefined}
      aria-disabled={isOff || undefined}
      aria-pressed={props.isPressed}
      aria-label={props.label}
      aria-keyshortcuts={props.keys?.replaceAll(' ', '+')}
      onClick={(event) => {
        if (isOff) event.preventDefault()
        else props.onClick?.()
      }}
    >
      {props.icon}
      {props.children}
      {props.keys === undefined ? null : <Keys keys={props.keys} />}
    </button>
  )
}

/** Keys beside a verb: `Ctrl Enter`. */
export function Keys(props: { readonly keys: string }) {
  return (
    <span className={styles.keys} aria-hidden="true">
      {props.keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
}

/** Looks like a button, goes somewhere. */
export function ButtonLink(props: {
  readonly href: string
  readonly children: ReactNode
  readonly look?: 'ink' | 'outline' | 'quiet'
  readonly size?: 'small'
  readonly icon?: ReactNode
}) {
  return (
    <a
      href={props.href}
      className={classes(styles.button, styles[props.look ?? 'outline'], props.size === 'small' && styles.small)}
    >
      {props.icon}
      {props.children}
    </a>
  )
}
