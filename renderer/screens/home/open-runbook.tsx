/** Opens a runbook file of the machine that the console runs on, by its path. */
import { useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActs } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { ask } from '../../store/connection.ts'
import { loadRunbooks } from '../../store/console.ts'
import { go } from '../../store/route.ts'

export function OpenRunbookDialog(props: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const [path, setPath] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const open = async (): Promise<void> => {
    if (path.trim() === '') {
      setProblem('Write the path of a runbook.yaml.')
      return
    }
    const answer = await ask((client) => client.runbooks.add({ path: path.trim() }))
    if (isRefusal(answer)) {
      setProblem(answer.message)
      return
    }
    await loadRunbooks()
    props.onClose()
    go({ page: 'runbook', id: answer.summary.id })
  }
  return (
    <Dialog title="Open a runbook" isOpen={props.isOpen} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void open()
        }}
      >
        <TextField
          label="Path of the runbook on this machine"
          value={path}
          onChange={setPath}
          problem={problem}
          isMono
          autoFocus
          hint="hosts.yaml and the scripts are looked for beside it. The file is read, never changed."
        />
        <DialogActs>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button look="ink" type="submit">
            Open
          </Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
