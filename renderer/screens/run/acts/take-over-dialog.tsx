/** Another console drives this run: taking over fences it off, on the hosts too. */
import { useState } from 'react'
import { TextArea } from '../../../parts/field.tsx'
import { useConsole } from '../../../store/console.ts'
import type { RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import styles from './acts.module.css'

export function TakeOverDialog(props: { readonly scene: RunScene; readonly onClose: () => void }) {
  const { run } = props.scene
  const origin = useConsole((state) => state.info?.origin ?? null)
  const [reason, setReason] = useState('')
  const epoch = origin === null ? null : { number: run.epoch.number + 1, origin }
  return (
    <ActForm
      scene={props.scene}
      title="Take this run over"
      act={epoch === null ? null : { do: 'takeOver', epoch, reason: reason.trim() }}
      missing={reason.trim() === '' ? 'Write the reason first.' : null}
      sign="Sign and take over"
      isDanger
      harmless="Leave it there"
      onClose={props.onClose}
    >
      <p className={styles.text}>
        From then on this console drives it, and hosts refuse the other one. What runs now goes on to its end; make sure
        that nobody acts from the other console meanwhile.
      </p>
      <TextArea label="Reason, required" value={reason} onChange={setReason} />
    </ActForm>
  )
}
