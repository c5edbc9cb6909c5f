/** What every act's dialog shares: its fields, what it would do, the scope in letters where that is due, the signature. */
import { type ReactNode, useState } from 'react'
import { isRefusal } from '../../../../shared/model/commands.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog, DialogActs } from '../../../parts/dialog.tsx'
import { TextField } from '../../../parts/field.tsx'
import { Problem } from '../../../parts/notice.tsx'
import { EffectList } from '../decision/effect-list.tsx'
import { useEffectOf } from '../decision/use-effects.ts'
import type { Act, RunScene } from '../scene.ts'
import styles from './acts.module.css'

export function ActForm(props: {
  readonly scene: RunScene
  readonly title: string
  /** null: something still has to be filled in. */
  readonly act: Act | null
  readonly missing: string | null
  readonly sign: string
  readonly isDanger?: boolean
  /** What has to be typed before it is signed; null: nothing. */
  readonly scope?: string | null
  readonly children: ReactNode
  readonly harmless?: string
  readonly onClose: () => void
}) {
  const { scene, act } = props
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSigning, setSigning] = useState(false)
  const effect = useEffectOf(scene, act)
  const refused = effect !== null && isRefusal(effect) ? effect.message : null
  const scope = props.scope ?? null
  const isRight = scope === null || typed.trim().toLowerCase() === scope.toLowerCase()
  const canSign = act !== null && refused === null && props.missing === null && isRight && !isSigning
  const sign = async (): Promise<void> => {
    if (act === null || !canSign) {
      setProblem(refused ?? props.missing ?? (scope === null ? null : `Type ${scope} to go on.`))
      return
    }
    setSigning(true)
    const stood = await scene.send(act)
    setSigning(false)
    if (stood === null) props.onClose()
    else setProblem(stood)
  }
  return (
    <Dialog title={props.title} isOpen onClose={props.onClose} width={520}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void sign()
        }}
      >
        {props.children}
        {effect === null || isRefusal(effect) ? null : <EffectList effect={effect} words={scene.words} most={8} />}
        {scope === null ? null : (
          <TextField
            label={
              <>
                Type <b>{scope}</b>
              </>
            }
            value={typed}
            onChange={setTyped}
            isMono
          />
        )}
        <Problem message={refused ?? problem} />
        <DialogActs>
          <Button onClick={props.onClose}>{props.harmless ?? 'Cancel'}</Button>
          <Button
            type="submit"
            look={props.isDanger === true ? (canSign ? 'danger-solid' : 'danger') : 'ink'}
            isOff={!canSign}
          >
            {isSigning ? 'Signing' : props.sign}
          </Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
