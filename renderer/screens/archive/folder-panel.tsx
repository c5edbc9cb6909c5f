/** Which folder is the archive. One sentence says what an archive is; the field says where. */
import { useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Panel } from '../../parts/panel.tsx'
import { ask } from '../../store/connection.ts'
import { forgetArchiveJobs } from '../../store/jobs.ts'
import styles from './archive.module.css'

export function FolderPanel(props: { readonly path: string | null }) {
  const { path } = props
  const [written, setWritten] = useState(path ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const isSame = written.trim() === (path ?? '')
  const set = async (): Promise<void> => {
    const to = written.trim()
    if (to === '') {
      setProblem('Write the path of a folder. Nothing was changed.')
      return
    }
    setSending(true)
    const answer = await ask((client) => client.archive.set({ path: to }))
    setSending(false)
    if (isRefusal(answer))
      setProblem(`${answer.message} ${path === null ? 'No archive is set.' : 'The archive stays where it was.'}`)
    else {
      setProblem(null)
      forgetArchiveJobs()
    }
  }
  return (
    <Panel title="Folder">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (!isSame || path === null) void set()
        }}
      >
        <p>
          An archive is a folder somewhere else, such as a share or a stick, with a second copy of the log that anyone
          can check without this console.
        </p>
        <div className={styles.field}>
          <TextField
            label="Path of a folder that this machine can write to"
            value={written}
            onChange={(value) => {
              setWritten(value)
              setProblem(null)
            }}
            isMono
            problem={problem}
            placeholder="/mnt/ops-share/holdpoint"
            hint={
              path === null
                ? 'It is made where there is none. Nothing is sent before you sync.'
                : 'Another folder begins empty; what is in this one stays there.'
            }
          />
          <Button type="submit" look={path === null ? 'ink' : 'outline'} isOff={isSending || (isSame && path !== null)}>
            {isSending
              ? 'Looking at it'
              : path === null
                ? 'Set the folder'
                : isSame
                  ? 'This folder is set'
                  : 'Change the folder'}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
