/** Replay: the cockpit as it was at any entry, read-only, beside what is known now. */
import { ButtonLink } from '../../parts/button.tsx'
import { Empty, LoadingRows } from '../../parts/empty.tsx'
import { Notice } from '../../parts/notice.tsx'
import { TopBar } from '../../parts/page.tsx'
import { ReplayTag } from '../../parts/tag.tsx'
import { showCount } from '../../../shared/text/quantity.ts'
import { foremostRun, useConsole } from '../../store/console.ts'
import { ReplayView } from './replay-view.tsx'
import { useHistory } from './use-history.ts'

export function Replay(props: { readonly run: string | null; readonly seq: number | null }) {
  const newest = useConsole(
    (state) => state.status?.runs.toSorted(byClosed)[0]?.run ?? foremostRun(state.status)?.run ?? null,
  )
  const run = props.run ?? newest
  if (run !== null) return <OneReplay key={run} run={run} seq={props.seq} />
  return (
    <>
      <TopBar title="Replay" />
      <Empty title="Nothing to replay yet" acts={<ButtonLink href="#/">Changes</ButtonLink>}>
        A run can be replayed entry by entry, while it goes on and for ever after.
      </Empty>
    </>
  )
}

function byClosed(a: { readonly closedAt: string | null }, b: { readonly closedAt: string | null }): number {
  return (a.closedAt ?? '') < (b.closedAt ?? '') ? 1 : -1
}

function OneReplay(props: { readonly run: string; readonly seq: number | null }) {
  const { history, fetched, problem } = useHistory(props.run)
  if (history !== null && history.entries.length > 0)
    return <ReplayView history={history} id={props.run} seq={props.seq} />
  return (
    <>
      <TopBar title="Replay" before={<ReplayTag />} note={props.run} />
      {problem !== null || history !== null ? (
        <Notice
          state="failed"
          title="This run cannot be replayed"
          isAlert
          aside={
            <ButtonLink size="small" href="#/">
              Changes
            </ButtonLink>
          }
        >
          {problem ?? `The log has no run ${props.run}.`}
        </Notice>
      ) : (
        <LoadingRows what={`Reading the run, ${showCount(fetched)} entries so far`} rows={20} height={20} />
      )}
    </>
  )
}
