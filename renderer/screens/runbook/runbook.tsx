/** A runbook: its steps, its text, what the static check says, and the way to a run. */
import { useEffect, useState } from 'react'
import type { OpenRunbook } from '../../../shared/api/runbooks.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { LoadingRows } from '../../parts/empty.tsx'
import { Notice } from '../../parts/notice.tsx'
import { TopBar } from '../../parts/page.tsx'
import { ask, useConnection } from '../../store/connection.ts'
import { useConsole } from '../../store/console.ts'
import { OpenedRunbook } from './opened-runbook.tsx'
import { RunbookList } from './runbook-list.tsx'

export function RunbookScreen(props: { readonly id: string | null }) {
  const runbooks = useConsole((state) => state.runbooks)
  return props.id === null ? <RunbookList runbooks={runbooks} /> : <OneRunbook key={props.id} id={props.id} />
}

function OneRunbook(props: { readonly id: string }) {
  const [book, setBook] = useState<OpenRunbook | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const isConnected = useConnection((state) => state.client !== null)
  useEffect(() => {
    if (!isConnected) return
    let isStale = false
    void ask((client) => client.runbooks.open({ id: props.id })).then((answer) => {
      if (isStale) return
      if (isRefusal(answer)) setProblem(answer.message)
      else {
        setBook(answer)
        setProblem(null)
      }
    })
    return () => {
      isStale = true
    }
  }, [props.id, isConnected])

  if (book !== null) return <OpenedRunbook book={book} onChecked={setBook} />
  return (
    <>
      <TopBar title="Runbook" note={props.id} />
      {problem === null ? (
        <LoadingRows what="Reading and checking the runbook" rows={14} height={20} />
      ) : (
        <Notice state="failed" title="This runbook could not be opened" isAlert>
          {problem} Nothing was changed.
        </Notice>
      )}
    </>
  )
}
