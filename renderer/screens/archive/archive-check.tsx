/** Verifying the archive: every byte of it read again, console by console; and how others do it with their own tools. */
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { Commands } from '../../parts/commands.tsx'
import { State } from '../../parts/glyph.tsx'
import { Notice } from '../../parts/notice.tsx'
import { shortOrigin } from '../../parts/origin-words.ts'
import { Panel } from '../../parts/panel.tsx'
import { sentence } from '../../parts/sentence.ts'
import { quoted } from '../../parts/shell-words.ts'
import { problemsOf, Verdict, verifiedWhen } from '../../parts/verdict.tsx'
import type { Job } from '../../store/jobs.ts'
import { writeRoute } from '../../store/route.ts'
import styles from './archive.module.css'

export function ArchiveCheck(props: {
  readonly job: Job
  readonly path: string | null
  readonly dataDir: string
  readonly own: string | null
  readonly zone: string
}) {
  const { job, path, dataDir } = props
  const isRunning = job.runningSinceMs !== null
  const ended = isRunning ? null : job.ended
  const verified = ended?.result.kind === 'verified' ? ended.result : null
  return (
    <Panel
      title="Verification"
      note={
        isRunning
          ? 'under way'
          : verified === null || ended === null
            ? undefined
            : verifiedWhen(ended.atMs, verified.tookMs, props.zone)
      }
      aside={
        verified === null ? null : verified.answer.origins.length === 0 ? (
          <State state="waiting">holds no log</State>
        ) : (
          <State state={verified.answer.ok ? 'passed' : 'failed'}>
            {verified.answer.ok ? 'no problem' : showNumberOf(problemsOf(verified.answer), 'problem')}
          </State>
        )
      }
      className={styles.fill}
    >
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Verification result">
        <div aria-live="polite">
          {isRunning ? <Running job={job} /> : null}
          {ended?.result.kind === 'refused' ? (
            <Notice state="failed" title="The archive could not be verified">
              {sentence(ended.result.refusal.message)} Nothing was changed there.
            </Notice>
          ) : null}
          {verified !== null && verified.answer.origins.length === 0 ? (
            <p className={styles.below}>The folder holds no log yet. Sync, then verify.</p>
          ) : null}
          {verified !== null && verified.answer.origins.length > 0 ? (
            <Verdict
              answer={verified.answer}
              own={props.own}
              good="Whole: what was read there is what these consoles sealed"
              linkTo={(seq) => writeRoute({ page: 'log', seq })}
            />
          ) : null}
        </div>
        <div className={styles.about}>
          {isRunning || ended !== null ? null : (
            <p>
              Verifying reads every byte of the archive again, of all consoles that keep their logs there, and compares
              entries, seals, signatures and output. It writes nothing.
            </p>
          )}
          <Commands
            label="Command that verifies the archive with a second program"
            proves="Without Holdpoint: a second verifier in plain Python, written from the format alone, with ssh-keygen and openssl."
            text={`python3 verify.py ${quoted(path ?? 'ARCHIVE')}\n`}
          />
          <Commands
            label="Commands that pin the log from outside"
            proves="Against a log rewritten as a whole: print the pins here, keep them somewhere else, and verify with them."
            text={[
              `holdpoint trust export --data ${quoted(dataDir)} > pins`,
              `python3 verify.py ${quoted(path ?? 'ARCHIVE')} --trust pins`,
              `holdpoint archive verify ${quoted(path ?? 'ARCHIVE')} --trust pins`,
              '',
            ].join('\n')}
          />
        </div>
      </div>
    </Panel>
  )
}

function Running(props: { readonly job: Job }) {
  const { progress } = props.job
  return (
    <div className={styles.running}>
      <p>
        <State state="running">
          {progress === null ? 'Reading the archive' : `${showNumberOf(progress.done, 'entry', 'entries')} read`}
        </State>
      </p>
      <p className={styles.file}>{progress === null ? ' ' : shortOrigin(progress.what)}</p>
    </div>
  )
}
