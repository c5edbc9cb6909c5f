/** The open log: what is known of it, its entries, and the proof of the chosen one. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { ConsoleInfo, Status } from '../../../shared/api/console.ts'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { instantOf, msOf } from '../../../shared/text/time.ts'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Notice } from '../../parts/notice.tsx'
import { Seg } from '../../parts/seg.tsx'
import { localZone } from '../../parts/zone.ts'
import { useConnection } from '../../store/connection.ts'
import type { Job } from '../../store/jobs.ts'
import { goQuietly } from '../../store/route.ts'
import { checkedBy } from './checked.ts'
import { EntryPanel, type EntryPanelHandle } from './entry-panel.tsx'
import styles from './log.module.css'
import { LogTable, type TableHandle } from './log-table.tsx'
import { type Rows, useRows } from './rows.ts'
import { SealStrip } from './seal-strip.tsx'
import { useActCount } from './use-act-count.ts'
import { useBootMark } from './use-boot-mark.ts'
import { useProof } from './use-proof.ts'
import type { Show } from './use-sought.ts'
import { VerifyPanel } from './verify-panel.tsx'
import { showTo, useWholeLog } from './whole-log.ts'

/** A log without a seal has no entry to show. */
const NEVER = instantOf(0)
const FILTERS: readonly { readonly value: Show; readonly text: string }[] = [
  { value: 'all', text: 'All' },
  { value: 'acts', text: 'Acts' },
  { value: 'decisions', text: 'Decisions' },
  { value: 'outcomes', text: 'Outcomes' },
]

export function LogView(props: {
  readonly seq: number | null
  readonly status: Status
  readonly info: ConsoleInfo
  readonly origin: string
  readonly job: Job
  readonly find: string
  readonly onFind: (find: string) => void
  readonly tableRef: RefObject<TableHandle | null>
}) {
  const { seq, status, info, origin, job, find, onFind, tableRef } = props
  const { size } = status.log
  const [show, setShow] = useState<Show>('all')
  const [putAway, setPutAway] = useState<Job['ended']>(null)
  const panel = useRef<EntryPanelHandle>(null)
  const top = useTop(origin, size, seq)
  const rows = useRows(show, find)
  const checked = checkedBy(job, origin)
  const acts = useActCount(checked)
  const boot = useBootMark(origin)
  const shown = useProof(seq, seq !== null && seq + 1 < size)
  const zone = localZone()
  const isShown = top > 0
  useEffect(() => {
    if (isShown && document.activeElement === document.body) tableRef.current?.focus()
  }, [isShown, tableRef])

  const all = (): void => {
    onFind('')
    setShow('all')
  }
  useLedTo(seq, size, rows, all)
  const newest = (): void => {
    showTo(origin, size)
    tableRef.current?.toTop()
  }
  const choose = (to: number | null): void => goQuietly({ page: 'log', seq: to })
  useKeys({
    n: newest,
    Escape: () => {
      if (seq !== null) tableRef.current?.focus()
      choose(null)
    },
  })

  const isVerification = job.runningSinceMs !== null || (job.ended !== null && job.ended !== putAway)
  return (
    <>
      <SealStrip status={status} info={info} checked={checked} acts={acts} boot={boot} zone={zone} />
      <div className={styles.body}>
        <section className={styles.left} aria-label="Entries">
          <div className={styles.bar}>
            <Seg label="Which entries" value={show} options={FILTERS} onChange={setShow} />
            {isShown && size > top ? (
              <Button size="small" keys="N" onClick={newest}>
                {showCount(size - top)} newer
              </Button>
            ) : null}
            <span className={styles.grow} />
            <Counted rows={rows} isAll={show === 'all' && find.trim() === ''} top={top} />
          </div>
          {rows.problem === null ? null : (
            <Notice state="failed" title="Not all entries could be read">
              {rows.problem} They are asked for again as you scroll.
            </Notice>
          )}
          {isShown && rows.count === 0 && !rows.isLooking && rows.problem === null ? (
            <Empty title="Nothing matches" acts={<Button onClick={all}>Show all entries</Button>}>
              No entry up to {showCount(Math.max(0, top - 1))}{' '}
              {find.trim() === '' ? 'is of this kind' : `has “${find.trim()}” in it`}.
            </Empty>
          ) : (
            <LogTable
              ref={tableRef}
              rows={rows}
              chosen={seq}
              checked={checked}
              zone={zone}
              headMs={msOf(status.log.sealedAt ?? NEVER)}
              onChoose={choose}
              onOpen={() => panel.current?.focus()}
            />
          )}
        </section>
        <aside className={styles.right} aria-label="Proof">
          {seq === null || isVerification ? (
            <VerifyPanel
              job={job}
              checked={checked}
              own={origin}
              size={size}
              dataDir={info.dataDir}
              zone={zone}
              isAlone={seq === null}
              onClose={() => setPutAway(job.ended)}
            />
          ) : null}
          {seq === null ? null : (
            <EntryPanel
              ref={panel}
              shown={shown}
              zone={zone}
              archive={(status.archive.receipt?.size ?? 0) > seq ? status.archive.path : null}
              problem={checked?.codes.get(seq) ?? null}
            />
          )}
        </aside>
      </div>
    </>
  )
}

/**
 * The size of the log as it is shown. The first look shows all there is; after that only a person, or an entry that is led
 * to, moves it on: what is being read stays where it is.
 */
function useTop(origin: string, size: number, seq: number | null): number {
  const top = useWholeLog((state) => (state.origin === origin ? state.top : 0))
  const isDue = top === 0 || size < top || (seq !== null && seq >= top && seq < size)
  useEffect(() => {
    if (isDue) showTo(origin, size)
  }, [isDue, origin, size])
  // What could not be read while the console was away is asked for again.
  const isConnected = useConnection((state) => state.client !== null)
  useEffect(() => {
    const log = useWholeLog.getState()
    if (isConnected && log.problem !== null && log.origin === origin) showTo(origin, log.top)
  }, [isConnected, origin])
  return top
}

/** Whoever is led to an entry sees it among its neighbours, whatever was looked for before. */
function useLedTo(seq: number | null, size: number, rows: Rows, all: () => void): void {
  const before = useRef(seq)
  useEffect(() => {
    if (seq === before.current) return
    before.current = seq
    if (seq !== null && seq < size && !rows.isLooking && rows.isEnd && rows.rowOf(seq) === null) all()
  })
}

function Counted(props: { readonly rows: Rows; readonly isAll: boolean; readonly top: number }) {
  const { rows } = props
  const text = props.isAll
    ? showNumberOf(props.top, 'entry', 'entries')
    : rows.isLooking
      ? 'looking'
      : `${showCount(rows.count)}${rows.isEnd ? '' : ' and more'} of ${showCount(props.top)}`
  return (
    <span role="status">
      {text}
      <span className={styles.sorted}>, newest first</span>
    </span>
  )
}
