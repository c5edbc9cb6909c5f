/** A note, signed, about the run or the chosen step. */
import { useState } from 'react'
import { cellTitle } from '../../../parts/cell-words.ts'
import { TextArea } from '../../../parts/field.tsx'
import type { RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import { Choices } from './choices.tsx'

export function NoteDialog(props: { readonly scene: RunScene; readonly onClose: () => void }) {
  const { chosen, words } = props.scene
  const [about, setAbout] = useState<'run' | 'chosen'>(chosen === null ? 'run' : 'chosen')
  const [note, setNote] = useState('')
  const subject =
    about === 'run' || chosen === null ? 'run' : `${chosen.step}${chosen.target === null ? '' : `/${chosen.target}`}`
  return (
    <ActForm
      scene={props.scene}
      title="Note"
      act={note.trim() === '' ? null : { do: 'note', subject, note: note.trim() }}
      missing={note.trim() === '' ? 'Write the note first.' : null}
      sign="Sign the note"
      onClose={props.onClose}
    >
      {chosen === null ? null : (
        <Choices
          label="About"
          value={about}
          options={[
            { value: 'chosen', title: cellTitle(words, chosen.step, chosen.target) },
            { value: 'run', title: 'The whole run' },
          ]}
          onChange={setAbout}
        />
      )}
      <TextArea label="Note" rows={4} value={note} onChange={setNote} />
    </ActForm>
  )
}
