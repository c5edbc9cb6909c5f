/** The last question before something is undone or given up: shows the plan, asks for the scope in letters, then signs. */
import { useState } from 'react'
import { isRefusal } from '../../../../shared/model/commands.ts'
import type { Option } from '../../../../shared/run/question.ts'
import { scopeToType, signLabel } from '../../../parts/answer-words.ts'
import { BackoutPreview } from '../../../parts/backout-list.tsx'
import { Button } from '../../../parts/button.tsx'
import { Dialog, DialogActs, Facts } from '../../../parts/dialog.tsx'
import { TextField } from '../../../parts/field.tsx'
import { Problem } from '../../../parts/notice.tsx'
import type { RunScene } from '../scene.ts'
import styles from './decision.module.css'
import { EffectList } from './effect-list.tsx'
import { useEffectOf } from './use-effects.ts'

export function ConfirmDialog(props: {
  readonly scene: RunScene
  readonly option: Option
  readonly title: string
  readonly reason: string
  readonly onClose: () => void
  readonly onSign: () => void
}) {
  const { scene, option } = props
  const [typed, setTyped] = useState('')
  const effect = useEffectOf(scene, option.command)
  if (effect === null) return null
  const refused = isRefusal(effect)
  const scope = scopeToType(option, effect, scene.words)
  const isRight = typed.trim().toLowerCase() === scope.toLowerCase()
  const sign = (): void => {
    if (isRight && !refused) props.onSign()
  }
  return (
    <Dialog title={`${props.title}?`} isOpen onClose={props.onClose} width={520}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          sign()
        }}
        className={styles.confirm}
      >
        {option.command.do === 'backOut' ? (
          <div className={styles.plan}>
            <BackoutPreview run={scene.run} words={scene.words} scope={option.command.scope} />
          </div>
        ) : null}
        {refused ? <Problem message={effect.message} /> : <EffectList effect={effect} words={scene.words} most={8} />}
        <Facts rows={[{ term: 'Reason', value: props.reason === '' ? 'none' : props.reason }]} />
        <TextField
          label={
            <>
              Type <b>{scope}</b>
            </>
          }
          value={typed}
          onChange={setTyped}
          isMono
          autoFocus
        />
        <DialogActs>
          <Button onClick={props.onClose}>Keep going</Button>
          <Button
            look={isRight && !refused ? 'danger-solid' : 'danger'}
            type="submit"
            isOff={!isRight || refused}
            keys="Enter"
          >
            {signLabel(props.title)}
          </Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
