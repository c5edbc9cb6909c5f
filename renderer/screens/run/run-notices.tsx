/** What a person must know of the run before anything else: another console drives it, or its records contradict. */
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { useConsole } from '../../store/console.ts'
import type { OpenAct } from './acts/act-dialogs.tsx'
import type { RunScene } from './scene.ts'

export function RunNotices(props: { readonly scene: RunScene; readonly onAct: (act: OpenAct) => void }) {
  const { run } = props.scene
  const origin = useConsole((state) => state.info?.origin ?? null)
  const first = run.conflicts[0]
  const isElsewhere = origin !== null && run.phase !== 'closed' && run.epoch.origin !== origin
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
          title={`${showNumberOf(run.conflicts.length, 'record')} of this run contradict others`}
          isAlert
        >
          Entry {first.ref.seq}, {first.type}: {first.message} It is kept and changes nothing; a person has to look.
        </Notice>
      )}
    </>
  )
}
