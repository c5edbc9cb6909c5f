/** Secrets that steps wait for: asked when they are needed, kept in the console's memory, never written down. */
import { useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActs } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Problem } from '../../parts/notice.tsx'
import { ask } from '../../store/connection.ts'
import type { RunScene } from './scene.ts'

export function SecretsDialog(props: {
  readonly scene: RunScene
  readonly names: readonly string[]
  /** Names that a person put off, joined: asked for again when others come, or when the person says so. */
  readonly later: string
  readonly onLater: (names: string) => void
}) {
  const key = props.names.join(' ')
  if (props.names.length === 0 || props.later === key || props.scene.run.phase === 'closed') return null
  return <Form key={key} run={props.scene.run.id} names={props.names} onLater={() => props.onLater(key)} />
}

function Form(props: { readonly run: string; readonly names: readonly string[]; readonly onLater: () => void }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const give = async (): Promise<void> => {
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
    const answer = await ask((client) => client.runs.secrets({ run: props.run, values: given }))
    if (isRefusal(answer)) setProblem(answer.message)
    else props.onLater()
  }
  return (
    <Dialog
      title={props.names.length === 1 ? 'A secret is needed' : `${props.names.length} secrets are needed`}
      isOpen
      onClose={props.onLater}
      width={420}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void give()
        }}
      >
        {props.names.map((name, index) => (
          <TextField
            key={name}
            label={<b>{name}</b>}
            type="password"
            value={values[name] ?? ''}
            onChange={(value) => setValues({ ...values, [name]: value })}
            autoFocus={index === 0}
          />
        ))}
        <p>
          Kept in memory until the console ends, masked in output, never written to the log. Steps that need it wait.
        </p>
        <Problem message={problem} />
        <DialogActs>
          <Button onClick={props.onLater}>Later</Button>
          <Button look="ink" type="submit">
            Give it
          </Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
