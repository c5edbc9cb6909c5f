/** What a person must know of the run before anything else: another console drives it, or its records contradict. */
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { writeRoute } from '../../store/route.ts'
import type { OpenAct } from './acts/act-dialogs.tsx'
import type { RunScene } from './scene.ts'

export function RunNotices(props: { readonly scene: RunScene; readonly onAct: (act: OpenAct) => void }) {
  const { run, isElsewhere } = props.scene
  const first = run.conflicts[0]
  const count = run.conflicts.length
  return (
    <>
      {isElsewhere ? (
        <Notice
          state="warned"
          title="Another console drives this run"
          aside={
            <Button size="small" onClick={() => props.onAct('take-over')}>
              Take over…
            </Button>
          }
        >
          It can be watched here. Nothing that is asked can be answered from this console unless it takes over.
        </Notice>
      ) : null}
      {first === undefined ? null : (
        <Notice
          state="failed"
          title={`${showNumberOf(count, 'entry', 'entries')} of this run ${count === 1 ? 'contradicts' : 'contradict'} what was recorded before`}
          aside={
            <ButtonLink size="small" href={writeRoute({ page: 'log', seq: first.ref.seq })}>
              Look at entry {showCount(first.ref.seq)}
            </ButtonLink>
          }
          isAlert
        >
          {first.type}: {first.message} {count === 1 ? 'It is' : 'They are'} kept and changed nothing here. Find out
          what ran on the hosts before you go on.
        </Notice>
      )}
    </>
  )
}
