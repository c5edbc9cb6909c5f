/** Another console drives this run: taking over fences it off, on the hosts too. */
import { useState } from 'react'
import { cellsOf } from '../../../../shared/run/lookup.ts'
import { byStep, onHosts } from '../../../parts/cell-words.ts'
import { Facts } from '../../../parts/dialog.tsx'
import { TextArea } from '../../../parts/field.tsx'
import { shortOrigin } from '../../../parts/origin-words.ts'
import { useConsole } from '../../../store/console.ts'
import type { RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import styles from './acts.module.css'

const NAMED = 4

/** What runs on hosts now, and goes on to its end whoever drives. */
function goesOn({ run, words }: RunScene): string {
  const open = run.order.flatMap((step) => cellsOf(run, step)).filter((cell) => cell.open !== null)
  const steps = byStep(open)
  if (steps.length === 0) return 'nothing: no step runs now'
  const named = steps.slice(0, NAMED).map(({ step, hosts }) => onHosts(words, step, hosts))
  return `${named.join('; ')}${steps.length > NAMED ? ` and ${steps.length - NAMED} more` : ''}`
}

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
        From then on this console drives the run, and hosts refuse the other one. Make sure that nobody acts from the
        other console meanwhile.
      </p>
      <Facts
        rows={[
          { term: 'Driven by', value: shortOrigin(run.epoch.origin), isMono: true },
          { term: 'Goes on', value: goesOn(props.scene) },
        ]}
      />
      <TextArea label="Reason, required" value={reason} onChange={setReason} />
    </ActForm>
  )
}
