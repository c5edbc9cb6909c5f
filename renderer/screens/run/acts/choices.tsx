/** One of several, with what each means. */
import styles from './acts.module.css'

export function Choices<T extends string>(props: {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly title: string; readonly text?: string }[]
  readonly onChange: (value: T) => void
}) {
  return (
    <fieldset className={styles.choices} aria-label={props.label}>
      {props.options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={props.label}
            checked={props.value === option.value}
            data-autofocus={props.value === option.value || undefined}
            onChange={() => props.onChange(option.value)}
          />
          <span>
            <b>{option.title}</b>
            {option.text === undefined ? null : <span>{option.text}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
