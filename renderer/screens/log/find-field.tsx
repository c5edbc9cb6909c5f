/** Finds entries by what stands in them. Escape empties it, and gives the table back. */
import { IconSearch } from '@tabler/icons-react'
import type { Ref } from 'react'
import styles from './log.module.css'

export function FindField(props: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onLeave: () => void
  readonly ref: Ref<HTMLInputElement>
}) {
  return (
    <label className={styles.find}>
      <IconSearch size={14} stroke={1.25} aria-hidden="true" />
      <input
        ref={props.ref}
        type="search"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'Enter') return
          if (event.key === 'Escape' && props.value !== '') props.onChange('')
          else props.onLeave()
          event.preventDefault()
        }}
        placeholder="type, step, host, person, text"
        aria-label="Find entries by type, step, host, person or text"
        aria-keyshortcuts="/"
        autoComplete="off"
        spellCheck={false}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  )
}
