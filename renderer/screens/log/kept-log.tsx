/** A log that the console keeps as evidence and does not open, or cannot read: it can still be verified. */
import type { ConsoleInfo } from '../../../shared/api/contract.ts'
import { Empty } from '../../parts/empty.tsx'
import { Notice } from '../../parts/notice.tsx'
import { type Job } from '../../store/jobs.ts'
import { checkedBy } from './checked.ts'
import styles from './log.module.css'
import { VerifyPanel } from './verify-panel.tsx'

export function KeptLog(props: {
  readonly info: ConsoleInfo | null
  /** What the console answered instead of how things stand; null where it opened no log at all. */
  readonly problem: string | null
  readonly job: Job
  readonly zone: string
}) {
  const { info, job } = props
  const verified = job.ended?.result.kind === 'verified' ? job.ended.result.answer : null
  return (
    <div className={styles.body}>
      <div className={styles.left}>
        {props.problem === null ? null : (
          <Notice state="failed" title="The console could not read its log just now" isAlert>
            {props.problem} It is asked again every two seconds.
          </Notice>
        )}
        <Empty title="The entries are not shown">
          The log is kept as it is, as evidence, and nothing is added to it. Verifying reads it and says where it broke;
          it changes nothing.
        </Empty>
      </div>
      <aside className={styles.right} aria-label="Proof">
        <VerifyPanel
          job={job}
          checked={checkedBy(job, info?.origin ?? verified?.origins[0]?.origin ?? null)}
          own={info?.origin ?? null}
          size={null}
          dataDir={info?.dataDir ?? ''}
          zone={props.zone}
          isAlone
        />
      </aside>
    </div>
  )
}
