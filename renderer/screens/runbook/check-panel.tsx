/** What the static check says: every fault in one pass, where it is and what to do about it. */
import type { Fault } from '../../../shared/text/fault.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { classes } from '../../parts/classes.ts'
import { Glyph, State } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import styles from './runbook.module.css'

export function CheckPanel(props: {
  readonly faults: readonly Fault[]
  readonly line: number
  readonly onChoose: (line: number) => void
}) {
  const { faults } = props
  const bad = faults.filter((fault) => fault.severity === 'fault').length
  const warned = faults.length - bad
  return (
    <Panel
      title="Static check"
      note={
        <span className={styles.counts}>
          {bad > 0 ? <State state="failed">{showNumberOf(bad, 'fault')}</State> : null}
          {warned > 0 ? <State state="warned">{showNumberOf(warned, 'warning')}</State> : null}
          {faults.length === 0 ? <State state="passed">nothing found</State> : null}
        </span>
      }
      aside={<span className={styles.dim}>every fault in one pass</span>}
      className={styles.check}
    >
      <ol className={styles.faults}>
        {faults.map((fault) => (
          <li key={`${fault.line} ${fault.column} ${fault.rule} ${fault.message}`}>
            <button
              type="button"
              className={classes(styles.fault, fault.line === props.line && styles.chosen)}
              onClick={() => props.onChoose(fault.line)}
            >
              <Glyph state={fault.severity === 'fault' ? 'failed' : 'warned'} isLabelled />
              <span className={styles.place}>
                {fault.line}:{fault.column}
              </span>
              <span>
                <span>{fault.message}</span>
                <span className={styles.rule}>{fault.rule}</span>
              </span>
              <span className={styles.fix}>{fault.fix}</span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
