/** The chosen step in full: what it does, on which hosts, with which script. */
import type { OpenRunbook, StepOutline } from '../../../shared/api/runbooks.ts'
import { showDuration } from '../../../shared/text/duration.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { agreedRows } from '../../parts/agreed.ts'
import { Facts } from '../../parts/dialog.tsx'
import { showHosts } from '../../parts/host-names.ts'
import { kindWord } from '../../parts/kinds.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { Panel } from '../../parts/panel.tsx'
import styles from './runbook.module.css'

export function StepDetail(props: { readonly book: OpenRunbook; readonly chosen: string | null }) {
  const step = props.book.steps.find((one) => one.id === props.chosen)
  if (step === undefined) return <Overview book={props.book} />
  return (
    <Panel title={step.title} note={step.id} className={styles.detail}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={`Step ${step.title}`}>
        <div className={styles.facts}>
          <Facts rows={factsOf(step)} termWidth={88} />
        </div>
        {step.instructions === null ? null : (
          <section className={styles.part} aria-label="Instructions">
            <h3>Instructions</h3>
            <Markdown text={step.instructions} />
          </section>
        )}
        {step.script === null ? null : (
          <section className={styles.part} aria-label="Script">
            <h3>Script</h3>
            <pre className={styles.script}>{step.script}</pre>
          </section>
        )}
      </div>
    </Panel>
  )
}

function factsOf(step: StepOutline) {
  return [
    { term: 'Kind', value: kindWord(step.kind) },
    { term: 'Workstream', value: step.owner === '' ? step.workstream : `${step.workstream}, ${step.owner}` },
    { term: 'Needs', value: step.needs.length === 0 ? 'nothing' : step.needs.join(', ') },
    {
      term: 'Hosts',
      value:
        step.hosts.length === 0
          ? 'none: acts on no host'
          : `${showNumberOf(step.hosts.length, 'host')}: ${showHosts(step.hosts)}`,
    },
    { term: 'Expected', value: step.expectedMs === null ? 'no duration' : showDuration(step.expectedMs) },
    { term: 'Backout', value: step.hasBackout ? 'can be undone' : 'none' },
    ...(step.pointOfNoReturn ? [{ term: 'No return', value: 'Past this step backing out is not offered' }] : []),
    ...agreedRows(step.agreed),
  ]
}

function Overview(props: { readonly book: OpenRunbook }) {
  const { book } = props
  return (
    <Panel title="Runbook" note={book.summary.id} className={styles.detail}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Overview">
        <section className={styles.part} aria-label="Hosts">
          <h3>{showNumberOf(book.hosts.length, 'host')}</h3>
          <Facts
            termWidth={120}
            rows={book.hosts.map((host) => ({
              term: host.name,
              value: `${host.user === null ? '' : `${host.user}@`}${host.address}${host.isPractice ? ', practice' : ''}`,
              isMono: true,
            }))}
          />
        </section>
        <section className={styles.part} aria-label="Variables">
          <h3>{showNumberOf(book.variables.length, 'variable')}</h3>
          <Facts
            termWidth={120}
            rows={book.variables.map((variable) => ({
              term: variable.name,
              value: `${variable.type}${variable.default === null ? '' : `, ${variable.default}`}`,
            }))}
          />
        </section>
      </div>
    </Panel>
  )
}
