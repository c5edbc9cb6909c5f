/** The operator's key is locked: unlocked once a shift, here. */
import { useState } from 'react'
import { isRefusal } from '../../shared/model/commands.ts'
import { Button } from '../parts/button.tsx'
import { Dialog, DialogActs } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { ask } from '../store/connection.ts'
import { setInfo } from '../store/console.ts'

export function UnlockNotice(props: { readonly name: string }) {
  const [isOpen, setOpen] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const unlock = async (): Promise<void> => {
    const answer = await ask((client) => client.console.unlock({ passphrase }))
    setPassphrase('')
    if (isRefusal(answer)) {
      setProblem(answer.message)
      return
    }
    setInfo(answer)
    setOpen(false)
  }
  return (
    <>
      <Notice
        state="warned"
        title={`The key of ${props.name} is locked`}
        aside={
          <Button size="small" onClick={() => setOpen(true)}>
            Unlock…
          </Button>
        }
      >
        Everything can be read. To sign, unlock it; once is enough until the console ends.
      </Notice>
      <Dialog title={`Unlock the key of ${props.name}`} isOpen={isOpen} onClose={() => setOpen(false)} width={400}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void unlock()
          }}
        >
          <TextField
            label="Passphrase"
            type="password"
            value={passphrase}
            onChange={setPassphrase}
            problem={problem}
            autoFocus
            hint="It is used once, here, and never written down."
          />
          <DialogActs>
            <Button onClick={() => setOpen(false)}>Leave it locked</Button>
            <Button look="ink" type="submit">
              Unlock
            </Button>
          </DialogActs>
        </form>
      </Dialog>
    </>
  )
}
