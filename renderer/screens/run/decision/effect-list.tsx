/** What an answer does, line by line. */
import type { Effect } from '../../../../shared/run/effects.ts'
import type { RunWords } from '../../../../shared/run/wording.ts'
import { effectLines } from '../../../parts/answer-words.ts'
import { Glyph } from '../../../parts/glyph.tsx'
import styles from './decision.module.css'

export function EffectList(props: { readonly effect: Effect; readonly words: RunWords; readonly most?: number }) {
  const lines = effectLines(props.effect, props.words, props.most)
  if (lines.length === 0) return null
  return (
    <ul className={styles.does}>
      {lines.map((line) => (
        <li key={line.text}>
          <Glyph state={line.state} size={10} />
          <span>{line.text}</span>
        </li>
      ))}
    </ul>
  )
}
