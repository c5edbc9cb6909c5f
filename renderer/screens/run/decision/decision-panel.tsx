/** What is asked, of whom, by when; what each answer does; the reason; the signature. */
import { IconChevronLeft, IconChevronRight, IconKey } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { isRefusal } from '../../../../shared/model/commands.ts'
import type { Question } from '../../../../shared/run/question.ts'
import { showCountdown, showDuration } from '../../../../shared/text/duration.ts'
import { showClock, showClockSeconds } from '../../../../shared/text/time.ts'
import { optionTitle, questionTitle, signLabel } from '../../../parts/answer-words.ts'
import { Button } from '../../../parts/button.tsx'
import { classes } from '../../../parts/classes.ts'
import { TextArea } from '../../../parts/field.tsx'
import { stateClass } from '../../../parts/glyph.tsx'
import { useKeys } from '../../../parts/keys.ts'
import { Problem } from '../../../parts/notice.tsx'
import { QUESTION_STATES } from '../../../parts/run-words.ts'
import { useConsole } from '../../../store/console.ts'
import type { RunScene } from '../scene.ts'
import { type Answer, commandOf, NO_ANSWER } from './answer.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import styles from './decision.module.css'
import { NothingAsked } from './nothing-asked.tsx'
import { Options } from './options.tsx'
import { QuestionBody } from './question-body.tsx'
import { useEffects } from './use-effects.ts'

type Props = {
  readonly scene: RunScene
  readonly question: Question | null
  readonly place: number
  readonly asked: number
  readonly onNext: (by: number) => void
}

export function DecisionPanel(props: Props) {
  return props.question === null ? <NothingAsked scene={props.scene} /> : <Asked {...props} question={props.question} />
}

function Asked(props: Props & { readonly question: Question }) {
  const { scene, question } = props
  const [answer, setAnswer] = useState<Answer>({ ...NO_ANSWER, cells: question.cells })
  const [chosen, setChosen] = useState<number | null>(question.kind === 'start' ? 0 : null)
  const [problem, setProblem] = useState<string | null>(null)
  const [sent, setSent] = useState<string | null>(null)
  const [isConfirming, setConfirming] = useState(false)
  const reason = useRef<HTMLTextAreaElement>(null)
  const effects = useEffects(scene, question.options)
  const option = chosen === null ? undefined : question.options[chosen]
  // Signed once: not again until the question has changed by what came of it.
  const asked = askedNow(question)
  const isSent = sent === asked

  const choose = (index: number): void => {
    const effect = effects[index]
    if (effect === undefined || isRefusal(effect)) return
    setChosen(index)
    setProblem(null)
    if (question.options[index]?.needsReason === true) reason.current?.focus()
  }
  const send = async (): Promise<void> => {
    if (option === undefined) return
    setSent(asked)
    const refused = await scene.send(commandOf(option, answer))
    if (refused === null) return
    setSent(null)
    setProblem(refused)
  }
  const sign = (): void => {
    if (isSent || scene.isElsewhere) return
    if (option === undefined) {
      setProblem('Choose an answer first.')
      return
    }
    if (option.needsReason && answer.reason.trim() === '') {
      setProblem('Write the reason first.')
      reason.current?.focus()
      return
    }
    setProblem(null)
    if (option.isDestructive) setConfirming(true)
    else void send()
  }
  useKeys({
    ...Object.fromEntries(question.options.slice(0, 9).map((_, index) => [String(index + 1), () => choose(index)])),
    'Ctrl+Enter': sign,
    Escape: () => setChosen(null),
  })

  const title = option === undefined ? null : optionTitle(option, question, scene.run, scene.words)
  return (
    <section className={classes(styles.panel, stateClass(QUESTION_STATES[question.kind]))} aria-labelledby="question">
      <Head {...props} question={question} />
      <div className={styles.inside}>
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Question and answers">
          <h3 id="question">{questionTitle(question, scene.run, scene.words)}</h3>
          <QuestionBody scene={scene} question={question} answer={answer} onAnswer={setAnswer} />
          <Options scene={scene} question={question} effects={effects} chosen={chosen} onChoose={choose} />
        </div>
        <div className={styles.reason}>
          <TextArea
            ref={reason}
            label={reasonLabel(option?.key, option?.needsReason === true)}
            rows={2}
            value={answer.reason}
            onChange={(text) => setAnswer({ ...answer, reason: text })}
          />
        </div>
        <div className={styles.sign}>
          <Problem message={problem} />
          <SignsAs />
          <Button
            look="ink"
            size="large"
            keys="Ctrl Enter"
            isOff={isSent || scene.isElsewhere || option === undefined}
            onClick={sign}
          >
            {scene.isElsewhere
              ? 'Take the run over to answer'
              : isSent
                ? 'Signing'
                : title === null
                  ? 'Choose an answer'
                  : `${signLabel(title)}${option?.isDestructive === true ? '…' : ''}`}
          </Button>
        </div>
      </div>
      {option === undefined || !isConfirming ? null : (
        <ConfirmDialog
          scene={scene}
          option={option}
          title={title ?? ''}
          reason={answer.reason}
          onClose={() => setConfirming(false)}
          onSign={() => {
            setConfirming(false)
            void send()
          }}
        />
      )}
    </section>
  )
}

/** What is asked, as far as an answer changes it. */
function askedNow(question: Question): string {
  return JSON.stringify([question.sinceMs, question.cells, question.options.map((option) => option.key)])
}

function reasonLabel(key: string | undefined, isNeeded: boolean): string {
  if (key === 'conditional-go') return 'Condition, required'
  return isNeeded ? 'Reason, required' : 'Reason, if there is one'
}

function Head(props: Props & { readonly question: Question }) {
  const { question, scene } = props
  const leftMs = question.byMs === null ? null : question.byMs - scene.nowMs
  return (
    <div className={styles.head}>
      <h2>{props.asked > 1 ? `Asked, ${props.place} of ${props.asked}` : 'Asked'}</h2>
      {props.asked < 2 ? null : (
        <span className={styles.turn}>
          <button type="button" aria-label="Question before" onClick={() => props.onNext(-1)}>
            <IconChevronLeft size={14} stroke={1.5} aria-hidden="true" />
          </button>
          <button type="button" aria-label="Next question" aria-keyshortcuts="n" onClick={() => props.onNext(1)}>
            <IconChevronRight size={14} stroke={1.5} aria-hidden="true" />
          </button>
        </span>
      )}
      <span className={styles.since}>since {showClockSeconds(question.sinceMs, scene.zone)}</span>
      <span className={styles.grow} />
      <span className={styles.clock}>
        {leftMs === null || question.byMs === null ? (
          <>open for {showDuration(Math.max(0, scene.nowMs - question.sinceMs))}</>
        ) : (
          <>
            answer by {showClock(question.byMs, scene.zone)} <b>{showCountdown(leftMs)}</b>
          </>
        )}
      </span>
    </div>
  )
}

function SignsAs() {
  const operator = useConsole((state) => state.info?.operator ?? null)
  if (operator === null) return null
  return (
    <p className={styles.key}>
      <IconKey size={12} stroke={1.25} aria-hidden="true" /> Signs as {operator.name}, {operator.key.slice(0, 11)}…
      {operator.key.slice(-4)}
      {operator.isUnlocked ? '' : ', locked'}
    </p>
  )
}
