/** A segmented choice of a view. Never for acts. */
import { useId } from 'react'
import { classes } from './classes.ts'
import styles from './seg.module.css'

export function Seg<T extends string>(props: {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly text: string }[]
  readonly onChange: (value: T) => void
  readonly isSmall?: boolean
}) {
  const name = useId()
  return (
    <fieldset className={classes(styles.seg, props.isSmall === true && styles.small)} aria-label={props.label}>
      {props.options.map((option) => (
        <label key={option.value} className={styles.choice}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  )
}
