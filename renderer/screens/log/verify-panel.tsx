/** Verifying the log: how far it is, what was found, and how someone else does the same without this program. */
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { Button } from '../../parts/button.tsx'
import { Commands } from '../../parts/commands.tsx'
import { Progress } from '../../parts/empty.tsx'
import { Glyph, State } from '../../parts/glyph.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Panel } from '../../parts/panel.tsx'
import { sentence } from '../../parts/sentence.ts'
import { quoted } from '../../parts/shell-words.ts'
import { problemsOf, Verdict, verifiedWhen } from '../../parts/verdict.tsx'
import type { Job } from '../../store/jobs.ts'
import { writeRoute } from '../../store/route.ts'
import type { Checked } from './checked.ts'
import { type MarkWords, markWords } from './mark-words.ts'
import styles from './verify-panel.module.css'

export function VerifyPanel(props: {
  readonly job: Job
  readonly checked: Checked | null
  readonly own: string | null
  /** Entries in the log; null: not known. */
  readonly size: number | null
  readonly dataDir: string
  readonly zone: string
  /** Alone on its side: how it is done without Holdpoint is told too. */
  readonly isAlone: boolean
  readonly onClose?: () => void
}) {
  const { job, checked } = props
  const isRunning = job.runningSinceMs !== null
  const refused = job.ended?.result.kind === 'refused' ? job.ended.result.refusal : null
  const count = checked === null ? 0 : problemsOf(checked.answer)
  return (
    <Panel
      title="Verification"
      note={
        isRunning ? 'under way' : checked === null ? undefined : verifiedWhen(checked.atMs, checked.tookMs, props.zone)
      }
      aside={
        <>
          {isRunning || checked === null ? null : (
            <State state={checked.answer.ok ? 'passed' : 'failed'}>
              {checked.answer.ok ? 'no problem' : showNumberOf(count, 'problem')}
            </State>
          )}
          {props.isAlone || isRunning || props.onClose === undefined ? null : (
            <Button look="quiet" size="small" onClick={props.onClose}>
              Put away
            </Button>
          )}
        </>
      }
      className={props.isAlone ? styles.alone : styles.above}
    >
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Verification result">
        {isRunning ? <Running job={job} size={props.size} /> : null}
        {!isRunning && refused !== null ? (
          <Notice state="failed" title="The log could not be verified" isAlert>
            {sentence(refused.message)} Nothing was changed.
          </Notice>
        ) : null}
        {!isRunning && checked !== null && (props.isAlone || !checked.answer.ok) ? (
          <>
            <Verdict
              answer={checked.answer}
              own={props.own}
              good="Whole: every entry, seal, signature and stored byte is as it was recorded"
              linkTo={(seq) => writeRoute({ page: 'log', seq })}
            />
            <Mark words={markWords(checked)} />
          </>
        ) : null}
        {props.isAlone ? (
          <Alone hasResult={isRunning || job.ended !== null} isOpen={props.size !== null} dataDir={props.dataDir} />
        ) : null}
      </div>
    </Panel>
  )
}

function Mark(props: { readonly words: MarkWords | null }) {
  if (props.words === null) return null
  return (
    <p className={styles.mark}>
      <Glyph state={props.words.state} size={10} isLabelled />
      <span>{props.words.text}</span>
    </p>
  )
}

function Running(props: { readonly job: Job; readonly size: number | null }) {
  const { progress } = props.job
  return (
    <div className={styles.running} role="status">
      {progress === null ? (
        <>
          <p>
            Reading {props.size === null ? 'all entries' : showNumberOf(props.size, 'entry', 'entries')} with their
            seals, signatures and output
          </p>
          <p className={styles.dim}>The log goes on being written meanwhile.</p>
        </>
      ) : (
        <Progress
          label={progress.what === '' ? 'Verifying the log' : progress.what}
          done={progress.done}
          total={progress.total}
          text={`${showCount(progress.done)} of ${showCount(progress.total)} entries`}
        />
      )}
    </div>
  )
}

function Alone(props: { readonly hasResult: boolean; readonly isOpen: boolean; readonly dataDir: string }) {
  return (
    <div className={styles.about}>
      {props.hasResult ? null : (
        <p>
          Verifying reads every byte of the log again: that no entry was changed, left out or added in between, that
          each seal is of these entries, that each act carries a good signature by a key that counted then, that stored
          output is what was bound, and that nothing was cut off since the high-water mark. It changes nothing.
        </p>
      )}
      {props.isOpen ? <p>Choose an entry to see its bytes, its neighbours in the chain and its signature.</p> : null}
      <Commands
        label="Commands that verify this log with a second program"
        proves="The same without Holdpoint: a second verifier, plain Python, written from the format alone."
        text={`python3 verify.py ${quoted(props.dataDir)}\n`}
      />
      <Commands
        label="Commands that pin this log from outside"
        proves="Pin it from outside: keep what this prints somewhere else, and later both verifiers compare with it."
        text={`holdpoint trust export --data ${quoted(props.dataDir)} > pins\npython3 verify.py ${quoted(props.dataDir)} --trust pins\n`}
      />
    </div>
  )
}
