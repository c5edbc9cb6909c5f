/** Fields with their label above and what is wrong below. */
import { type ReactNode, type Ref, useId } from 'react'
import { classes } from './classes.ts'
import styles from './field.module.css'
import unseen from './spoken.module.css'

type Common = {
  readonly label: ReactNode
  readonly value: string
  readonly onChange: (value: string) => void
  readonly problem?: string | null
  readonly hint?: ReactNode
  readonly isMono?: boolean
  readonly isLabelHidden?: boolean
  readonly placeholder?: string
}

export function TextField(
  props: Common & {
    readonly type?: 'text' | 'password' | 'search' | 'datetime-local'
    readonly autoFocus?: boolean
    readonly width?: number
    readonly ref?: Ref<HTMLInputElement>
    readonly autoComplete?: string
    readonly step?: number
  },
) {
  const id = useId()
  return (
    <Frame id={id} {...props}>
      <input
        id={id}
        ref={props.ref}
        type={props.type ?? 'text'}
        className={classes(styles.input, props.isMono === true && styles.mono)}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        placeholder={props.placeholder}
        autoFocus={props.autoFocus}
        autoComplete={props.autoComplete ?? 'off'}
        spellCheck={false}
        step={props.step}
        style={props.width === undefined ? undefined : { width: props.width }}
        {...described(id, props)}
      />
    </Frame>
  )
}

export function TextArea(props: Common & { readonly rows?: number; readonly ref?: Ref<HTMLTextAreaElement> }) {
  const id = useId()
  return (
    <Frame id={id} {...props}>
      <textarea
        id={id}
        ref={props.ref}
        rows={props.rows ?? 2}
        className={classes(styles.input, styles.area, props.isMono === true && styles.mono)}
        value={props.value}
        placeholder={props.placeholder}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        {...described(id, props)}
      />
    </Frame>
  )
}

export function SelectField(
  props: Common & { readonly options: readonly { readonly value: string; readonly text: string }[] },
) {
  const id = useId()
  return (
    <Frame id={id} {...props}>
      <select
        id={id}
        className={styles.input}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        {...described(id, props)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </Frame>
  )
}

function described(id: string, props: Common) {
  const notes = [props.problem ? `${id}-problem` : '', props.hint === undefined ? '' : `${id}-hint`].filter(Boolean)
  return {
    'aria-invalid': props.problem ? true : undefined,
    'aria-describedby': notes.length === 0 ? undefined : notes.join(' '),
  }
}

function Frame(props: Common & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={styles.frame}>
      <label htmlFor={props.id} className={props.isLabelHidden === true ? unseen.spoken : styles.label}>
        {props.label}
      </label>
      {props.children}
      {props.problem ? (
        <p id={`${props.id}-problem`} className={styles.problem}>
          {props.problem}
        </p>
      ) : null}
      {props.hint === undefined ? null : (
        <p id={`${props.id}-hint`} className={styles.hint}>
          {props.hint}
        </p>
      )}
    </div>
  )
}
