/** The answers: each says exactly what it would do before it is chosen. Keys 1 to 9 choose. */
import { type Refusal, isRefusal } from '../../../../shared/model/commands.ts'
import type { Effect } from '../../../../shared/run/effects.ts'
import type { Option, Question } from '../../../../shared/run/question.ts'
import { showClock } from '../../../../shared/text/time.ts'
import { optionNote, optionTitle } from '../../../parts/answer-words.ts'
import { classes } from '../../../parts/classes.ts'
import type { RunScene } from '../scene.ts'
import styles from './decision.module.css'
import { EffectList } from './effect-list.tsx'

export function Options(props: {
  readonly scene: RunScene
  readonly question: Question
  readonly effects: readonly (Effect | Refusal)[]
  readonly chosen: number | null
  readonly onChoose: (index: number) => void
}) {
  const { scene, question } = props
  return (
    <div className={styles.options} role="radiogroup" aria-label="Answers">
      {question.options.map((option, index) => {
        const effect = props.effects[index]
        if (effect === undefined) return null
        const refused = isRefusal(effect)
        return (
          <label
            key={option.key}
            className={classes(
              styles.option,
              props.chosen === index && styles.on,
              option.isDestructive && styles.destructive,
              refused && styles.refused,
            )}
          >
            <input
              type="radio"
              name={`answer ${question.id}`}
              checked={props.chosen === index}
              disabled={refused}
              onChange={() => props.onChoose(index)}
            />
            <kbd aria-hidden="true">{index + 1}</kbd>
            <span>
              <span className={styles.optionHead}>
                <b>
                  {optionTitle(option, question, scene.run, scene.words)}
                  {option.isDestructive ? '…' : ''}
                </b>
                <span className={styles.finish}>{refused ? '' : finishWord(effect, option, scene)}</span>
              </span>
              {refused ? <span className={styles.note}>Not now: {effect.message}</span> : null}
              {!refused && optionNote(option) !== null ? (
                <span className={styles.note}>{optionNote(option)}</span>
              ) : null}
              {refused ? null : <EffectList effect={effect} words={scene.words} />}
            </span>
          </label>
        )
      })}
    </div>
  )
}

function finishWord(effect: Effect, option: Option, scene: RunScene): string {
  switch (option.command.do) {
    case 'hold':
      return 'finish slips'
    // Looking alone ends nothing.
    case 'verify':
    case 'backOut':
    case 'giveUpBackout':
    case 'close':
      return ''
    default:
      return scene.run.backingOut === null ? `finish ${showClock(effect.finishMs, scene.zone)}` : ''
  }
}
