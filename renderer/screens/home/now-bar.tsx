/** The run that goes on now, first on the page, one key away. */
import type { RunSummary } from '../../../shared/api/runs.ts'
import { showCountdown } from '../../../shared/text/duration.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { msOf, showClockInZone } from '../../../shared/text/time.ts'
import { Keys } from '../../parts/button.tsx'
import { Cut } from '../../parts/cut.tsx'
import { State } from '../../parts/glyph.tsx'
import { loudCounts, runState, runStateWord } from '../../parts/run-words.ts'
import { STATE_WORDS } from '../../parts/states.ts'
import { ModeTag, Tag } from '../../parts/tag.tsx'
import { localZone } from '../../parts/zone.ts'
import { writeRoute } from '../../store/route.ts'
import styles from './home.module.css'

export function NowBar(props: { readonly run: RunSummary; readonly nowMs: number }) {
  const { run, nowMs } = props
  const zone = run.window?.zone ?? localZone()
  const word = runStateWord(run)
  return (
    <a className={styles.now} href={writeRoute({ page: 'run', run: run.run })}>
      <ModeTag mode={run.mode} isPractice={run.isPractice} />
      <b>
        <Cut text={run.title} />
      </b>
      <State state={runState(run)}>{word.charAt(0).toUpperCase() + word.slice(1)}</State>
      {run.questions.length === 0 ? null : (
        <Tag state="ready">{showNumberOf(run.questions.length, 'answer asked', 'answers asked')}</Tag>
      )}
      {loudCounts(run.counts).map(({ state, count }) => (
        <Tag key={state} state={state}>
          {count} {STATE_WORDS[state]}
        </Tag>
      ))}
      <span className={styles.grow} />
      <dl>
        {run.expectedFinish === null || run.phase === 'planned' ? null : (
          <div>
            <dt>Finish</dt>
            <dd>{showClockInZone(msOf(run.expectedFinish), zone)}</dd>
          </div>
        )}
        {run.window === null ? null : (
          <div>
            <dt>Window</dt>
            <dd>{msOf(run.window.end) > nowMs ? `${showCountdown(msOf(run.window.end) - nowMs)} left` : 'over'}</dd>
          </div>
        )}
      </dl>
      <span className={styles.openCockpit}>
        Open the cockpit <Keys keys="Enter" />
      </span>
    </a>
  )
}
