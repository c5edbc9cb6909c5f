/** What every page must say before anything else: no connection, a log that cannot be written, a key that is locked. */
import { useState } from 'react'
import { isRefusal } from '../../shared/model/commands.ts'
import { showClockInZone } from '../../shared/text/time.ts'
import { Button } from '../parts/button.tsx'
import { Dialog, DialogActs } from '../parts/dialog.tsx'
import { Notice, Problem } from '../parts/notice.tsx'
import { localZone } from '../parts/zone.ts'
import { useNow } from '../store/clock.ts'
import { ask, tryAgain, useConnection } from '../store/connection.ts'
import { setInfo, useConsole } from '../store/console.ts'
import { UnlockNotice } from './unlock-notice.tsx'

export function ConsoleNotices() {
  const state = useConnection((connection) => connection.state)
  const info = useConsole((one) => one.info)
  return (
    <>
      {state === 'lost' ? <LostNotice /> : null}
      {info !== null && info.refusal !== null ? <ReadOnlyNotice message={info.refusal.message} /> : null}
      {info !== null && info.operator !== null && !info.operator.isUnlocked ? (
        <UnlockNotice name={info.operator.name} />
      ) : null}
    </>
  )
}

function LostNotice() {
  const connection = useConnection()
  const nowMs = useNow()
  if (connection.state !== 'lost') return null
  const waitS = Math.max(0, Math.ceil((connection.retryAtMs - nowMs) / 1000))
  return (
    <Notice
      state="unknown"
      isAlert
      title={`No connection to the console since ${showClockInZone(connection.sinceMs, localZone())}`}
      aside={
        <Button size="small" onClick={tryAgain}>
          {waitS > 0 ? `Try now, or in ${waitS} s` : 'Trying now'}
        </Button>
      }
    >
      {connection.why} What is shown is from before. Runs go on in the console; nothing can be signed from here until it
      is back.
    </Notice>
  )
}

function ReadOnlyNotice(props: { readonly message: string }) {
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const begin = async (): Promise<void> => {
    const answer = await ask((client) => client.console.beginAgain())
    if (isRefusal(answer)) {
      setProblem(answer.message)
      return
    }
    setInfo(answer)
    setAsking(false)
  }
  return (
    <>
      <Notice
        state="failed"
        isAlert
        title="This console can read its log, and does not write to it"
        aside={
          <Button size="small" onClick={() => setAsking(true)}>
            Begin a new log…
          </Button>
        }
      >
        {props.message}
      </Notice>
      <Dialog title="Begin a new log?" isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>
          The log as it is stays in the data folder as evidence, and is not changed. A new one begins; its first entry
          names where the old one ended, so that the break stays visible for ever.
        </p>
        <Problem message={problem} />
        <DialogActs>
          <Button look="ink" onClick={() => setAsking(false)}>
            Leave it as it is
          </Button>
          <Button look="danger" onClick={() => void begin()}>
            Keep the old log and begin a new one
          </Button>
        </DialogActs>
      </Dialog>
    </>
  )
}
