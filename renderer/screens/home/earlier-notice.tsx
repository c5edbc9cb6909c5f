/** Runs that were open in a log which was kept aside: they are not gone on with here, and nobody may forget them. */
import { useEffect, useState } from 'react'
import type { EarlierLog } from '../../../shared/api/console.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Notice } from '../../parts/notice.tsx'
import { quoted } from '../../parts/shell-words.ts'
import { ask } from '../../store/connection.ts'
import { useConsole } from '../../store/console.ts'

export function EarlierNotice() {
  const info = useConsole((state) => state.info)
  const origin = info?.origin ?? null
  const [logs, setLogs] = useState<readonly EarlierLog[]>([])
  useEffect(() => {
    if (origin === null) return
    void ask((client) => client.console.earlier()).then((answer) => {
      if (!isRefusal(answer)) setLogs(answer)
    })
  }, [origin])
  return logs.map((log) => <OneLog key={log.file} log={log} dataDir={info?.dataDir ?? ''} />)
}

function OneLog(props: { readonly log: EarlierLog; readonly dataDir: string }) {
  const { file, problem, runs } = props.log
  if (problem !== null)
    return (
      <Notice state="failed" title={`The earlier log ${file} cannot be read`}>
        {problem} It is kept as it is. Runs that it tells of are not known here.
      </Notice>
    )
  return runs
    .filter((run) => run.phase === 'running')
    .map((run) => (
      <Notice key={run.run} state="unknown" isAlert title={`${run.title} was under way in an earlier log`}>
        That log was kept as {file} when a new one was begun, and the run is not gone on with here. Look on the hosts,
        and plan what is left as a new run. How it stood, step by step:{' '}
        <code>
          holdpoint replay {quoted(props.dataDir)} {run.run}
        </code>
      </Notice>
    ))
}
