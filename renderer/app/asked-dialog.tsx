/** What a connection asks a person: a passphrase, a password, a one-time code. Answered once, kept nowhere. */
import { useState } from 'react'
import type { Status } from '../../shared/api/console.ts'
import { Button } from '../parts/button.tsx'
import { Dialog, DialogActs } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { ask } from '../store/connection.ts'
import { useConsole } from '../store/console.ts'

export function AskedDialog() {
  const first = useConsole((state) => state.status?.asked[0])
  return first === undefined ? null : <Asked key={first.id} asked={first} />
}

function Asked(props: { readonly asked: Status['asked'][number] }) {
  const { id, about, text, isSecret } = props.asked
  const [value, setValue] = useState('')
  const [isSent, setSent] = useState(false)
  const answer = (said: string | null): void => {
    setSent(true)
    void ask((client) => client.console.answer({ id, text: said }))
  }
  return (
    <Dialog title={`${about} asks`} isOpen={!isSent} onClose={() => answer(null)} width={420}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          answer(value)
        }}
      >
        <TextField
          label={text}
          type={isSecret ? 'password' : 'text'}
          value={value}
          onChange={setValue}
          autoFocus
          hint="It is used for this connection and kept nowhere."
        />
        <DialogActs>
          <Button onClick={() => answer(null)}>Go on without</Button>
          <Button look="ink" type="submit">
            Answer
          </Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
