/** Hold: nothing new starts. Resume: it may again. */
import { useState } from 'react'
import { TextArea } from '../../../parts/field.tsx'
import type { Act, RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import styles from './acts.module.css'

export function HoldDialog(props: {
  readonly scene: RunScene
  readonly isResume: boolean
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const text = reason.trim()
  const act: Act = props.isResume
    ? { do: 'resume', ...(text === '' ? {} : { reason: text }) }
    : { do: 'hold', reason: text }
  return (
    <ActForm
      scene={props.scene}
      title={props.isResume ? 'Resume the run' : 'Hold the run'}
      act={act}
      missing={props.isResume || text !== '' ? null : 'Write the reason first.'}
      sign={props.isResume ? 'Sign and resume' : 'Sign and hold'}
      onClose={props.onClose}
    >
      <p className={styles.text}>
        {props.isResume
          ? 'What is due starts at once.'
          : 'Nothing new starts on any host until the run is resumed. What runs now goes on to its end.'}
      </p>
      <TextArea
        label={props.isResume ? 'Reason, if there is one' : 'Reason, required'}
        value={reason}
        onChange={setReason}
      />
    </ActForm>
  )
}
