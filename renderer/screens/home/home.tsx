/** Changes: what runs, what comes, what is asked, what is done. The first page. */
import { IconFolderOpen } from '@tabler/icons-react'
import { useState } from 'react'
import { showClockInZone, showDay } from '../../../shared/text/time.ts'
import { Button } from '../../parts/button.tsx'
import { LoadingRows } from '../../parts/empty.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Notice } from '../../parts/notice.tsx'
import { Grow, Rule, TopBar } from '../../parts/page.tsx'
import { localZone } from '../../parts/zone.ts'
import { useNow } from '../../store/clock.ts'
import { foremostRun, useConsole } from '../../store/console.ts'
import { go } from '../../store/route.ts'
import { ArchivePanel, LogPanel } from './aside.tsx'
import { AskedPanel } from './asked.tsx'
import { ClosedTable } from './closed-table.tsx'
import styles from './home.module.css'
import { EarlierNotice } from './earlier-notice.tsx'
import { NowBar } from './now-bar.tsx'
import { OpenRunbookDialog } from './open-runbook.tsx'
import { UpcomingTable } from './upcoming-table.tsx'
import { Welcome } from './welcome.tsx'
import { Windows } from './windows.tsx'

export function Home() {
  const status = useConsole((state) => state.status)
  const runbooks = useConsole((state) => state.runbooks)
  const info = useConsole((state) => state.info)
  const problem = useConsole((state) => state.problem)
  const nowMs = useNow()
  const [isOpening, setOpening] = useState(false)
  const foremost = foremostRun(status)
  const current = foremost !== null && foremost.phase !== 'closed' ? foremost : null
  useKeys({ Enter: () => (current === null ? undefined : go({ page: 'run', run: current.run })) })

  return (
    <>
      <TopBar title="Changes" note={info?.operator?.name}>
        <Grow />
        <span className={styles.when}>
          {showDay(nowMs, localZone())}, {showClockInZone(nowMs, localZone())}
        </span>
        <Rule />
        <Button look="quiet" icon={<IconFolderOpen size={16} stroke={1.25} />} onClick={() => setOpening(true)}>
          Open a runbook…
        </Button>
      </TopBar>
      <EarlierNotice />
      {current === null ? null : <NowBar run={current} nowMs={nowMs} />}
      {status === null || runbooks === null ? (
        <div className={styles.waiting}>
          {problem === null ? (
            <LoadingRows what="Reading the log" rows={12} height={32} />
          ) : (
            <Notice state="failed" title="The console did not say how things stand">
              {problem.message} It is asked again every two seconds.
            </Notice>
          )}
        </div>
      ) : (
        <>
          <Windows runs={status.runs} runbooks={runbooks} nowMs={nowMs} />
          <div className={styles.body}>
            <div className={styles.left}>
              {status.runs.length === 0 ? (
                <Welcome runbooks={runbooks} isPractice={info?.isPractice === true} onOpen={() => setOpening(true)} />
              ) : (
                <AskedPanel runs={status.runs} name={info?.operator?.name ?? ''} nowMs={nowMs} />
              )}
              <UpcomingTable runs={status.runs} runbooks={runbooks} />
              <ClosedTable runs={status.runs} />
            </div>
            <aside className={styles.right} aria-label="Archive and log">
              <ArchivePanel status={status} />
              <LogPanel status={status} info={info} />
            </aside>
          </div>
        </>
      )}
      <OpenRunbookDialog isOpen={isOpening} onClose={() => setOpening(false)} />
    </>
  )
}
