/** manual: what is to be done, what was seen, and whether it is recorded for a colleague. */
import { useState } from 'react'
import { agreedOf } from '../../../../shared/run/agreed.ts'
import { stepAt } from '../../../../shared/run/lookup.ts'
import { instantOf, readTime, showClock } from '../../../../shared/text/time.ts'
import { Button } from '../../../parts/button.tsx'
import { TextArea, TextField } from '../../../parts/field.tsx'
import { Markdown } from '../../../parts/markdown.tsx'
import type { BodyProps } from '../decision/body-props.ts'
import type { KindView } from './kind-view.ts'
import styles from './kinds.module.css'

export const manual: KindView = {
  facts: ({ words }, { step }) => {
    const { waitsFor } = agreedOf(undefined, step === null ? undefined : words.steps[step])
    return waitsFor === null ? [] : [{ term: 'Waits for', value: waitsFor }]
  },
  Body: ManualBody,
}

function ManualBody(props: BodyProps) {
  const { scene, question } = props
  if (question.step === null) return null
  const isBackout = question.kind === 'backout-manual'
  const words = scene.words.steps[question.step]
  const instructions = isBackout ? words?.backoutInstructions : words?.instructions
  const isRecorded = question.kind === 'manual' || isBackout
  return (
    <div className={styles.manual}>
      {instructions === undefined ? null : (
        <section aria-label="Instructions" className={styles.instructions}>
          <Markdown text={instructions} />
        </section>
      )}
      {isRecorded ? <Recorded {...props} /> : null}
    </div>
  )
}

function Recorded({ scene, question, answer, onAnswer }: BodyProps) {
  const [isForOther, setForOther] = useState(false)
  const isNeeded = question.step !== null && stepAt(scene.run, question.step)?.evidenceRequired === true
  return (
    <>
      <TextArea
        label={isNeeded ? 'Evidence, required: what was seen' : 'Evidence: what was seen'}
        value={answer.evidence}
        onChange={(evidence) => onAnswer({ ...answer, evidence })}
      />
      {isForOther ? (
        <div className={styles.colleague}>
          <TextField
            label="Done by"
            value={answer.doneBy}
            onChange={(doneBy) => onAnswer({ ...answer, doneBy })}
            autoFocus
          />
          <OccurredAt
            zone={scene.zone}
            nowMs={scene.nowMs}
            onChange={(occurredAt) => onAnswer({ ...answer, occurredAt })}
          />
        </div>
      ) : (
        <div>
          <Button look="quiet" size="small" onClick={() => setForOther(true)}>
            Record for a colleague, or for an earlier time…
          </Button>
        </div>
      )}
    </>
  )
}

/** A time of today, in the zone of the window. */
function OccurredAt(props: { readonly zone: string; readonly nowMs: number; readonly onChange: (at: string) => void }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const read = (written: string): void => {
    setText(written)
    setProblem(null)
    if (written === '') {
      props.onChange('')
      return
    }
    if (!/^([01]?\d|2[0-3]):[0-5]\d$/.test(written)) {
      setProblem('Write it as 22:08.')
      props.onChange('')
      return
    }
    const at = latest(written.padStart(5, '0'), props.zone, props.nowMs)
    if (at === null) setProblem('This time does not exist or occurs twice today.')
    props.onChange(at ?? '')
  }
  return (
    <TextField
      label={`Happened at, ${props.zone}`}
      value={text}
      onChange={read}
      problem={problem}
      placeholder={showClock(props.nowMs, props.zone)}
      width={96}
    />
  )
}

const DAY_MS = 86_400_000

/** The newest moment not after now at which the zone's clock showed this time. */
function latest(clock: string, zone: string, nowMs: number): string | null {
  for (const dayMs of [nowMs, nowMs - DAY_MS]) {
    const day = dateIn(dayMs, zone)
    const read = readTime(`${day}T${clock}`, zone)
    if ('at' in read && Date.parse(read.at) <= nowMs) return instantOf(Date.parse(read.at))
  }
  return null
}

function dateIn(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    ms,
  )
}
