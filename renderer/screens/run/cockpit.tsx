/** The cockpit's door: which run, and what is shown until all of it is here. */
import { useEffect } from 'react'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { Empty, LoadingRows } from '../../parts/empty.tsx'
import { Notice } from '../../parts/notice.tsx'
import { TopBar } from '../../parts/page.tsx'
import { foremostRun, useConsole } from '../../store/console.ts'
import { NO_MIRROR, useRuns, watchRun } from '../../store/runs.ts'
import { RunView } from './run-view.tsx'

export function Cockpit(props: { readonly run: string | null }) {
  const foremost = useConsole((state) => foremostRun(state.status)?.run ?? null)
  const isKnown = useConsole((state) => state.status !== null)
  const run = props.run ?? foremost
  if (run !== null) return <OneRun key={run} run={run} />
  return (
    <>
      <TopBar title="Run" />
      {isKnown ? (
        <Empty title="No run yet" acts={<ButtonLink href="#/runbook">Choose a runbook</ButtonLink>}>
          A run is one performance of a runbook: a walkthrough, a rehearsal or live.
        </Empty>
      ) : (
        <LoadingRows what="Reading the log" rows={20} height={20} />
      )}
    </>
  )
}

function OneRun(props: { readonly run: string }) {
  useEffect(() => watchRun(props.run), [props.run])
  const mirror = useRuns((state) => state.mirrors[props.run] ?? NO_MIRROR)
  const title = useConsole((state) => state.status?.runs.find((one) => one.run === props.run)?.title)
  if (mirror.run !== null && (mirror.isCurrent || mirror.entries > 0))
    return <RunView mirror={mirror} run={mirror.run} />
  return (
    <>
      <TopBar title={title ?? 'Run'} note={props.run} />
      {mirror.problem === null && !mirror.isCurrent ? (
        <LoadingRows
          what={`Reading the run, ${showNumberOf(mirror.entries, 'entry', 'entries')} so far`}
          rows={24}
          height={20}
        />
      ) : (
        <Notice
          state="failed"
          title="This run cannot be shown"
          isAlert
          aside={
            <ButtonLink size="small" href="#/">
              Changes
            </ButtonLink>
          }
        >
          {mirror.problem?.message ?? `The log has no run ${props.run}.`}
        </Notice>
      )}
    </>
  )
}
