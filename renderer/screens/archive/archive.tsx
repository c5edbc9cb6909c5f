/** The archive: where the log is kept a second time, what is proved to be there, and bringing the rest. */
import { IconShieldCheck, IconUpload } from '@tabler/icons-react'
import { Button } from '../../parts/button.tsx'
import { LoadingRows } from '../../parts/empty.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Grow, TopBar } from '../../parts/page.tsx'
import { localZone } from '../../parts/zone.ts'
import { useConsole } from '../../store/console.ts'
import { startJob, useJobs } from '../../store/jobs.ts'
import { ArchiveCheck } from './archive-check.tsx'
import styles from './archive.module.css'
import { ArchiveStrip } from './archive-strip.tsx'
import { FolderPanel } from './folder-panel.tsx'
import { SyncPanel } from './sync-panel.tsx'
import { WhatIsWhere } from './what-is-where.tsx'

export function Archive() {
  const status = useConsole((state) => state.status)
  const info = useConsole((state) => state.info)
  const syncing = useJobs((state) => state['archive.sync'])
  const checking = useJobs((state) => state['archive.verify'])
  const zone = localZone()
  const path = status?.archive.path ?? null
  const isSending = syncing.runningSinceMs !== null || status?.archive.state === 'sending'
  const isChecking = checking.runningSinceMs !== null
  const sync = (): void => {
    if (path !== null && !isSending) void startJob('archive.sync')
  }
  const verify = (): void => {
    if (path !== null) void startJob('archive.verify')
  }
  useKeys({ y: sync, v: verify })
  return (
    <>
      <TopBar title="Archive" note={path === null ? undefined : <span className={styles.mono}>{path}</span>}>
        <Grow />
        <Button
          icon={<IconShieldCheck size={16} stroke={1.25} />}
          keys="V"
          isOff={path === null || isChecking}
          onClick={verify}
        >
          {path === null ? 'Verify: set a folder first' : isChecking ? 'Verifying' : 'Verify the archive'}
        </Button>
        <Button
          look="ink"
          icon={<IconUpload size={16} stroke={1.25} />}
          keys="Y"
          isOff={path === null || isSending}
          onClick={sync}
        >
          {path === null ? 'Sync: set a folder first' : isSending ? 'Sending' : 'Sync now'}
        </Button>
      </TopBar>
      {status === null ? (
        <div className={styles.waiting}>
          <LoadingRows what="Asking the console" rows={12} height={32} />
        </div>
      ) : (
        <>
          <ArchiveStrip archive={status.archive} checked={checking.ended} zone={zone} />
          <div className={styles.body}>
            <div className={styles.left}>
              <FolderPanel key={path ?? ''} path={path} />
              <WhatIsWhere status={status} checked={checking.ended} zone={zone} />
              <SyncPanel job={syncing} archive={status.archive} zone={zone} onAgain={sync} />
            </div>
            <aside className={styles.right} aria-label="Verification">
              <ArchiveCheck
                job={checking}
                path={path}
                dataDir={info?.dataDir ?? ''}
                own={info?.origin ?? null}
                zone={zone}
              />
            </aside>
          </div>
        </>
      )}
    </>
  )
}
