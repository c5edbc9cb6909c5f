/** The log before it is read, or one that is kept as evidence and not opened: it can be verified all the same. */
import type { ConsoleInfo } from '../../../shared/api/console.ts'
import { Empty, LoadingRows } from '../../parts/empty.tsx'
import { Notice } from '../../parts/notice.tsx'
import type { Job } from '../../store/jobs.ts'
import { checkedBy } from './checked.ts'
import styles from './log.module.css'
import { VerifyPanel } from './verify-panel.tsx'

export function UnreadLog(props: {
  readonly info: ConsoleInfo | null
  /** The console opened no log: what it found stays as it is. */
  readonly isKept: boolean
  /** What the console answered instead of how things stand. */
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
        {props.isKept ? (
          <Empty title="The entries are not shown">
            The log is kept as it is, as evidence, and nothing is added to it. Verifying reads it and says where it
            broke; it changes nothing.
          </Empty>
        ) : (
          <LoadingRows what="Reading the log" rows={18} height={28} />
        )}
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
