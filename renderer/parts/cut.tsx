/** A name that may be too long for its place: cut in the middle, because the end tells apart. Isolated for direction. */
import styles from './cut.module.css'
import unseen from './spoken.module.css'

const TAIL = 9

export function Cut(props: {
  readonly text: string
  /** Characters at the end that are always seen. */
  readonly tail?: number
}) {
  const { text, tail = TAIL } = props
  // Never half of a character: a pair of surrogates, or what joins to the letter before it, stays in one piece.
  const at = text.length <= tail * 2 ? text.length : startOfCharacter(text, text.length - tail)
  if (at === text.length)
    return (
      <bdi className={styles.cut} title={text}>
        <span className={styles.head}>{text}</span>
      </bdi>
    )
  // Said whole: two pieces would be read, and found, as two words.
  return (
    <bdi className={styles.cut} title={text}>
      <span className={unseen.spoken}>{text}</span>
      <span className={styles.head} aria-hidden="true">
        {text.slice(0, at)}
      </span>
      <span className={styles.tail} aria-hidden="true">
        {text.slice(at)}
      </span>
    </bdi>
  )
}

function startOfCharacter(text: string, at: number): number {
  let start = at
  while (start > 0 && /[\uDC00-\uDFFF\u200D\p{M}]/u.test(text.charAt(start))) start -= 1
  return start
}
