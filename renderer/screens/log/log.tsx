/** The log: every entry with its proof, the seal over all of it, and verifying it. */
import { IconSearch, IconShieldCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { instantOf, msOf } from '../../../shared/text/time.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, LoadingRows } from '../../parts/empty.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Notice } from '../../parts/notice.tsx'
import { shortOrigin } from '../../parts/origin-words.ts'
import { Grow, TopBar } from '../../parts/page.tsx'
import { Seg } from '../../parts/seg.tsx'
import { localZone } from '../../parts/zone.ts'
import { useConnection } from '../../store/connection.ts'
import { useConsole } from '../../store/console.ts'
import { startJob, useJobs } from '../../store/jobs.ts'
import { goQuietly } from '../../store/route.ts'
import { checkedBy } from './checked.ts'
import { EntryPanel, type EntryPanelHandle } from './entry-panel.tsx'
import styles from './log.module.css'
import { LogTable, type TableHandle } from './log-table.tsx'
import { useRows } from './rows.ts'
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

export function Log(props: { readonly seq: number | null }) {
  const { seq } = props
  const status = useConsole((state) => state.status)
  const info = useConsole((state) => state.info)
  const job = useJobs((state) => state['log.verify'])
  const isConnected = useConnection((state) => state.client !== null)
  const origin = info?.origin ?? null
  const size = status?.log.size ?? 0
  const top = useWholeLog((state) => (state.origin === origin ? state.top : 0))
  const [show, setShow] = useState<Show>('all')
  const [find, setFind] = useState('')
  const [isPutAway, setPutAway] = useState(false)
  const findField = useRef<HTMLInputElement>(null)
  const table = useRef<TableHandle>(null)
  const panel = useRef<EntryPanelHandle>(null)
  const rows = useRows(show, find)
  const checked = checkedBy(job, origin)
  const acts = useActCount(checked)
  const boot = useBootMark(origin)
  const shown = useProof(seq, seq !== null && seq + 1 < size)
  const zone = localZone()

  // The first look shows the log as it is; after that only a person, or an entry that is led to, moves it on.
  const isFirst = top === 0 || size < top
  useEffect(() => {
    if (origin !== null && size > 0 && (isFirst || (seq !== null && seq >= top && seq < size))) showTo(origin, size)
  }, [origin, size, isFirst, seq, top])
  // What could not be read while the console was away is asked for again.
  useEffect(() => {
    if (isConnected && origin !== null && useWholeLog.getState().problem !== null)
      showTo(origin, useWholeLog.getState().top)
  }, [isConnected, origin])
  const isShown = top > 0
  useEffect(() => {
    if (isShown && document.activeElement === document.body) table.current?.focus()
  }, [isShown])

  const verify = (): void => {
    setPutAway(false)
    void startJob('log.verify')
  }
  const newest = (): void => {
    if (origin !== null) showTo(origin, size)
    table.current?.toTop()
  }
  const choose = (to: number): void => goQuietly({ page: 'log', seq: to })
  const clear = (): void => {
    setFind('')
    setShow('all')
  }
  useKeys({
    '/': () => findField.current?.select(),
    v: verify,
    n: newest,
    Escape: () => (seq === null ? setPutAway(true) : goQuietly({ page: 'log', seq: null })),
  })
  // Whoever is led to an entry sees it among its neighbours, whatever was looked for before.
  const isLed = seq !== null && !rows.isLooking && rows.isEnd && rows.rowOf(seq) === null
  const [chosenBefore, setChosenBefore] = useState(seq)
  if (seq !== chosenBefore) {
    setChosenBefore(seq)
    if (isLed && seq < size) clear()
  }

  const newer = isShown ? size - top : 0
  const hasVerification = job.runningSinceMs !== null || job.ended !== null
  const hasPanel = seq === null || (hasVerification && !isPutAway)
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
        <label className={styles.find}>
          <IconSearch size={14} stroke={1.25} aria-hidden="true" />
          <input
            ref={findField}
            type="search"
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && find !== '') {
                setFind('')
                event.preventDefault()
              } else if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') {
                table.current?.focus()
                event.preventDefault()
              }
            }}
            placeholder="type, step, host, person, text"
            aria-label="Find entries by type, step, host, person or text"
            aria-keyshortcuts="/"
            autoComplete="off"
            spellCheck={false}
          />
          <kbd aria-hidden="true">/</kbd>
        </label>
        <Button
          look="ink"
          icon={<IconShieldCheck size={16} stroke={1.25} />}
          keys="V"
          isOff={job.runningSinceMs !== null}
          onClick={verify}
        >
          {job.runningSinceMs !== null ? 'Verifying' : checked === null ? 'Verify' : 'Verify again'}
        </Button>
      </TopBar>
      {status === null || (size === 0 && origin !== null) ? (
        <div className={styles.waiting}>
          <LoadingRows what="Reading the log" rows={18} height={28} />
        </div>
      ) : origin === null ? (
        <div className={styles.waiting}>
          <Empty title="This log is not shown here" acts={<Button onClick={verify}>Verify it</Button>}>
            The console keeps it as evidence, as it is, and does not write to it. Verifying reads it and says where it
            broke; nothing is changed.
          </Empty>
          {hasVerification ? (
            <VerifyPanel
              job={job}
              checked={checked ?? checkedBy(job, firstOrigin(job))}
              own={null}
              size={size}
              dataDir={info?.dataDir ?? ''}
              zone={zone}
              isAlone
              onClose={() => undefined}
            />
          ) : null}
        </div>
      ) : (
        <>
          <SealStrip status={status} info={info} checked={checked} acts={acts} boot={boot} zone={zone} />
          <div className={styles.body}>
            <section className={styles.left} aria-label="Entries">
              <div className={styles.bar}>
                <Seg label="Which entries" value={show} options={FILTERS} onChange={setShow} />
                {newer > 0 ? (
                  <Button size="small" keys="N" onClick={newest}>
                    {showCount(newer)} newer
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
              {rows.count === 0 && !rows.isLooking && rows.problem === null ? (
                <Empty title="Nothing matches" acts={<Button onClick={clear}>Show all entries</Button>}>
                  No entry up to {showCount(Math.max(0, top - 1))}{' '}
                  {find.trim() === '' ? 'is of this kind' : `has “${find.trim()}” in it`}.
                </Empty>
              ) : (
                <LogTable
                  ref={table}
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
              {hasPanel ? (
                <VerifyPanel
                  job={job}
                  checked={checked}
                  own={origin}
                  size={size}
                  dataDir={info?.dataDir ?? ''}
                  zone={zone}
                  isAlone={seq === null}
                  onClose={() => setPutAway(true)}
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
      )}
    </>
  )
}

function Counted(props: { readonly rows: ReturnType<typeof useRows>; readonly isAll: boolean; readonly top: number }) {
  const { rows } = props
  const text = props.isAll
    ? `${showNumberOf(props.top, 'entry', 'entries')}`
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

function firstOrigin(job: Parameters<typeof checkedBy>[0]): string | null {
  return job.ended?.result.kind === 'verified' ? (job.ended.result.answer.origins[0]?.origin ?? null) : null
}
