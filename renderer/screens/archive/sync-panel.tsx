/** Bringing the log to the archive: what goes on, how it ended, what to do. It goes on when this page is left. */
import type { ArchiveStatus } from '../../../shared/api/archive.ts'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { Button } from '../../parts/button.tsx'
import { Facts } from '../../parts/dialog.tsx'
import { State } from '../../parts/glyph.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Panel } from '../../parts/panel.tsx'
import { sentence } from '../../parts/sentence.ts'
import type { Job } from '../../store/jobs.ts'
import styles from './archive.module.css'
import { showMomentMs } from './times.ts'

export function SyncPanel(props: {
  readonly job: Job
  readonly archive: ArchiveStatus
  readonly zone: string
  readonly onAgain: () => void
}) {
  const { job, archive, zone } = props
  const isRunning = job.runningSinceMs !== null
  const result = job.ended?.result ?? null
  const failed = result?.kind === 'refused' ? result.refusal.message : isRunning ? null : archive.message
  return (
    <Panel
      title="Sync"
      note={job.ended === null || isRunning ? undefined : showMomentMs(job.ended.atMs, zone)}
      className={styles.section}
    >
      <div aria-live="polite">
        {isRunning ? <Running job={job} /> : null}
        {!isRunning && archive.state === 'sending' ? (
          <p className={styles.below}>
            <State state="running">A sync that was begun elsewhere is under way</State>
          </p>
        ) : null}
        {!isRunning && failed !== null && archive.state !== 'sending' ? (
          <Notice
            state="failed"
            title="The archive was not brought up to date"
            aside={
              <Button size="small" onClick={props.onAgain}>
                Sync again
              </Button>
            }
          >
            {sentence(failed)} Nothing here was changed; what was sent already is not sent again.
          </Notice>
        ) : null}
        {!isRunning && result?.kind === 'synced' && result.left.length > 0 ? (
          <Notice state="warned" title={`${showNumberOf(result.left.length, 'earlier log')} could not be brought`}>
            {result.left.map(({ file, message }) => (
              <p key={file}>
                <span className={styles.mono}>{file}</span>: {message}
              </p>
            ))}
            <p>{result.left.length === 1 ? 'It is' : 'They are'} in the data folder only; keep a copy by hand.</p>
          </Notice>
        ) : null}
        {!isRunning && result?.kind === 'synced' ? (
          <div className={styles.done}>
            <State state="passed">
              {result.left.length === 0 ? 'The archive has everything' : 'Of this log the archive has everything'} to
              entry {showCount(Math.max(0, result.size - 1))}
            </State>
            <Facts
              termWidth={72}
              rows={[
                {
                  term: 'Read back',
                  value: `${showNumberOf(result.size, 'entry', 'entries')} over a fresh connection, equal to what is here`,
                },
                { term: 'Root', value: result.root, isMono: true },
                { term: 'Receipt', value: 'recorded in the log' },
              ]}
            />
          </div>
        ) : null}
      </div>
      {!isRunning && result === null && failed === null && archive.state !== 'sending' ? (
        <p className={styles.below}>
          {archive.path === null
            ? 'Set a folder first.'
            : archive.behind === 0
              ? 'Nothing is missing there. Syncing again reads it back once more.'
              : `${showNumberOf(archive.behind, 'entry', 'entries')} to bring, texts and output included. A sync that is cut goes on where it stopped; it never blocks a run.`}
        </p>
      ) : null}
    </Panel>
  )
}

/** How many files there will be is not known before: the count is shown, and no bar that guesses. */
function Running(props: { readonly job: Job }) {
  const { progress } = props.job
  const isReadingBack = progress?.what === 'reading back'
  return (
    <div className={styles.running}>
      <p>
        <State state="running">
          {progress === null
            ? 'Looking at what the archive has'
            : isReadingBack
              ? 'Reading back over a fresh connection'
              : `Sending, ${showNumberOf(progress.done, 'file')} so far`}
        </State>
      </p>
      <p className={styles.file}>{progress === null || isReadingBack ? ' ' : progress.what}</p>
    </div>
  )
}
