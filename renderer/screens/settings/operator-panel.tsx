/** Who signs here, with which key, and whether it can be used now. */
import { useState } from 'react'
import type { Operator } from '../../../shared/api/console.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Button } from '../../parts/button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Facts } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { State } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { ask } from '../../store/connection.ts'
import { setInfo } from '../../store/console.ts'
import styles from './settings.module.css'

export function OperatorPanel(props: { readonly operator: Operator | null }) {
  const { operator } = props
  return (
    <Panel
      title="Operator"
      note="who signs here"
      aside={
        operator === null ? null : (
          <CopyButton text={operator.key} word="Copy fingerprint" what="fingerprint of the key" />
        )
      }
    >
      <div className={styles.inside}>
        {operator === null ? (
          <p>Nobody signs here: this log is read, not written.</p>
        ) : (
          <>
            <Facts
              termWidth={88}
              rows={[
                { term: 'Name', value: operator.name },
                { term: 'Key', value: operator.key, isMono: true },
                {
                  term: 'Source',
                  value:
                    operator.source === 'agent'
                      ? 'held by ssh-agent; it signs, the key stays there'
                      : 'an OpenSSH private key file on this machine',
                },
                {
                  term: 'State',
                  value: operator.isUnlocked ? (
                    <State state="passed">unlocked until the console ends</State>
                  ) : (
                    <State state="warned">locked: everything can be read, nothing signed</State>
                  ),
                },
              ]}
            />
            {operator.isUnlocked ? null : <Unlock source={operator.source} />}
          </>
        )}
      </div>
    </Panel>
  )
}

function Unlock(props: { readonly source: Operator['source'] }) {
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const unlock = async (): Promise<void> => {
    setSending(true)
    const answer = await ask((client) => client.console.unlock({ passphrase }))
    setSending(false)
    setPassphrase('')
    if (isRefusal(answer)) setProblem(answer.message)
    else setInfo(answer)
  }
  return (
    <form
      className={styles.unlock}
      onSubmit={(event) => {
        event.preventDefault()
        void unlock()
      }}
    >
      {props.source === 'agent' ? null : (
        <TextField
          label="Passphrase"
          type="password"
          value={passphrase}
          onChange={setPassphrase}
          problem={problem}
          hint="It is used once, here, and never written down."
        />
      )}
      <Button look="ink" type="submit" isOff={isSending}>
        {props.source === 'agent' ? 'Ask the agent again' : 'Unlock'}
      </Button>
    </form>
  )
}
