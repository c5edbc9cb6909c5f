/** No run yet: what a run is, and the shortest way to one. */
import { useState } from 'react'
import type { RunbookSummary } from '../../../shared/api/runbooks.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Problem } from '../../parts/notice.tsx'
import { ask } from '../../store/connection.ts'
import { go } from '../../store/route.ts'

export function Welcome(props: {
  readonly runbooks: readonly RunbookSummary[]
  readonly isPractice: boolean
  readonly onOpen: () => void
}) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isPlanning, setPlanning] = useState(false)
  const sample = props.runbooks.find((book) => book.isSample && book.faults === 0)
  const rehearse = async (id: string): Promise<void> => {
    setPlanning(true)
    const answer = await ask((client) =>
      client.runs.plan({ runbook: id, mode: 'rehearsal', variables: {}, secrets: {} }),
    )
    setPlanning(false)
    if (isRefusal(answer)) setProblem(answer.message)
    else go({ page: 'run', run: answer.run })
  }
  return (
    <Empty
      title="No run yet"
      acts={
        <>
          {sample === undefined ? null : (
            <Button look="ink" isOff={isPlanning} onClick={() => void rehearse(sample.id)}>
              Rehearse the sample
            </Button>
          )}
          <Button look="quiet" onClick={props.onOpen}>
            Open a runbook…
          </Button>
        </>
      }
    >
      A run is one performance of a runbook.{' '}
      {sample === undefined
        ? 'Open a runbook to check it and to plan one.'
        : `Rehearse “${sample.title}”${props.isPractice ? ' on practice hosts; nothing leaves this machine' : ''}.`}
      <Problem message={problem} />
    </Empty>
  )
}
