/** Nothing waits for a person: what runs now, and what comes next. */
import { NO_HOST } from '../../../../shared/model/words.ts'
import { backoutsOf, cellsOf } from '../../../../shared/run/lookup.ts'
import { runPhase } from '../../../../shared/run/shown.ts'
import { showDuration } from '../../../../shared/text/duration.ts'
import { byStep, onHosts } from '../../../parts/cell-words.ts'
import { Glyph } from '../../../parts/glyph.tsx'
import { runStateWord } from '../../../parts/run-words.ts'
import { SaidList } from '../../../parts/cell-facts.tsx'
import type { RunScene } from '../scene.ts'
import styles from './decision.module.css'

export function NothingAsked(props: { readonly scene: RunScene }) {
  const { run, words, nowMs, zone } = props.scene
  const running = run.order.flatMap((id) => cellsOf(run, id)).filter((cell) => cell.open !== null)
  const undoing = backoutsOf(run).filter((backout) => backout.open !== null)
  const isOver = run.phase === 'closed'
  return (
    <section className={styles.panel} aria-labelledby="question">
      <div className={styles.head}>
        <h2>Asked</h2>
      </div>
      <div className={styles.inside}>
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="What goes on">
          <h3 id="question">
            {isOver
              ? `Closed, ${runStateWord({ phase: runPhase(run), result: run.result })}`
              : 'Nothing is asked of you'}
          </h3>
          {isOver ? (
            <p className={styles.calm}>
              Nothing can be changed any more. Its log can be verified, archived and replayed.
            </p>
          ) : running.length + undoing.length === 0 ? (
            <p className={styles.calm}>Nothing runs on a host at this moment.</p>
          ) : null}
          <ul className={styles.goesOn}>
            {byStep(undoing).map(({ step, hosts }) => (
              <li key={`undo ${step}`}>
                <Glyph state="backing-out" />
                <span>{onHosts(words, step, hosts)} is backed out</span>
              </li>
            ))}
            {byStep(running).map(({ step, hosts }) => {
              const since = Math.min(
                ...running.filter((cell) => cell.step === step).map((cell) => cell.open?.startedAtMs ?? nowMs),
              )
              return (
                <li key={step}>
                  <Glyph state="running" />
                  <span>
                    {onHosts(
                      words,
                      step,
                      hosts.filter((host) => host !== NO_HOST),
                    )}
                    , for {showDuration(Math.max(0, nowMs - since))}
                  </span>
                </li>
              )
            })}
          </ul>
          <SaidList said={words.said.slice(-6)} zone={zone} />
        </div>
      </div>
    </section>
  )
}
