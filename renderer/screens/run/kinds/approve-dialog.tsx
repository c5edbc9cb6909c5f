/** Approve, refuse or withdraw in a role, with the approver's own key: nobody signs for somebody else. */
import { useEffect, useState } from 'react'
import { isRefusal } from '../../../../shared/model/commands.ts'
import { cutMiddle } from '../../../../shared/text/cut.ts'
import { cellTitle } from '../../../parts/cell-words.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog, DialogActs, Facts } from '../../../parts/dialog.tsx'
import { TextArea, TextField } from '../../../parts/field.tsx'
import { Problem } from '../../../parts/notice.tsx'
import { ask } from '../../../store/connection.ts'
import type { RunScene } from '../scene.ts'
import styles from './kinds.module.css'

type Props = { readonly scene: RunScene; readonly gate: string; readonly role: string; readonly onClose: () => void }
type Approver = {
  readonly role: string
  readonly name: string
  readonly key: string
  readonly source: 'operator' | 'practice'
}
type Choice = 'operator' | 'practice' | 'file'
type Said = 'approve' | 'refuse' | 'withdraw'

export function ApproveDialog(props: Props) {
  const { run, words } = props.scene
  const [approvers, setApprovers] = useState<readonly Approver[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    void ask((client) => client.runs.approvers({ run: run.id, gate: props.gate })).then((answer) => {
      if (isRefusal(answer)) setProblem(answer.message)
      else setApprovers(answer.filter((one) => one.role === props.role))
    })
  }, [run.id, props.gate, props.role])
  return (
    <Dialog
      title={`${cellTitle(words, props.gate, null)}, as ${props.role}`}
      isOpen
      onClose={props.onClose}
      width={520}
    >
      <Facts
        rows={[
          {
            term: 'Covers',
            value: `${words.title}, version ${run.runbook.version.slice(0, 8)}, ${run.order.length} steps`,
          },
          { term: 'Role', value: `${props.role}, as asserted by who signs` },
        ]}
      />
      <Problem message={problem} />
      {approvers === null ? null : <ApproveForm {...props} approvers={approvers} />}
    </Dialog>
  )
}

function ApproveForm(props: Props & { readonly approvers: readonly Approver[] }) {
  const { approvers, scene } = props
  const [choice, setChoice] = useState<Choice>(
    approvers.find((one) => one.source === 'practice')?.source ?? approvers[0]?.source ?? 'file',
  )
  const [file, setFile] = useState({ name: '', path: '', passphrase: '' })
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSigning, setSigning] = useState(false)

  const sign = async (answer: Said): Promise<void> => {
    if (choice === 'file' && (file.name.trim() === '' || file.path.trim() === '')) {
      setProblem('Write the approver’s name and the path of their key file.')
      return
    }
    if (answer === 'refuse' && reason.trim() === '') {
      setProblem('A refusal needs its reason.')
      return
    }
    setSigning(true)
    const said = await ask((client) =>
      client.runs.approve({
        run: scene.run.id,
        gate: props.gate,
        role: props.role,
        answer,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        key:
          choice === 'file'
            ? {
                kind: 'file',
                name: file.name.trim(),
                path: file.path.trim(),
                ...(file.passphrase === '' ? {} : { passphrase: file.passphrase }),
              }
            : { kind: choice },
      }),
    )
    setSigning(false)
    if (isRefusal(said)) setProblem(said.message)
    else props.onClose()
  }

  return (
    <form
      className={styles.approve}
      onSubmit={(event) => {
        event.preventDefault()
        void sign('approve')
      }}
    >
      <fieldset className={styles.keys} aria-label="Whose key signs">
        {approvers.map((one) => (
          <label key={one.source}>
            <input type="radio" name="key" checked={choice === one.source} onChange={() => setChoice(one.source)} />
            <span>
              <b>{one.name}</b>
              {one.source === 'practice'
                ? ', practice approver: good for practice runs only'
                : ', this console’s operator'}
              <span className={styles.mono}>{cutMiddle(one.key, 40)}</span>
            </span>
          </label>
        ))}
        <label>
          <input type="radio" name="key" checked={choice === 'file'} onChange={() => setChoice('file')} />
          <span>
            <b>A key file of the approver</b>
          </span>
        </label>
      </fieldset>
      {choice === 'file' ? (
        <>
          <TextField label="Approver’s name" value={file.name} onChange={(name) => setFile({ ...file, name })} />
          <TextField
            label="Path of their private key file"
            isMono
            value={file.path}
            onChange={(path) => setFile({ ...file, path })}
          />
          <TextField
            label="Its passphrase, if it has one"
            type="password"
            value={file.passphrase}
            onChange={(passphrase) => setFile({ ...file, passphrase })}
          />
        </>
      ) : null}
      <TextArea label="Reason, required to refuse" value={reason} onChange={setReason} />
      <Problem message={problem} />
      <DialogActs>
        <Button onClick={props.onClose}>Cancel</Button>
        <Button look="quiet" onClick={() => void sign('withdraw')} isOff={isSigning}>
          Withdraw
        </Button>
        <Button look="danger" onClick={() => void sign('refuse')} isOff={isSigning}>
          Sign and refuse
        </Button>
        <Button look="ink" type="submit" isOff={isSigning}>
          {isSigning ? 'Signing' : 'Sign and approve'}
        </Button>
      </DialogActs>
    </form>
  )
}
