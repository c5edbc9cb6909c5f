/** What waits for a person, of all runs, the longest waiting first. */
import type { RunSummary } from '../../../shared/api/runs.ts'
import { cellName } from '../../../shared/model/words.ts'
import { showDuration } from '../../../shared/text/duration.ts'
import { msOf } from '../../../shared/text/time.ts'
import { Cut } from '../../parts/cut.tsx'
import { Glyph } from '../../parts/glyph.tsx'
import { tailOf } from '../../parts/host-names.ts'
import { Panel } from '../../parts/panel.tsx'
import { questionState, questionVerb } from '../../parts/run-words.ts'
import { writeRoute } from '../../store/route.ts'
import styles from './home.module.css'

const SHOWN = 8

function aboutWords({ title, target }: RunSummary['questions'][number]): string {
  return title.includes(target) ? title : cellName(title, target)
}

export function AskedPanel(props: {
  readonly runs: readonly RunSummary[]
  readonly name: string
  readonly nowMs: number
}) {
  const all = props.runs
    .filter((run) => run.phase !== 'closed')
    .flatMap((run) => run.questions.map((question) => ({ run, question })))
    .toSorted((a, b) => (a.question.since < b.question.since ? -1 : 1))
  return (
    <Panel title="Asked of you" note={props.name} aside={<b>{all.length}</b>} className={styles.asked}>
      {all.length === 0 ? <p className={styles.nothing}>Nothing waits for you.</p> : null}
      <ol>
        {all.slice(0, SHOWN).map(({ run, question }) => (
          <li key={`${run.run} ${question.kind} ${question.step} ${question.target}`}>
            <a href={writeRoute({ page: 'run', run: run.run })}>
              <Glyph state={questionState(question.kind)} />
              <b>{questionVerb(question.kind)}</b>
              <Cut text={aboutWords(question)} tail={tailOf(question.target)} />
              <span className={styles.dim}>
                <Cut text={run.title} />
              </span>
              <span className={styles.num}>for {showDuration(Math.max(0, props.nowMs - msOf(question.since)))}</span>
            </a>
          </li>
        ))}
      </ol>
      {all.length > SHOWN ? <p className={styles.nothing}>and {all.length - SHOWN} more, in their runs</p> : null}
    </Panel>
  )
}
