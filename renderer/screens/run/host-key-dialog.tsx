/**
 * A host shows a key that is not known, another than before, or a revoked one. Refusing has the focus; a changed key is
 * typed to be taken; a revoked one cannot be.
 */
import { useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActs, Facts } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Glyph } from '../../parts/glyph.tsx'
import { Problem } from '../../parts/notice.tsx'
import { ask } from '../../store/connection.ts'
import type { HostKeyQuestion } from '../../store/runs.ts'
import { hostKeyWords } from './host-key-words.ts'
import type { RunScene } from './scene.ts'
import styles from './host-key-dialog.module.css'

export function HostKeyDialog(props: { readonly scene: RunScene; readonly waiting: readonly HostKeyQuestion[] }) {
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set())
  const { waiting } = props
  const still = new Set(waiting.map(nameOf))
  // What has gone from the list may be asked again, and is then a new question.
  if ([...answered].some((one) => !still.has(one))) setAnswered(new Set([...answered].filter((one) => still.has(one))))
  const first = waiting.find((one) => !answered.has(nameOf(one)))
  if (first === undefined) return null
  const key = nameOf(first)
  return (
    <OneKey
      key={key}
      run={props.scene.run.id}
      asked={first}
      onAnswered={() => setAnswered(new Set([...answered, key]))}
    />
  )
}

function nameOf(asked: HostKeyQuestion): string {
  return `${asked.host} ${asked.offered.fingerprint}`
}

/** Each begins at the same place, so that two are compared by running down them. */
function Fingerprint(props: { readonly of: string; readonly note: string; readonly isBad?: boolean }) {
  return (
    <>
      <code className={props.isBad === true ? styles.bad : undefined}>{props.of}</code>
      <span className={styles.note}>{props.note}</span>
    </>
  )
}

function OneKey(props: { readonly run: string; readonly asked: HostKeyQuestion; readonly onAnswered: () => void }) {
  const { host, isChanged, isRevoked, offered, known } = props.asked
  const { title, about, whatToDo } = hostKeyWords(props.asked)
  const isBad = isChanged || isRevoked
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const last = offered.fingerprint.slice(-4)
  const mayAccept = !isChanged || typed === last
  const answer = async (accept: boolean): Promise<void> => {
    const said = await ask((client) =>
      client.runs.hostKey({ run: props.run, host, fingerprint: offered.fingerprint, accept }),
    )
    if (isRefusal(said)) setProblem(said.message)
    else props.onAnswered()
  }
  return (
    <Dialog
      title={title}
      glyph={<Glyph state={isBad ? 'failed' : 'warned'} />}
      isOpen
      onClose={() => void answer(false)}
    >
      <p className={styles.text}>{about}</p>
      <Facts
        rows={[
          ...known.map((one) => ({
            term: isRevoked ? 'Revoked' : 'Known',
            value: <Fingerprint of={one.fingerprint} note={`${one.type}, ${one.source}`} />,
          })),
          {
            term: 'Offered',
            value: <Fingerprint of={offered.fingerprint} note={offered.type} isBad={isBad} />,
          },
          { term: 'Held', value: `what is due on ${host}; other hosts go on` },
        ]}
      />
      {whatToDo === null ? null : <p className={styles.place}>{whatToDo}</p>}
      {isChanged ? (
        <TextField
          label="To accept, type the last four of the offered key"
          value={typed}
          onChange={setTyped}
          isMono
          width={96}
        />
      ) : null}
      <Problem message={problem} />
      <DialogActs>
        {isRevoked ? null : (
          <Button isOff={!mayAccept} onClick={() => void answer(true)}>
            Accept and write it to the log
          </Button>
        )}
        <Button look="ink" isFirst onClick={() => void answer(false)}>
          {isRevoked ? 'Keep held' : 'Refuse, keep held'}
        </Button>
      </DialogActs>
    </Dialog>
  )
}
