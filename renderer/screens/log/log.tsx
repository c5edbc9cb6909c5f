/** The log: every entry with its proof, the seal over all of it, and verifying it. */
import { IconShieldCheck } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { useKeys } from '../../parts/keys.ts'
import { shortOrigin } from '../../parts/origin-words.ts'
import { Grow, TopBar } from '../../parts/page.tsx'
import { localZone } from '../../parts/zone.ts'
import { useConsole } from '../../store/console.ts'
import { startJob, useJobs } from '../../store/jobs.ts'
import { FindField } from './find-field.tsx'
import { UnreadLog } from './unread-log.tsx'
import { LogView } from './log-view.tsx'
import type { TableHandle } from './log-table.tsx'
import styles from './log.module.css'

export function Log(props: { readonly seq: number | null }) {
  const status = useConsole((state) => state.status)
  const problem = useConsole((state) => state.problem)
  const info = useConsole((state) => state.info)
  const job = useJobs((state) => state['log.verify'])
  const [find, setFind] = useState('')
  const findField = useRef<HTMLInputElement>(null)
  const table = useRef<TableHandle>(null)
  const origin = info?.origin ?? null
  const isVerifying = job.runningSinceMs !== null
  const verify = (): void => void startJob('log.verify')
  useKeys({ '/': () => findField.current?.select(), v: verify })
  return (
    <>
      <TopBar
        title="Log"
        note={
          origin === null ? undefined : (
            <span className={styles.origin} title={origin}>
              {shortOrigin(origin)}
            </span>
          )
        }
      >
        <Grow />
        {origin === null ? null : (
          <FindField ref={findField} value={find} onChange={setFind} onLeave={() => table.current?.focus()} />
        )}
        <Button
          look="ink"
          icon={<IconShieldCheck size={16} stroke={1.25} />}
          keys="V"
          isOff={isVerifying}
          onClick={verify}
        >
          {isVerifying ? 'Verifying' : job.ended?.result.kind === 'verified' ? 'Verify again' : 'Verify'}
        </Button>
      </TopBar>
      {status === null || info === null || origin === null || status.log.size === 0 ? (
        <UnreadLog
          info={info}
          isKept={info !== null && origin === null}
          problem={problem?.message ?? null}
          job={job}
          zone={localZone()}
        />
      ) : (
        <LogView
          key={origin}
          seq={props.seq}
          status={status}
          info={info}
          origin={origin}
          job={job}
          find={find}
          onFind={setFind}
          tableRef={table}
        />
      )}
    </>
  )
}
