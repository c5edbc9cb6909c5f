/** Commands for another terminal, as they are: said what they prove, copied as one. */
import { Fragment, type ReactNode } from 'react'
import styles from './commands.module.css'
import { CopyButton } from './copy-button.tsx'

export function Commands(props: { readonly proves: ReactNode; readonly text: string; readonly label: string }) {
  return (
    <div className={styles.commands}>
      <div className={styles.head}>
        <p>{props.proves}</p>
        <CopyButton text={props.text} word="Copy" what={props.label} />
      </div>
      <pre tabIndex={0} role="region" aria-label={props.label}>
        {props.text
          .trimEnd()
          .split('\n')
          .map((line, at) => (
            // A command may stand there twice.
            <span key={at}>
              {line.split(' ').map((word, place) => (
                // A word is never parted at one of its dashes.
                <Fragment key={place}>
                  {place === 0 ? '' : ' '}
                  <i>{word}</i>
                </Fragment>
              ))}
              {'\n'}
            </span>
          ))}
      </pre>
    </div>
  )
}
