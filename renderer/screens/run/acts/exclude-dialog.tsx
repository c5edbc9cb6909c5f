/** Leaves a host out of the rest of the run. */
import { useState } from 'react'
import { hostsOf } from '../../../parts/board/rows.ts'
import { SelectField, TextArea } from '../../../parts/field.tsx'
import type { RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import styles from './acts.module.css'

export function ExcludeDialog(props: { readonly scene: RunScene; readonly onClose: () => void }) {
  const { run, chosen } = props.scene
  const hosts = hostsOf(run).filter((host) => !run.excluded.includes(host))
  const [host, setHost] = useState(chosen?.target ?? hosts[0] ?? '')
  const [reason, setReason] = useState('')
  const missing = host === '' ? 'No host is left to exclude.' : reason.trim() === '' ? 'Write the reason first.' : null
  return (
    <ActForm
      scene={props.scene}
      title="Exclude a host"
      act={host === '' ? null : { do: 'exclude', host, reason: reason.trim() }}
      missing={missing}
      sign={`Sign and exclude ${host}`}
      isDanger
      onClose={props.onClose}
    >
      <p className={styles.text}>
        Nothing more runs on it in this run. What ran there stays as it is; it is not undone.
      </p>
      <SelectField
        label="Host"
        value={host}
        onChange={setHost}
        options={hosts.map((one) => ({ value: one, text: one }))}
      />
      <TextArea label="Reason, required" value={reason} onChange={setReason} />
    </ActForm>
  )
}
