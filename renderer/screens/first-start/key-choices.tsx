/** Which key signs: a new one, one that the person has as a file, or one that an agent holds. */
import type { CandidateKey, KeyChoice } from '../../../shared/api/console.ts'
import { TextField } from '../../parts/field.tsx'
import styles from './first-start.module.css'

type Props = {
  readonly value: KeyChoice
  readonly candidates: readonly CandidateKey[]
  readonly onChange: (key: KeyChoice) => void
}

export function KeyChoices(props: Props) {
  const { value, candidates, onChange } = props
  const isListed = value.kind === 'file' && candidates.some((one) => one.source === 'file' && one.path === value.path)
  const chosen = candidates.find((one) => isChosen(one, value))
  const isOther = value.kind === 'file' && !isListed
  return (
    <fieldset className={styles.keys}>
      <legend>Your key</legend>
      <Choice
        title="Make a new key"
        text="An Ed25519 key in OpenSSH’s format, kept in the data folder."
        isOn={value.kind === 'new'}
        onChoose={() => onChange({ kind: 'new' })}
      />
      {candidates.map((one) => (
        <Choice
          key={`${one.source} ${one.path} ${one.key}`}
          title={one.source === 'agent' ? `From ssh-agent: ${one.comment || one.type}` : one.path}
          text={`${one.type}${one.needsPassphrase ? ', has a passphrase' : ''}`}
          fingerprint={one.key}
          isOn={isChosen(one, value)}
          onChoose={() =>
            onChange(one.source === 'agent' ? { kind: 'agent', key: one.key } : { kind: 'file', path: one.path })
          }
        />
      ))}
      <Choice
        title="Another key file"
        text="The private key of an SSH key pair that you own."
        isOn={isOther}
        onChoose={() => onChange({ kind: 'file', path: '' })}
      />
      {isOther ? (
        <TextField
          label="Path of the private key file"
          isMono
          value={value.kind === 'file' ? value.path : ''}
          onChange={(path) => onChange({ ...value, kind: 'file', path })}
        />
      ) : null}
      {value.kind === 'new' || (value.kind === 'file' && (isOther || chosen?.needsPassphrase === true)) ? (
        <TextField
          label={
            value.kind === 'new'
              ? 'Passphrase for the new key, if you want one'
              : chosen?.needsPassphrase === true
                ? 'Passphrase of the chosen key'
                : 'Passphrase of that file, if it has one'
          }
          type="password"
          value={value.passphrase ?? ''}
          onChange={(passphrase) => onChange(withPassphrase(value, passphrase))}
        />
      ) : null}
    </fieldset>
  )
}

function isChosen(candidate: CandidateKey, value: KeyChoice): boolean {
  if (value.kind === 'agent') return candidate.source === 'agent' && candidate.key === value.key
  return value.kind === 'file' && candidate.source === 'file' && candidate.path === value.path
}

function withPassphrase(value: Exclude<KeyChoice, { kind: 'agent' }>, passphrase: string): KeyChoice {
  const { passphrase: _old, ...rest } = value
  return passphrase === '' ? rest : { ...rest, passphrase }
}

function Choice(props: {
  readonly title: string
  readonly text: string
  readonly fingerprint?: string
  readonly isOn: boolean
  readonly onChoose: () => void
}) {
  return (
    <label className={styles.choice}>
      <input type="radio" name="key" checked={props.isOn} onChange={props.onChoose} />
      <span>
        <b>{props.title}</b>
        <span>{props.text}</span>
        {props.fingerprint === undefined ? null : <code>{props.fingerprint}</code>}
      </span>
    </label>
  )
}
