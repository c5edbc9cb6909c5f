/** The first start asks for a name and a key, and nothing else. */
import { useEffect, useState } from 'react'
import type { CandidateKey, KeyChoice } from '../../../shared/api/console.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Mark } from '../../parts/mark.tsx'
import { Problem } from '../../parts/notice.tsx'
import { ask } from '../../store/connection.ts'
import { loadRunbooks, setInfo, useConsole } from '../../store/console.ts'
import styles from './first-start.module.css'
import { KeyChoices } from './key-choices.tsx'

export function FirstStart() {
  const info = useConsole((state) => state.info)
  const [name, setName] = useState(info?.suggestedName ?? '')
  const [candidates, setCandidates] = useState<readonly CandidateKey[]>([])
  const [key, setKey] = useState<KeyChoice>({ kind: 'new' })
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  useEffect(() => {
    void ask((client) => client.console.candidateKeys()).then((keys) => {
      if (!isRefusal(keys)) setCandidates(keys)
    })
  }, [])

  // What was said of one choice says nothing of another.
  const choose = (next: KeyChoice): void => {
    setKey(next)
    setProblem(null)
  }
  const begin = async (): Promise<void> => {
    if (name.trim() === '') {
      setProblem('Write the name that your signatures carry.')
      return
    }
    if (key.kind === 'file' && key.path.trim() === '') {
      setProblem('Write the path of your private key file.')
      return
    }
    setSending(true)
    const answer = await ask((client) => client.console.setup({ name: name.trim(), key }))
    setSending(false)
    if (isRefusal(answer)) {
      setProblem(answer.message)
      return
    }
    setInfo(answer)
    void loadRunbooks()
  }

  return (
    <main className={styles.page}>
      <title>First start · Holdpoint</title>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void begin()
        }}
      >
        <header>
          <Mark size={28} />
          <div>
            <h1>Holdpoint</h1>
            <p>What you do here is signed with your key and written to a log that others can check.</p>
          </div>
        </header>
        <TextField
          label="Your name, as signatures show it"
          value={name}
          onChange={setName}
          autoFocus
          autoComplete="name"
        />
        <KeyChoices value={key} candidates={candidates} onChange={choose} />
        <Problem message={problem} />
        <footer>
          <p>{info === null ? '' : `The log is kept in ${info.dataDir}.`} Nothing leaves this machine.</p>
          <Button look="ink" size="large" type="submit" isOff={isSending} keys="Enter">
            {isSending ? 'Beginning the log' : 'Begin'}
          </Button>
        </footer>
      </form>
    </main>
  )
}
