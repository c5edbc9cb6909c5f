/** Plan a run: which kind, with which variables and secrets. Planning starts nothing. */
import { type ReactNode, useState } from 'react'
import type { OpenRunbook } from '../../../shared/api/runbooks.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import type { Mode } from '../../../shared/model/words.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { msOf, showRange } from '../../../shared/text/time.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActs } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Problem } from '../../parts/notice.tsx'
import { ask } from '../../store/connection.ts'
import { go } from '../../store/route.ts'
import styles from './plan-dialog.module.css'

export function PlanDialog(props: {
  readonly book: OpenRunbook
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  return (
    <Dialog
      title={`Plan a run of ${props.book.summary.title}`}
      isOpen={props.isOpen}
      onClose={props.onClose}
      width={560}
    >
      <PlanForm book={props.book} onClose={props.onClose} />
    </Dialog>
  )
}

function PlanForm(props: { readonly book: OpenRunbook; readonly onClose: () => void }) {
  const { book } = props
  const [mode, setMode] = useState<Mode>('rehearsal')
  const [variables, setVariables] = useState<Readonly<Record<string, string>>>({})
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const [isPlanning, setPlanning] = useState(false)
  const plain = book.variables.filter((variable) => variable.type !== 'secret')
  const secret = book.variables.filter((variable) => variable.type === 'secret')

  const plan = async (): Promise<void> => {
    const missing = plain.find((one) => one.default === null && (variables[one.name] ?? '') === '')
    if (missing !== undefined) {
      setProblem(`${missing.name} has no default: write its value.`)
      return
    }
    setPlanning(true)
    const given = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''))
    const answer = await ask((client) =>
      client.runs.plan({ runbook: book.summary.id, mode, variables: { ...variables }, secrets: given }),
    )
    setPlanning(false)
    if (isRefusal(answer)) setProblem(answer.message)
    else {
      props.onClose()
      go({ page: 'run', run: answer.run })
    }
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void plan()
      }}
    >
      <fieldset className={styles.modes} aria-label="Kind of run">
        {modes(book).map((one) => (
          <label key={one.mode} className={styles.mode}>
            <input
              type="radio"
              name="mode"
              value={one.mode}
              checked={mode === one.mode}
              data-autofocus={mode === one.mode || undefined}
              onChange={() => setMode(one.mode)}
            />
            <span>
              <b>{one.title}</b>
              <span>{one.text}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {plain.map((variable) => (
        <TextField
          key={variable.name}
          label={
            <>
              <b>{variable.name}</b>, {variable.type}
              {variable.description === null ? '' : `: ${variable.description}`}
            </>
          }
          value={variables[variable.name] ?? variable.default ?? ''}
          onChange={(value) => setVariables({ ...variables, [variable.name]: value })}
          isMono
        />
      ))}
      {secret.map((variable) => (
        <TextField
          key={variable.name}
          label={
            <>
              <b>{variable.name}</b>, secret
              {variable.description === null ? '' : `: ${variable.description}`}
            </>
          }
          type="password"
          value={secrets[variable.name] ?? ''}
          onChange={(value) => setSecrets({ ...secrets, [variable.name]: value })}
          hint="Kept in memory until the console ends, never written down. Left empty, it is asked for when it is needed."
        />
      ))}
      <p className={styles.note}>
        The hosts, variables and scripts are frozen as they are now and written to the log. Nothing starts until you
        start it.
      </p>
      <Problem message={problem} />
      <DialogActs>
        <Button onClick={props.onClose}>Cancel</Button>
        <Button look="ink" type="submit" isOff={isPlanning}>
          {isPlanning ? 'Writing the plan to the log' : `Plan the ${mode === 'live' ? 'live run' : mode}`}
        </Button>
      </DialogActs>
    </form>
  )
}

function modes(
  book: OpenRunbook,
): readonly { readonly mode: Mode; readonly title: string; readonly text: ReactNode }[] {
  const practice = book.hosts.some((host) => host.isPractice)
  const hosts = `${showNumberOf(book.hosts.length, practice ? 'practice host' : 'host')}`
  const { window } = book.summary
  return [
    { mode: 'walkthrough', title: 'Walkthrough', text: 'Steps are gone through in order; no host is touched.' },
    {
      mode: 'rehearsal',
      title: 'Rehearsal',
      text: `Runs on ${hosts}, marked as a rehearsal everywhere. The window opens when it starts.`,
    },
    {
      mode: 'live',
      title: 'Live',
      text: `Runs on ${hosts}${
        window === null || practice
          ? '.'
          : ` in the window ${showRange(msOf(window.start), msOf(window.end), window.zone)}.`
      }${practice ? ' The window opens when it starts.' : ''}`,
    },
  ]
}
