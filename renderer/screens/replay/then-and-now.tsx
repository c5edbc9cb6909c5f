/** What was written at this entry, and what the lead could see then beside what is known now. */
import { useMemo } from 'react'
import type { Recorded } from '../../../shared/model/events.ts'
import type { Run } from '../../../shared/run/state.ts'
import type { RunWords } from '../../../shared/run/wording.ts'
import { showCount } from '../../../shared/text/quantity.ts'
import { stepTitle } from '../../parts/cell-words.ts'
import { Facts } from '../../parts/dialog.tsx'
import { entryWords } from '../../parts/entry-words.ts'
import { Glyph, stateClass } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { writeRoute } from '../../store/route.ts'
import { compare, type Side } from './compare.ts'
import styles from './replay.module.css'
import unseen from '../../parts/spoken.module.css'

export function ThenAndNow(props: {
  readonly entry: Recorded
  readonly then: Run
  readonly now: Run
  readonly words: RunWords
  readonly zone: string
}) {
  const { entry, then, now, words, zone } = props
  const rows = useMemo(
    () => compare(then, now, words, Date.parse(entry.at), now.lastAtMs, zone),
    [then, now, words, entry, zone],
  )
  const { about, state } = entryWords(entry, (step) => stepTitle(words, step))
  return (
    <div className={styles.right}>
      <Panel
        title={`Entry ${showCount(entry.ref.seq)}`}
        note={entry.type}
        glyph={state === null ? undefined : <Glyph state={state} />}
        aside={
          <a className={styles.proof} href={writeRoute({ page: 'log', seq: entry.ref.seq })}>
            Proof
          </a>
        }
        className={styles.entry}
      >
        <div className={styles.inside}>
          <h3>{about === '' ? entry.type : about}</h3>
          <Facts
            termWidth={64}
            rows={[
              { term: 'By', value: entry.act?.name ?? 'console' },
              ...(entry.act === null ? [] : [{ term: 'Act', value: `${entry.act.act}, as ${entry.act.role}` }]),
            ]}
          />
          {reasons(entry).map((text) => (
            <blockquote key={text}>{text}</blockquote>
          ))}
        </div>
      </Panel>
      <Panel title="Then and now" className={styles.compare}>
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Comparison">
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <span className={unseen.spoken}>What</span>
                </th>
                <th scope="col">The lead could see then</th>
                <th scope="col">Known now</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.label} className={row.differs ? styles.differs : undefined}>
                  <th scope="row">{row.label}</th>
                  <td>
                    <OneSide side={row.then} />
                  </td>
                  <td>
                    <OneSide side={row.now} />
                    {row.differs ? <em>differs</em> : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </div>
  )
}

function OneSide(props: { readonly side: Side }) {
  const { state, text } = props.side
  return (
    <span className={state === null ? undefined : stateClass(state)}>
      {state === null ? null : <Glyph state={state} size={11} />} {text}
    </span>
  )
}

function reasons(entry: Recorded): readonly string[] {
  return ['reason', 'note', 'condition', 'message', 'evidence']
    .map((key) => entry.text?.[key])
    .filter((text) => typeof text === 'string')
    .filter((text) => text !== '')
}
