/** A material departure from the approved plan, put on record. */
import { useState } from 'react'
import { TextArea, TextField } from '../../../parts/field.tsx'
import type { RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import styles from './acts.module.css'

export function DeviateDialog(props: { readonly scene: RunScene; readonly onClose: () => void }) {
  const [subject, setSubject] = useState(props.scene.chosen?.step ?? '')
  const [reason, setReason] = useState('')
  const isReady = subject.trim() !== '' && reason.trim() !== ''
  return (
    <ActForm
      scene={props.scene}
      title="Record a deviation"
      act={isReady ? { do: 'deviate', subject: subject.trim(), reason: reason.trim() } : null}
      missing={isReady ? null : 'Write what departs from the plan, and why.'}
      sign="Sign the deviation"
      onClose={props.onClose}
    >
      <p className={styles.text}>
        What was done otherwise than approved. It changes no state; it is what a reviewer looks for first.
      </p>
      <TextField label="What departs from the plan" value={subject} onChange={setSubject} autoFocus />
      <TextArea label="Reason, required" value={reason} onChange={setReason} />
    </ActForm>
  )
}
